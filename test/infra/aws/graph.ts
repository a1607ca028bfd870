import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { RecordedResource } from "../../../cli/recording/monitor.ts";
import { record } from "../../../cli/recording/recorder.ts";
import { deployWith } from "../../../infra/deploy.ts";
import { STACKS_FOLDER } from "../../../stacks/names.ts";
import { requiredSecrets, resolveEnvironment } from "../../../stacks/resolve.ts";
import { services } from "../../../stacks/services/index.ts";
import { withDefaults } from "../../../stacks/tiers.ts";
import { TODAY } from "../../support/run-previews.ts";

/** What the engine's protocol has in place of a value that is known only after `up`. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is known only after `up`. */
export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** A resource as it is registered, as far as the check reads it. */
export interface GraphResource
  extends Pick<
    RecordedResource,
    "urn" | "type" | "name" | "provider" | "propertyDependencies" | "dependsOn"
  > {
  // biome-ignore lint/suspicious/noExplicitAny: the inputs of forty resource types, of which each rule reads a few
  readonly inputs: any;
}

/** What a stack's file says, with changes laid over it; a field that is changed to null is left out. */
function environmentFile(stack: string, changes: object = {}, folder = STACKS_FOLDER): unknown {
  const text = readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8");
  const { config } = parse(text) as { readonly config: Readonly<Record<string, unknown>> };
  return withoutNulls(withDefaults(config["bellwether:environment"], changes));
}

/** All resources of a stack, as `pulumi up` registers them; with changes, of the environment that the file would then be. */
export async function graphOf(
  stack: string,
  changes: object = {},
  folder = STACKS_FOLDER,
): Promise<readonly RecordedResource[]> {
  const environment = environmentFile(stack, changes, folder);
  const context = { stack, today: TODAY, environments: ["dev", "local", "prod", "staging", stack], services };
  const resolved = resolveEnvironment(environment, context);
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems, null, 2));
  const secrets = requiredSecrets(resolved.value).map(({ name }) => `bellwether:${name}`);
  const { resources } = await record(
    () => deployWith(services),
    {
      project: "bellwether",
      stack,
      config: {
        "bellwether:environment": JSON.stringify(environment),
        ...Object.fromEntries(secrets.map((key) => [key, "a-placeholder"])),
      },
      secretKeys: secrets,
    },
    { today: TODAY },
  );
  return resources;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value) || value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNulls(item)]),
  );
}
