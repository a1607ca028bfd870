import type { Problem } from "../../components/core/problems.ts";
import type { Exit } from "../exit.ts";

/** Where the command runs: in the platform's repository, or in a project that has installed the npm package. */
export type Place = "repository" | "package";

/** What a command line is read and run with. */
export interface Surroundings {
  readonly place: Place;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
  /** The working directory. */
  readonly folder: string;
}

/** What is wrong with a value. `found` defaults to the value itself. */
export type Refusal = Omit<Problem, "path" | "found"> & { readonly found?: string };

/** What a check of a value may know beside the value: the texts of the other flags and the surroundings. */
export interface CheckContext {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly surroundings: Surroundings;
}

/** Says what is wrong with a value; undefined: nothing. */
export type Check = (
  value: string,
  context: CheckContext,
) => Refusal | undefined | Promise<Refusal | undefined>;

/** A flag of a subcommand, without its name. */
export interface Flag {
  /** A text takes a value, a list takes one each time it is given, a switch takes none. */
  readonly type: "text" | "list" | "switch";
  /** What the help shows for the value, such as `<folder>`. */
  readonly value?: string;
  /** One sentence: what it does, and the default. */
  readonly summary: string;
  /** Whether it must be given. Default: no. */
  readonly required?: boolean;
  /** The only place that has it. Default: every place that has the subcommand. */
  readonly where?: Place;
  /** The environment variable that is read where the flag is not given. */
  readonly variable?: string;
  /** What it says something of: without one of these flags, or with another first word, it is refused and not ignored. */
  readonly of?: { readonly flags: readonly string[] } | { readonly words: readonly string[] };
  readonly check?: Check;
}

/** What follows the subcommand's name. Only the last argument may take several words. */
export interface Argument {
  readonly name: string;
  readonly summary: string;
  /** Default: one. */
  readonly count?: "one" | "optional" | "any" | "some";
  readonly check?: Check;
}

/** A command line that shows what the subcommand is for. */
interface Example {
  /** What follows `npx bellwether`. */
  readonly line: string;
  readonly summary: string;
  /** The only place that it works in. Default: every place that has the subcommand. */
  readonly where?: Place;
}

export type Flags = Readonly<Record<string, Flag>>;

/** What the flags of a command line say, by their names without dashes. */
export type Values<Declared extends Flags = Flags> = {
  readonly [Name in keyof Declared]?: Declared[Name]["type"] extends "switch"
    ? boolean
    : Declared[Name]["type"] extends "list"
      ? readonly string[]
      : string;
};

/** What a subcommand does: its words, its flags, and where it writes. Rejects with an InvalidInputError for mistakes of the user. */
export type Run<Declared extends Flags = Flags> = (
  words: readonly string[],
  flags: Values<Declared>,
  surroundings: Surroundings,
) => Promise<Exit>;

/** One subcommand of `bellwether`. Help, checks and tests are made from it. */
export interface Subcommand<Declared extends Flags = Flags> {
  readonly name: string;
  /** One line for the list of subcommands. */
  readonly summary: string;
  /** What the subcommand's own help says below its usage. Default: the summary alone. */
  readonly description?: string;
  readonly arguments: readonly Argument[];
  readonly flags: Declared;
  readonly examples: readonly Example[];
  /** What exit codes 0 and 1 mean here; 1 only where the subcommand ends with it. 2 and 3 mean the same everywhere. */
  readonly exits: { readonly 0: string; readonly 1?: string };
  /** What no flag and no argument can say of itself. */
  readonly check?: (words: readonly string[], flags: Values<Declared>) => readonly Problem[];
  /** What it does in each place that has it. Each loads its modules when it is called, so that `--help` loads none of them. */
  readonly run: { readonly [At in Place]?: Run<Declared> };
}

/** A subcommand whose flags are typed by what they are declared as. */
export function subcommand<const Declared extends Flags>(declared: Subcommand<Declared>): Subcommand {
  // What is read off a command line has been checked against these flags.
  return declared as unknown as Subcommand;
}

/** Whether a place has the subcommand. */
export function isIn({ run }: Subcommand, place: Place): boolean {
  return run[place] !== undefined;
}

/** The flags that the subcommand has in a place. */
export function flagsIn({ flags }: Subcommand, place: Place): Flags {
  return Object.fromEntries(Object.entries(flags).filter(([, { where }]) => (where ?? place) === place));
}

/** The same in the repository and in the package. */
export function both<Declared extends Flags>(run: Run<Declared>): Subcommand<Declared>["run"] {
  return { repository: run, package: run };
}
