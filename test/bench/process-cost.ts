import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What a script used, and what it printed. */
export interface ProcessCost {
  /** Seconds of user and system time, of the process and of all that it waited for. */
  readonly cpu: number;
  /** Seconds. */
  readonly wall: number;
  readonly stdout: string;
}

/** Runs `node <script> …`, a script in TypeScript by tsx. */
export function costOf(...args: readonly string[]): ProcessCost {
  const loader = args[0]?.endsWith(".ts") ? ["--import", "tsx"] : [];
  return costIn(ROOT, [process.execPath, ...loader, ...args].map((word) => `'${word}'`).join(" "));
}

/** Runs a command in a folder, under a shell, whose `times` knows what its children and theirs have used. */
export function costIn(folder: string, command: string): ProcessCost {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync("bash", ["-c", `${command}; code=$?; times; exit $code`], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}:\n${stderr}`);
  const children = stdout.trim().split("\n").at(-1) ?? "";
  const cpu = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
  return { cpu, wall: (performance.now() - started) / 1000, stdout };
}
