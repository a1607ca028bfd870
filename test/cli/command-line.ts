import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

/** What a command printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs the command line as `npm run` does, in a process of its own. */
export function bellwether(...args: readonly string[]): Ended {
  return bellwetherIn(REPOSITORY, ...args);
}

/** The same in a copy of the repository. */
export function bellwetherIn(folder: string, ...args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["cli/bellwether.js", ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { code: status, out: stdout, error: stderr };
}

/** How a line of a stack trace looks: no mistake of a user's may show one. */
export const STACK_TRACE = /\n\s+at .+:\d+/;
