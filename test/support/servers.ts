import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

export { freePort } from "../../cli/local/program.ts";

/** A program that serves on the loopback interface until it is stopped. */
export interface Server {
  /** Such as `http://127.0.0.1:34567`. */
  readonly url: string;
  readonly stop: () => Promise<void>;
  /** The end of what it wrote on standard error. */
  readonly log: () => string;
}

/**
 * Starts a program and waits until it answers at `ready`. Rejects with what it wrote on standard error when it ends before, or
 * does not answer within half a minute.
 */
export async function serve(
  program: string,
  args: readonly string[],
  { port, ready, cwd }: { readonly port: number; readonly ready: string; readonly cwd?: string },
): Promise<Server> {
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(program, args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-4000);
  });
  const stop = async () => {
    child.kill();
    await ended;
  };
  try {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
      return (await fetch(`${url}${ready}`).catch(() => undefined))?.ok === true;
    });
  } catch (error) {
    await stop();
    throw new Error(`${program} does not serve ${ready}: ${String(error)}\n${log}`);
  }
  return { url, stop, log: () => log };
}

/** Waits until something holds, and rejects when it does not within the given number of seconds. */
export async function until(holds: () => Promise<boolean>, seconds = 30): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (await holds()) return;
    await sleep(100);
  }
  throw new Error(`what was waited for did not come about within ${seconds} seconds`);
}
