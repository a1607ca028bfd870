import { type Problem, shown } from "../../components/core/problems.ts";
import type { Validated } from "../../components/core/validation.ts";
import {
  type Argument,
  type Check,
  type CheckContext,
  type Flags,
  flagsIn,
  type Refusal,
  type Subcommand,
  type Surroundings,
  type Values,
} from "./subcommand.ts";
import type { Words } from "./words.ts";

/** A command line that has been checked. */
export interface Given {
  readonly words: readonly string[];
  readonly flags: Values;
}

/** Checks what was given to a subcommand: unknown and missing flags, missing and superfluous arguments, values. */
export async function read(
  command: Subcommand,
  { words, values, problems: mistaken }: Words,
  surroundings: Surroundings,
): Promise<Validated<Given>> {
  const declared = flagsIn(command, surroundings.place);
  const flags: Readonly<Record<string, unknown>> = { ...variables(declared, surroundings), ...values };
  const context: CheckContext = { flags, surroundings };
  const problems = [
    ...mistaken,
    ...missingFlags(declared, values, mistaken),
    ...countProblems(command.arguments, words),
    ...(await valueProblems(declared, values, context)),
    ...idleFlags(declared, values, words),
    ...(await wordProblems(command.arguments, words, context)),
  ];
  const between = problems.length > 0 ? [] : (command.check?.(words, flags as Values) ?? []);
  if (problems.length + between.length > 0) return { ok: false, problems: [...problems, ...between] };
  return { ok: true, value: { words, flags: flags as Values } };
}

function variables(declared: Flags, { env }: Surroundings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(declared).flatMap(([name, { variable }]) => {
      const value = variable === undefined ? undefined : env[variable];
      return value === undefined || value === "" ? [] : [[name, value] as const];
    }),
  );
}

function missingFlags(declared: Flags, values: Words["values"], mistaken: readonly Problem[]): Problem[] {
  return Object.entries(declared)
    .filter(([name, { required }]) => required === true && !Object.hasOwn(values, name))
    .filter(([name]) => !mistaken.some(({ path }) => path === `--${name}`))
    .map(([name, { value = "<value>", summary }]) => ({
      path: `--${name}`,
      found: "nothing",
      allowed: summary,
      fix: `add --${name} ${value}`,
    }));
}

/** Flags that say something of what was not given. */
function idleFlags(declared: Flags, values: Words["values"], words: readonly string[]): Problem[] {
  const known = Object.values(declared).flatMap(({ of }) =>
    of !== undefined && "words" in of ? of.words : [],
  );
  return Object.entries(declared).flatMap(([name, { of }]) => {
    if (of === undefined || !Object.hasOwn(values, name)) return [];
    const path = `--${name}`;
    if ("words" in of) {
      const [word = ""] = words;
      // A word that is none of the subcommand's is a mistake of its own.
      return of.words.includes(word) || !known.includes(word)
        ? []
        : [
            {
              path,
              found: `the flag with ${word}`,
              allowed: `the flag with ${of.words.join(" and ")}`,
              fix: "leave it out",
            },
          ];
    }
    if (of.flags.some((flag) => Object.hasOwn(values, flag))) return [];
    const needed = of.flags.map((flag) => `--${flag}`).join(" or ");
    return [
      {
        path,
        found: `the flag without ${needed}`,
        allowed: `the flag beside ${needed}`,
        fix: `add ${needed}, or leave ${path} out`,
      },
    ];
  });
}

function countProblems(declared: readonly Argument[], words: readonly string[]): Problem[] {
  const missing = declared
    .slice(words.length)
    .filter(({ count = "one" }) => count === "one" || count === "some")
    .map(({ name, summary }) => ({
      path: `<${name}>`,
      found: "nothing",
      allowed: summary,
      fix: `add <${name}>`,
    }));
  const superfluous = isOpen(declared) ? [] : words.slice(declared.length);
  const allowed =
    declared.length === 0 ? "no argument" : `only ${declared.map(({ name }) => `<${name}>`).join(" ")}`;
  return [
    ...missing,
    ...superfluous.map((word) => ({ path: "arguments", found: shown(word), allowed, fix: "remove it" })),
  ];
}

/** Whether the last argument takes every word that is left. */
function isOpen(declared: readonly Argument[]): boolean {
  const count = declared.at(-1)?.count;
  return count === "any" || count === "some";
}

async function valueProblems(
  declared: Flags,
  values: Words["values"],
  context: CheckContext,
): Promise<Problem[]> {
  const checks = Object.entries(declared).flatMap(([name, { check, variable }]) => {
    const value = context.flags[name];
    if (check === undefined || value === undefined) return [];
    const path = Object.hasOwn(values, name) || variable === undefined ? `--${name}` : variable;
    return [value].flat().map((text) => problemsOf(path, String(text), check, context));
  });
  return (await Promise.all(checks)).flat();
}

async function wordProblems(
  declared: readonly Argument[],
  words: readonly string[],
  context: CheckContext,
): Promise<Problem[]> {
  const checks = words.map((word, index) => {
    const argument = declared[index] ?? (isOpen(declared) ? declared.at(-1) : undefined);
    if (argument?.check === undefined) return [];
    return problemsOf(`<${argument.name}>`, word, argument.check, context);
  });
  return (await Promise.all(checks)).flat();
}

async function problemsOf(
  path: string,
  value: string,
  check: Check,
  context: CheckContext,
): Promise<Problem[]> {
  const refusal: Refusal | undefined = await check(value, context);
  return refusal === undefined ? [] : [{ path, found: shown(value), ...refusal }];
}
