import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { memoize } from "../components/core/memoize.ts";
import { STACKS_FOLDER, stackNames } from "./names.ts";

/**
 * The blocks of each environment's VPC, by environment, as the files of the stacks say it. A file that cannot be read says nothing here:
 * its own mistakes are reported where it is resolved.
 */
export function networkBlocks(folder = STACKS_FOLDER): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    stackNames(folder).flatMap((stack) => {
      const blocks = blocksIn(textOf(join(folder, `Pulumi.${stack}.yaml`)));
      return blocks.length === 0 ? [] : [[stack, blocks]];
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
const blocksIn = memoize((text: string): readonly string[] => {
  try {
    const file = parse(text) as {
      readonly config?: { readonly "bellwether:environment"?: { readonly network?: WrittenNetwork } };
    };
    const { cidr, podBlocks } = file.config?.["bellwether:environment"]?.network ?? {};
    return [cidr, ...(Array.isArray(podBlocks) ? podBlocks : [])].filter(
      (block) => typeof block === "string",
    );
  } catch {
    return [];
  }
});

interface WrittenNetwork {
  readonly cidr?: unknown;
  readonly podBlocks?: unknown;
}
