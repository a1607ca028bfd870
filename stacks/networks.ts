import { STACKS_FOLDER } from "./names.ts";
import { writtenEnvironments } from "./written.ts";

/** The blocks of each environment's VPC, by environment, as the files of the stacks say it. */
export function networkBlocks(folder = STACKS_FOLDER): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    writtenEnvironments(folder).flatMap(([stack, { network }]) => {
      const { cidr, podBlocks } = network ?? {};
      const blocks = [cidr, ...(Array.isArray(podBlocks) ? podBlocks : [])].filter(
        (block) => typeof block === "string",
      );
      return blocks.length === 0 ? [] : [[stack, blocks]];
    }),
  );
}
