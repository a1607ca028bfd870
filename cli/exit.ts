/** What a command's exit code tells the script that ran it. */
export const EXIT = { fine: 0, refused: 1, mistake: 2, defect: 3 } as const;
/** A program of the user's own that fails. Its stack trace is for the user: the message contains it. */
export class ProgramFailure extends Error {
  override readonly name = "ProgramFailure";
  constructor(stack: string, error: unknown) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    super(`${stack}: the program failed:\n${what}`);
  }
}

export type Exit = (typeof EXIT)[keyof typeof EXIT];
