import { type ChildProcess, spawn } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../support/process.ts";
import { until } from "../../support/servers.ts";
import { tool } from "../../support/tools.ts";

// The command as people run it, with the real Prometheus and Alertmanager.

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

export interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  /** Seconds from the command to its page. */
  readonly after: number;
  readonly printed: () => string;
  readonly ended: Promise<number | null>;
}

/** The variable PATH with Prometheus and Alertmanager of the deployed versions in front. */
export async function labPath(): Promise<string> {
  const programs = await Promise.all([tool("prometheus"), tool("alertmanager")]);
  return [...programs.map(dirname), process.env["PATH"]].join(delimiter);
}

/** Starts a lab whose files are in `temporary`. */
export async function startedLab(
  { path, temporary }: { readonly path: string; readonly temporary: string },
  ...args: readonly string[]
): Promise<Started> {
  const began = Date.now();
  const child = spawn(process.execPath, ["cli/bellwether.js", "lab", ...args], {
    cwd: ROOT,
    env: { ...process.env, PATH: path, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  await until(async () => {
    if (child.exitCode !== null) throw new Error(text);
    return / at http:\S+/.test(text);
  }, 120);
  const url = / at (http:\S+)/.exec(text)?.[1] ?? "";
  return { child, url, after: (Date.now() - began) / 1000, printed: () => text, ended };
}

/** The processes that a process started, by their command lines. */
export async function childrenOf(pid: number | undefined): Promise<readonly string[]> {
  const { stdout } = await run("ps", ["-A", "-o", "ppid=,args="]);
  return stdout
    .split("\n")
    .filter((line) => line.trim().startsWith(`${pid} `))
    .filter((line) => /(?:prometheus|alertmanager) --config\.file/.test(line));
}

/** What a process and those that it started have in memory, in MiB. */
export async function memoryOf(pid: number | undefined): Promise<number> {
  const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid=,rss="]);
  return stdout
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([own, parent]) => own === pid || parent === pid)
    .reduce((sum, [, , kibibytes = 0]) => sum + kibibytes / 1024, 0);
}
