import { type ParseArgsConfig, parseArgs } from "node:util";
import { type Problem, shown } from "../../components/core/problems.ts";
import { nearest } from "../../components/core/validation.ts";
import type { Flag, Flags } from "./subcommand.ts";

/** A command line taken apart, by flags that are known. Nothing is judged yet beside the flags themselves. */
export interface Words {
  /** What is no flag, in order. */
  readonly words: readonly string[];
  /** What the flags say: a text, a list of texts, or true. */
  readonly values: Readonly<Record<string, string | readonly string[] | true>>;
  /** Flags that are unknown, that lack their value or have one too many. */
  readonly problems: readonly Problem[];
  readonly help: boolean;
  readonly version: boolean;
}

const SWITCH: Flag = { type: "switch", summary: "" };
const OWN: Flags = { help: SWITCH, version: SWITCH };

/** Takes a command line apart. Node's own parser does it, in the mode without errors: otherwise it would stop at the first mistake. */
export function wordsOf(args: readonly string[], flags: Flags): Words {
  const known: Flags = { ...flags, ...OWN };
  const { words, problems, given } = sorted(tokensOf(args, known), known);
  const values = Object.fromEntries(
    [...given].map(([name, texts]) => [name, saidBy(name, known[name] ?? SWITCH, texts, problems)]),
  );
  const { help, version, ...rest } = values;
  return {
    words,
    values: rest,
    problems,
    help: help === true || asksForHelp(args),
    version: version === true,
  };
}

function tokensOf(args: readonly string[], known: Flags) {
  const options: NonNullable<ParseArgsConfig["options"]> = Object.fromEntries(
    Object.entries(known).map(([name, { type }]) => [
      name,
      {
        type: type === "switch" ? ("boolean" as const) : ("string" as const),
        ...(name === "help" && { short: "h" }),
      },
    ]),
  );
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

type Token = ReturnType<typeof tokensOf>[number];

interface Sorted {
  readonly words: string[];
  readonly problems: Problem[];
  /** The texts of each known flag, in order. */
  readonly given: Map<string, (string | undefined)[]>;
}

function sorted(tokens: readonly Token[], known: Flags): Sorted {
  const result: Sorted = { words: [], problems: [], given: new Map() };
  let afterUnknown = -1;
  for (const token of tokens) {
    // What follows an unknown flag is probably its value. Reporting it too would report one mistake twice.
    if (token.kind === "positional" && (token.index !== afterUnknown || result.words.length === 0))
      result.words.push(token.value);
    if (token.kind === "option" && !addFlag(token, known, result) && token.value === undefined)
      afterUnknown = token.index + 1;
  }
  return result;
}

/** Adds a flag or what is wrong with it; false for a flag that does not exist. */
function addFlag(
  token: Extract<Token, { kind: "option" }>,
  known: Flags,
  { given, problems }: Sorted,
): boolean {
  const flag = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
  if (flag === undefined) {
    problems.push(unknownFlag(token.rawName, Object.keys(known)));
    return false;
  }
  const mistake = mistakeIn(token, flag);
  if (mistake !== undefined) problems.push(mistake);
  else given.set(token.name, [...(given.get(token.name) ?? []), token.value]);
  return true;
}

/** Also where the flag stands in place of a value, as in `--out --help`. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const before = end < 0 ? args : args.slice(0, end);
  return before.includes("--help") || before.includes("-h");
}

interface OptionToken {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function mistakeIn({ rawName, value, inlineValue }: OptionToken, flag: Flag): Problem | undefined {
  if (flag.type === "switch")
    return value === undefined
      ? undefined
      : { path: rawName, found: shown(value), allowed: "no value", fix: `write ${rawName} alone` };
  const isFlag = value?.startsWith("-") === true && inlineValue !== true;
  if (value !== undefined && value !== "" && !isFlag) return undefined;
  return {
    path: rawName,
    found: isFlag ? `the flag ${value} where a value is expected` : "no value",
    allowed: `a value: ${rawName} ${flag.value ?? "<value>"}`,
    fix: isFlag
      ? `add the value; one that begins with a hyphen is written ${rawName}=${value}`
      : "add the value",
  };
}

function saidBy(
  name: string,
  { type }: Flag,
  texts: readonly (string | undefined)[],
  problems: Problem[],
): Words["values"][string] {
  if (type === "switch") return true;
  const given = texts.filter((text) => text !== undefined);
  if (type === "list") return given;
  if (given.length > 1)
    problems.push({
      path: `--${name}`,
      found: given.map(shown).join(" and "),
      allowed: "one value",
      fix: "give the flag once",
    });
  return given[0] ?? "";
}

function unknownFlag(rawName: string, names: readonly string[]): Problem {
  const flags = names.filter((name) => name !== "version");
  const near = nearest(rawName.replace(/^-+/, ""), flags);
  return {
    path: rawName,
    found: "an unknown flag",
    allowed: flags.map((flag) => `--${flag}`).join(", "),
    fix: near === undefined ? "remove it" : `did you mean --${near}?`,
  };
}
