import { EXIT } from "../exit.ts";
import { type Argument, flagsIn, isIn, type Place, type Subcommand } from "./subcommand.ts";

const PROGRAM = "npx bellwether";
const WIDTH = 110;

/** Where a subcommand is available, in words. */
export const PLACES: Readonly<Record<Place, string>> = {
  repository: "the platform's repository",
  package: "projects that have installed the npm package bellwether",
};

export function otherThan(place: Place): Place {
  return place === "repository" ? "package" : "repository";
}

const EVERYWHERE = {
  [EXIT.mistake]: "a mistake on the command line or in a file that was read; every mistake is listed",
  [EXIT.defect]: "a defect of Bellwether; the message has a stack trace",
};

/** The help of the whole: every subcommand that the place has, a line each. */
export function overview(commands: readonly Subcommand[], place: Place): string {
  const here = commands.filter((command) => isIn(command, place));
  const elsewhere = commands.filter((command) => !isIn(command, place));
  return [
    "Bellwether: an observability platform as code, for Kubernetes, Prometheus, Alertmanager and Grafana.",
    "",
    `Usage: ${PROGRAM} <subcommand> [arguments] [flags]`,
    "",
    "Subcommands:",
    ...table(here.map(({ name, summary }) => [name, summary])),
    ...(elsewhere.length === 0
      ? []
      : [
          "",
          `Only in ${PLACES[otherThan(place)]}:`,
          ...table(elsewhere.map(({ name, summary }) => [name, summary])),
        ]),
    "",
    "Flags:",
    ...table([
      ["-h, --help", "print this help; after a subcommand, the help of the subcommand"],
      ["--version", "print the version"],
    ]),
    "",
    "Exit codes:",
    ...exitCodes({
      0: "fine",
      1: "a finding, such as a policy violation; the subcommand's help says which",
      ...EVERYWHERE,
    }),
    "",
  ].join("\n");
}

/** The help of a subcommand as it is in a place. */
export function helpOf(command: Subcommand, place: Place): string {
  const { name, summary, description = `${summary}.`, examples, exits } = command;
  const flags = Object.entries(flagsIn(command, place));
  const required = flags.filter(([, flag]) => flag.required === true);
  const usage = [
    ...command.arguments.map(placeholder),
    ...required.map(([flag, { value = "<value>" }]) => `--${flag} ${value}`),
    "[flags]",
  ];
  const shown = examples.filter(({ where }) => (where ?? place) === place);
  return [
    `Usage: ${PROGRAM} ${[name, ...usage].join(" ")}`,
    "",
    ...wrapped(description, WIDTH),
    ...section(
      "Arguments",
      table(command.arguments.map(({ name: word, summary: says }) => [`<${word}>`, says])),
    ),
    ...section(
      "Flags",
      table([
        ...flags.map(
          ([flag, { value = "<value>", type, summary: says }]) =>
            [type === "switch" ? `--${flag}` : `--${flag} ${value}`, says] as const,
        ),
        ["-h, --help", "print this help"],
      ]),
    ),
    ...section(
      "Examples",
      shown.flatMap(({ line, summary: says }) => [
        `  ${PROGRAM} ${line}`,
        ...wrapped(says, WIDTH - 6).map((each) => `      ${each}`),
      ]),
    ),
    ...section("Exit codes", exitCodes({ ...exits, ...EVERYWHERE })),
    ...section("Available in", [
      `  ${(["repository", "package"] as const)
        .filter((each) => isIn(command, each))
        .map((each) => PLACES[each])
        .join(", and in ")}`,
    ]),
    "",
  ].join("\n");
}

function placeholder({ name, count = "one" }: Argument): string {
  const word = `<${name}>`;
  return { one: word, some: `${word} …`, optional: `[${word}]`, any: `[${word} …]` }[count];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines];
}

function exitCodes(codes: Readonly<Record<number, string | undefined>>): readonly string[] {
  return table(
    Object.entries(codes).flatMap(([code, says]) => (says === undefined ? [] : [[code, says] as const])),
  );
}

/** Two columns, the second one wrapped. */
function table(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.flatMap(([left, right]) => {
    const [first = "", ...more] = wrapped(right, Math.max(40, WIDTH - width - 4));
    return [`  ${left.padEnd(width)}  ${first}`, ...more.map((line) => `${" ".repeat(width + 4)}${line}`)];
  });
}

function wrapped(text: string, width: number): readonly string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines = [""];
    for (const word of paragraph.split(" ")) {
      const line = lines.at(-1) ?? "";
      const longer = line === "" ? word : `${line} ${word}`;
      if (longer.length > width && line !== "") lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    return lines;
  });
}
