import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { STACKS_FOLDER, stackNames } from "./names.ts";

/**
 * The block of each environment's VPC, by environment, as the files of the stacks say it. A file that cannot be read says nothing here:
 * its own mistakes are reported where it is resolved.
 */
export function networkBlocks(folder = STACKS_FOLDER): Readonly<Record<string, string>> {
  return Object.fromEntries(
    stackNames(folder).flatMap((stack) => {
      const block = blockIn(join(folder, `Pulumi.${stack}.yaml`));
      return block === undefined ? [] : [[stack, block]];
    }),
  );
}

function blockIn(path: string): string | undefined {
  try {
    const file = parse(readFileSync(path, "utf8")) as {
      readonly config?: {
        readonly "bellwether:environment"?: { readonly network?: { readonly cidr?: unknown } };
      };
    };
    const cidr = file.config?.["bellwether:environment"]?.network?.cidr;
    return typeof cidr === "string" ? cidr : undefined;
  } catch {
    return undefined;
  }
}
