import { tool } from "../tools.ts";
import { buildControlPlane } from "./control-plane.ts";

/** Runs once before the tests on a control plane, so that no test waits for a compiler and runs into its time limit. */
export default async function build(): Promise<void> {
  await buildControlPlane();
  for (const name of ["prometheus", "promtool", "history", "alertmanager", "amtool"] as const)
    await tool(name);
}
