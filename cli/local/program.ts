import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, isAbsolute, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

// Programs of others on this machine, on its loopback interface, as long as this process.

/** The path of a program on PATH. */
export function programOnPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return (env["PATH"] ?? "")
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, name))
    .find(existsSync);
}

/** A TCP port of the loopback interface that nothing listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** A program that runs. */
export interface RunningProgram {
  readonly pid: number | undefined;
  /** Ends it and waits until it has ended. */
  readonly stop: () => Promise<void>;
}

const READY_TRIES = 1200;

/**
 * Starts a program and waits until `ready`, a URL, answers with success: for two minutes at most. Rejects with the end of what it wrote on
 * standard error where it ends before. It ends with this process at the latest.
 */
export async function startProgram(
  program: string,
  args: readonly string[],
  ready: string,
): Promise<RunningProgram> {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-2000);
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const endWithUs = () => void child.kill("SIGKILL");
  process.once("exit", endWithUs);
  const stop = async () => {
    process.off("exit", endWithUs);
    child.kill();
    await ended;
  };
  for (let tries = 0; (await fetch(ready).catch(() => undefined))?.ok !== true; tries++) {
    if (child.exitCode === null && tries < READY_TRIES) {
      await sleep(100);
      continue;
    }
    await stop();
    throw new Error(`${program} does not start: ${log.trim()}`);
  }
  return { pid: child.pid, stop };
}
