import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { ROOT } from "../../e2e/project.ts";

/** How a command ended; the code is null where a signal ended it. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** What is done to a command while it runs. */
interface Interruption {
  /** After so many lines about steps that change something. */
  readonly at: number;
  /** As by a power cut, or by Ctrl-C. */
  readonly by: "SIGKILL" | "SIGINT";
}

/** Runs `bellwether` as a process. */
export async function bellwetherProcess(
  args: readonly string[],
  kubeconfig: string,
  interruption?: Interruption,
): Promise<Ended> {
  const child = spawn(process.execPath, ["cli/bellwether.js", ...args], {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: "1", KUBECONFIG: kubeconfig },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let error = "";
  let steps = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    error += `${line}\n`;
    if (/^ *[\d.]+ s +(?!wait: )/.test(line) && ++steps === interruption?.at) child.kill(interruption.by);
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out, error };
}
