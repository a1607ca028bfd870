import { spawnSync } from "node:child_process";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { InvalidInputError } from "../components/core/problems.ts";
import { dayExists, TODAY_VARIABLE } from "../policies/rules/today.ts";
import { EXIT, type Exit } from "./exit.ts";

type OptionsConfig = NonNullable<ParseArgsConfig["options"]>;

/** A mistake on the command line: its message says all. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What the command line gave: a text an option, several where an option may be repeated. */
export type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** What a command takes after its name, and does. */
export interface Command {
  readonly options: OptionsConfig;
  readonly run: (rest: readonly string[], values: Values) => Promise<Exit>;
}

type ValuesOf<Options extends OptionsConfig> = ReturnType<typeof parseArgs<{ options: Options }>>["values"];

/** A command whose options are typed by what they are declared as. */
export function command<const Options extends OptionsConfig>(
  options: Options,
  run: (rest: readonly string[], values: ValuesOf<Options>) => Promise<Exit>,
): Command {
  return { options, run: (rest, values) => run(rest, values as ValuesOf<Options>) };
}

/** Runs the command that the process was asked for to its end, and turns what it throws into a message and an exit code. */
export async function runCommandLine(
  commands: Readonly<Record<string, Command>>,
  help: string,
): Promise<void> {
  try {
    process.exitCode = await run(commands, help, process.argv.slice(2));
  } catch (error) {
    const [message, code] = told(error, help);
    process.stderr.write(message);
    process.exitCode = code;
  }
}

async function run(
  commands: Readonly<Record<string, Command>>,
  help: string,
  args: readonly string[],
): Promise<Exit> {
  const { values, positionals } = parsed(commands, args);
  const { help: isAsked, ...given } = values;
  const [name, ...rest] = positionals;
  if (isAsked === true || name === undefined || name === "help") {
    process.stdout.write(help);
    return name === undefined && isAsked !== true ? EXIT.mistake : EXIT.fine;
  }
  const chosen = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (chosen === undefined)
    throw new UsageError(
      `there is no command ${JSON.stringify(name)}; there are ${Object.keys(commands).join(", ")} and help`,
    );
  const foreign = Object.keys(given).find((option) => !Object.hasOwn(chosen.options, option));
  if (foreign !== undefined) throw new UsageError(`--${foreign} is no option of ${name}`);
  return chosen.run(rest, given as Values);
}

/** By the options of all commands: an option may stand before the command that it belongs to. */
function parsed(commands: Readonly<Record<string, Command>>, args: readonly string[]) {
  const options: OptionsConfig = Object.assign(
    { help: { type: "boolean", short: "h" } },
    ...Object.values(commands).map((each) => each.options),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function told(error: unknown, help: string): readonly [string, Exit] {
  if (error instanceof UsageError) return [`${error.message}\n\n${help}`, EXIT.mistake];
  if (error instanceof InvalidInputError) return [`${error.message}\n`, EXIT.mistake];
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [`This is a defect of Bellwether, not of what you wrote:\n${trace}\n`, EXIT.defect];
}

/** What new-service is answered with on the command line, beside the name. */
export const ANSWERS = {
  owner: { type: "string" },
  tier: { type: "string" },
  description: { type: "string" },
  namespace: { type: "string" },
  kind: { type: "string" },
  set: { type: "string", multiple: true },
} as const satisfies OptionsConfig;

/** The name that new-service is given, if it is given one. */
export function nameIn([name, ...more]: readonly string[]): string | undefined {
  if (more.length > 0) throw new UsageError("new-service takes one name");
  return name;
}

/** Runs another command in a process of its own, in the same folder, with the same streams. */
export function again(args: readonly string[], folder = process.cwd()): Exit {
  const [program = ""] = process.argv.slice(1);
  const command = [...process.execArgv, program, ...args];
  const { status } = spawnSync(process.execPath, command, { cwd: folder, stdio: "inherit" });
  return (status ?? EXIT.defect) as Exit;
}

/** What a command prints, and what it could not do. */
export function tell({ text, report }: { readonly text: string; readonly report: string }): Exit {
  process.stdout.write(text);
  process.stderr.write(report);
  return report === "" ? EXIT.fine : EXIT.refused;
}

/** The day that waivers and support calendars are read at: as given, else by the environment variable BELLWETHER_TODAY, else today. */
export function dayOf({ today }: { readonly today?: string | undefined }): string {
  const day = today ?? process.env[TODAY_VARIABLE] ?? new Date().toISOString().slice(0, 10);
  if (dayExists(day)) return day;
  throw new UsageError(`${JSON.stringify(day)} is no day; write one that exists as YYYY-MM-DD`);
}
