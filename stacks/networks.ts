import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { memoize } from "../components/core/memoize.ts";
import { STACKS_FOLDER, stackNames } from "./names.ts";

/**
 * The block of each environment's VPC, by environment, as the files of the stacks say it. A file that cannot be read says nothing here:
 * its own mistakes are reported where it is resolved.
 */
export function networkBlocks(folder = STACKS_FOLDER): Readonly<Record<string, string>> {
  return Object.fromEntries(
    stackNames(folder).flatMap((stack) => {
      const block = blockIn(textOf(join(folder, `Pulumi.${stack}.yaml`)));
      return block === undefined ? [] : [[stack, block]];
    }),
  );
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** By the text of a file, which each environment of a preview asks for again. */
const blockIn = memoize((text: string): string | undefined => {
  try {
    const file = parse(text) as {
      readonly config?: {
        readonly "bellwether:environment"?: { readonly network?: { readonly cidr?: unknown } };
      };
    };
    const cidr = file.config?.["bellwether:environment"]?.network?.cidr;
    return typeof cidr === "string" ? cidr : undefined;
  } catch {
    return undefined;
  }
});
