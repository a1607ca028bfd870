import { stackText } from "../../components/core/call-site.ts";
import { formatProblems, InvalidInputError, type Problem, shown } from "../../components/core/problems.ts";
import { nearest } from "../../components/core/validation.ts";
import { EXIT, type Exit, ProgramFailure } from "../exit.ts";
import { writeProblem } from "../writing.ts";
import { helpOf, otherThan, overview, PLACES } from "./help.ts";
import { read } from "./read.ts";
import { type Flags, flagsIn, isIn, type Place, type Subcommand, type Surroundings } from "./subcommand.ts";
import { wordsOf } from "./words.ts";

/** Runs the subcommand that this process was started for, and sets the process's exit code. */
export async function runProcess(commands: readonly Subcommand[], place: Place): Promise<void> {
  const { stdin, stdout, stderr, env } = process;
  stdout.on("error", endOfOutput);
  const surroundings = { place, stdin, stdout, stderr, env, folder: process.cwd() };
  process.exitCode = await runCommandLine(commands, process.argv.slice(2), surroundings);
}

/** Standard output that cannot be written: its reader has all that it wants, as in `| head`, or the disk is full. */
function endOfOutput(error: NodeJS.ErrnoException): never {
  if (error.code === "EPIPE") process.exit();
  const problem = writeProblem(error, "standard output");
  process.stderr.write(
    problem === undefined ? `${stackText(error)}\n` : `${formatProblems("bellwether", [problem])}\n`,
  );
  process.exit(problem === undefined ? EXIT.defect : EXIT.mistake);
}

/** Runs a command line to its end: what it throws becomes a message on standard error and an exit code. */
export async function runCommandLine(
  commands: readonly Subcommand[],
  args: readonly string[],
  surroundings: Surroundings,
): Promise<Exit> {
  try {
    return await run(commands, args, surroundings);
  } catch (error) {
    if (error instanceof InvalidInputError || error instanceof ProgramFailure) {
      surroundings.stderr.write(`${error.message}\n`);
      return EXIT.mistake;
    }
    const trace = error instanceof Error ? stackText(error) || error.message : String(error);
    surroundings.stderr.write(`This is a defect of Bellwether, not a mistake of yours:\n${trace}\n`);
    return EXIT.defect;
  }
}

async function run(
  commands: readonly Subcommand[],
  args: readonly string[],
  surroundings: Surroundings,
): Promise<Exit> {
  const { place, stdout } = surroundings;
  // By the flags of all subcommands, as a flag may stand before the subcommand that it belongs to.
  const all: Flags = Object.assign({}, ...commands.map(({ flags }) => flags));
  const { words, problems, help, version } = wordsOf(args, all);
  const [first, ...rest] = words;
  const [name, isHelp] = first === "help" ? [rest[0], true] : [first, help];
  const command = commands.find((each) => each.name === name);
  if (command !== undefined && isIn(command, place)) {
    if (!isHelp) return runSubcommand(command, args, surroundings);
    stdout.write(helpOf(command, place));
    return EXIT.fine;
  }
  if (name === undefined && isHelp) {
    stdout.write(overview(commands, place));
    return EXIT.fine;
  }
  if (name === undefined && version) {
    stdout.write(`${(await import("../../components/platform/model.ts")).RELEASE}\n`);
    return EXIT.fine;
  }
  const unknown = problems.map((problem) => ({
    ...problem,
    allowed: "a flag of the subcommand",
    fix: "see npx bellwether <subcommand> --help",
  }));
  return refuse("bellwether", [noSubcommand(name, commands, place), ...unknown], "--help", surroundings);
}

async function runSubcommand(
  command: Subcommand,
  args: readonly string[],
  surroundings: Surroundings,
): Promise<Exit> {
  const { name, run: implementations } = command;
  const { words, ...more } = wordsOf(args, flagsIn(command, surroundings.place));
  const given = await read(command, { words: without(name, words), ...more }, surroundings);
  if (!given.ok) return refuse(`bellwether ${name}`, given.problems, `${name} --help`, surroundings);
  const implementation = implementations[surroundings.place];
  if (implementation === undefined) throw new Error(`${name} does nothing in the ${surroundings.place}`);
  return implementation(given.value.words, given.value.flags, surroundings);
}

/** The words that follow the subcommand's name, and those before it, which there are none of. */
function without(name: string, words: readonly string[]): readonly string[] {
  const at = words.indexOf(name);
  return words.filter((_, index) => index !== at);
}

function refuse(
  subject: string,
  problems: readonly Problem[],
  help: string,
  { stderr }: Surroundings,
): typeof EXIT.mistake {
  stderr.write(`${formatProblems(subject, problems)}

Help: npx bellwether ${help}
`);
  return EXIT.mistake;
}

function noSubcommand(name: string | undefined, commands: readonly Subcommand[], place: Place): Problem {
  const names = commands.filter((command) => isIn(command, place)).map((command) => command.name);
  const near = name === undefined ? undefined : nearest(name, names);
  const isElsewhere = commands.some((command) => command.name === name);
  return {
    path: "<subcommand>",
    found: isElsewhere ? `${shown(name)}, which is only in ${PLACES[otherThan(place)]}` : shown(name),
    allowed: `one of ${names.join(", ")}, help`,
    fix: near === undefined ? "name one of them" : `did you mean ${near}?`,
  };
}
