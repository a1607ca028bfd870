import { tool } from "./tools.ts";

/** Runs once before the end-to-end tests, so that no test waits for a compiler and runs into its time limit. */
export default async function buildEngine(): Promise<void> {
  await tool("pulumi");
}
