import { tool } from "./tools.ts";

/** Runs once before the tests of long-term storage, so that no test waits for a compiler and runs into its time limit. */
export default async function buildStores(): Promise<void> {
  for (const name of ["prometheus", "history", "cortex", "thanos", "pusher"] as const) await tool(name);
}
