import type { RecordedResource } from "../recording/monitor.ts";

/** What is audited: resources of a stack's state, or objects of a cluster. */
export interface Audited {
  /** Continues "audit of". */
  readonly name: string;
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly RecordedResource[];
  /** Policies that judge what this source does not say, each with the reason. */
  readonly notAsked: Readonly<Record<string, string>>;
  /** What could not be read, and what follows from that. */
  readonly notices: readonly string[];
}

/** A resource of which nothing but its type, name and inputs is known. */
export function plainResource(
  given: Pick<RecordedResource, "urn" | "type" | "name" | "inputs">,
): RecordedResource {
  return {
    ...given,
    custom: true,
    parent: undefined,
    dependsOn: [],
    propertyDependencies: {},
    protect: false,
    retainOnDelete: false,
    provider: undefined,
    aliases: [],
    ignoreChanges: [],
    deleteBeforeReplace: undefined,
    outputs: {},
  };
}
