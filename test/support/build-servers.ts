import { tool } from "./tools.ts";

/** Runs once before the tests of the parts, so that no test waits for a compiler and runs into its time limit. */
export default async function buildServers(): Promise<void> {
  for (const name of [
    "promtool",
    "prometheus",
    "history",
    "amtool",
    "alertmanager",
    "node_exporter",
    "prometheus-config-reloader",
    "sloth",
    "actionlint",
  ] as const)
    await tool(name);
}
