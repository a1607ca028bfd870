import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Finished {
  /** The exit code; 1 when a signal ended the process. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment; by default this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the process is killed; by default never. */
  readonly timeout?: number;
  /** What the process reads on standard input; by default nothing. */
  readonly input?: string;
}

/** Runs a program to its end. Its failure is a code to look at, not an exception; only a program that cannot start is. */
export function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const { input = "", ...rest } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...rest, killSignal: "SIGKILL", stdio: ["pipe", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    // A program may end without reading its input; that is its own affair.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

/** Runs a program to its end and hands on each line of its two outputs as it comes. */
export function stream(
  file: string,
  args: readonly string[],
  options: Omit<RunOptions, "input">,
  onLine: (line: string) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    createInterface({ input: child.stdout }).on("line", onLine);
    createInterface({ input: child.stderr }).on("line", onLine);
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
