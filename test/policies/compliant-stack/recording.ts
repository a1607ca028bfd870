import type { RecordedResource, Recording } from "../../../cli/recording/monitor.ts";
import { type FixtureStack, urnOf } from "./fixture.ts";

/** A stack as the preview records it, for the policy pack's server. */
export function recordingOf(stack: FixtureStack): Recording {
  const resources = Object.entries(stack).map(
    ([name, { type, protect = false, properties, sources = {}, provider }]): RecordedResource => ({
      urn: urnOf(type, name),
      type,
      name,
      custom: true,
      parent: undefined,
      dependsOn: Object.values(sources).flat(),
      propertyDependencies: sources,
      outputs: {},
      protect,
      retainOnDelete: false,
      provider: provider === undefined ? undefined : urnOf(stack[provider]?.type ?? "none", provider),
      aliases: [],
      ignoreChanges: [],
      deleteBeforeReplace: undefined,
      inputs: properties as RecordedResource["inputs"],
    }),
  );
  return { resources, outputs: {} };
}
