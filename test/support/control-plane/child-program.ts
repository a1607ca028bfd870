import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

// Programs that must not outlive the one that started them, however that ends: a test run that is killed leaves nothing behind.

/** A running program. */
export interface ChildProgram {
  readonly name: string;
  readonly running: () => boolean;
  /** The last lines that it wrote. */
  readonly log: () => Promise<string>;
  /** Ends it and waits until it is gone; after ten seconds it is killed. */
  readonly stop: () => Promise<void>;
  /** Ends it as a power cut would, with no chance to say goodbye. */
  readonly kill: () => Promise<void>;
}

export interface ChildProgramOptions {
  /** Where it writes what it says, `NAME.log`. */
  readonly logs: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/**
 * The shell that stands between: it holds one end of a pipe whose other end this process holds. When this process is gone, for
 * whatever reason, the pipe closes, and the guard kills the program. A signal to the group reaches the program itself; the shell
 * waits for its end, so that the shell's own end says that the program is gone.
 */
const LEASH = `
exec 3<&0
trap : TERM INT
"$@" 3<&- </dev/null &
child=$!
(trap - TERM INT; read -r _ <&3; kill -KILL "$child") 2>/dev/null &
guard=$!
exec 3<&-
wait "$child"; code=$?
while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
kill -KILL "$guard" 2>/dev/null
exit "$code"
`;

/** Less than a kubelet's, and more than Alertmanager's ten seconds to leave a mesh that is gone: it writes what it knows after them. */
const PATIENCE = 30_000;

/** Starts a program in its own process group; it ends with this process. */
export function startChild(
  name: string,
  program: string,
  args: readonly string[],
  { logs, env = {}, cwd }: ChildProgramOptions,
): ChildProgram {
  const logFile = `${logs}/${name}.log`;
  const log = openSync(logFile, "a");
  const child = spawn("/bin/sh", ["-c", LEASH, name, program, ...args], {
    cwd,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ["pipe", log, log],
  });
  closeSync(log);
  // The pipe says something by closing alone.
  child.stdin?.on("error", () => {});
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // The program does not keep the test run alive.
  child.unref();
  const running = () => child.exitCode === null && child.signalCode === null;
  const signal = (kind: NodeJS.Signals) => {
    if (running() && child.pid !== undefined) process.kill(-child.pid, kind);
  };

  return {
    name,
    running,
    async log() {
      return (await readFile(logFile, "utf8").catch(() => "")).split("\n").slice(-40).join("\n");
    },
    async stop() {
      signal("SIGTERM");
      await Promise.race([ended, sleep(PATIENCE, undefined, { ref: false })]);
      signal("SIGKILL");
      if (running()) await ended;
    },
    async kill() {
      signal("SIGKILL");
      if (running()) await ended;
    },
  };
}

/** Removes a folder when this process is gone without having done so itself. */
export function sweepAfterwards(folder: string): void {
  const sweeper = spawn("/bin/sh", ["-c", 'read -r _; sleep 1; rm -rf "$1"', "sweeper", folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  sweeper.stdin?.on("error", () => {});
  sweeper.unref();
}
