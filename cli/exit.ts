import { InvalidInputError } from "../components/core/problems.ts";

/** What a command's exit code tells the script that ran it. */
export const EXIT = { fine: 0, refused: 1, mistake: 2, defect: 3 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** A mistake on the command line: its message says all. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Runs a command line to its end, and turns what it throws into a message and an exit code. */
export async function runMain(main: (args: readonly string[]) => Promise<Exit>, help: string): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${help}`);
      process.exitCode = EXIT.mistake;
    } else if (error instanceof InvalidInputError) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = EXIT.mistake;
    } else {
      const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`This is a defect of Bellwether, not of what you wrote:\n${trace}\n`);
      process.exitCode = EXIT.defect;
    }
  }
}
