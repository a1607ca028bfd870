import { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { runCommandLine } from "../../cli/command-line/run.ts";
import type { Place, Subcommand } from "../../cli/command-line/subcommand.ts";
import { COMMANDS } from "../../cli/commands/index.ts";
import type { Ended } from "./command-line.ts";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

/** Where a command line runs in a test. Default: the repository, without variables and without a terminal. */
export interface Where {
  readonly place?: Place;
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly commands?: readonly Subcommand[];
}

/** Runs a command line in this process. */
export async function runHere(args: readonly string[], where: Where = {}): Promise<Ended> {
  const { place = "repository", folder = REPOSITORY, env = {}, commands = COMMANDS } = where;
  const [stdout, stderr] = [sink(), sink()];
  const stdin = Readable.from([]) as unknown as NodeJS.ReadStream;
  const code = await runCommandLine(commands, args, {
    place,
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    env,
    folder,
  });
  return { code, out: stdout.text(), error: stderr.text() };
}

function sink(): { readonly stream: Writable; readonly text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer | string, _, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  return { stream, text: () => chunks.join("") };
}
