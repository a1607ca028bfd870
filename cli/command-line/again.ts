import { spawnSync } from "node:child_process";
import { EXIT, type Exit } from "../exit.ts";

/** Runs another command line in a process of its own, in the folder, with the same streams. */
export function again(args: readonly string[], folder: string): Exit {
  const [program = ""] = process.argv.slice(1);
  const command = [...process.execArgv, program, ...args];
  const { status } = spawnSync(process.execPath, command, { cwd: folder, stdio: "inherit" });
  return (status ?? EXIT.defect) as Exit;
}
