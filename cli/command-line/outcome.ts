import { EXIT, type Exit } from "../exit.ts";
import type { Surroundings } from "./subcommand.ts";

/** What a command has to say, and whether it had to leave something out. */
export interface Outcome {
  /** For standard output: TypeScript or YAML and nothing else, so that it can be sent to a file. */
  readonly text: string;
  /** For standard error: what was lost. Empty: nothing. */
  readonly report: string;
}

/** Prints both; exit code 1 where something was lost. */
export function printOutcome({ text, report }: Outcome, { stdout, stderr }: Surroundings): Exit {
  stdout.write(text);
  stderr.write(report);
  return report === "" ? EXIT.fine : EXIT.refused;
}
