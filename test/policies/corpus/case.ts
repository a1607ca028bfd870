import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { TYPES } from "../../../policies/rules/resource.ts";
import { UNKNOWN } from "../../../policies/rules/value.ts";
import {
  type FixtureResource,
  type FixtureStack,
  urnOf,
  without,
  withProperty,
} from "../compliant-stack/fixture.ts";
import { compliantStack } from "../compliant-stack/index.ts";

// The corpus: cases as data, each of which changes the compliant stack. test/policies/corpus/README.md has the format.

interface WrittenResource {
  readonly type: string;
  readonly protect?: boolean;
  readonly properties?: Record<string, unknown>;
  readonly sources?: Readonly<Record<string, readonly string[]>>;
}

interface WrittenCase {
  readonly policy: string;
  readonly when: string;
  readonly bad?: string;
  readonly at?: string;
  readonly sound?: true;
  readonly unknown?: string;
  readonly beside?: readonly string[];
  readonly snoozed?: readonly string[];
  readonly add?: Readonly<Record<string, WrittenResource>>;
  readonly set?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly replace?: Readonly<Record<string, readonly [path: string, from: string, to: string]>>;
  readonly remove?: readonly string[];
  readonly providers?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** One case: a stack, and what its policy must say of it. */
export interface Case {
  readonly policy: string;
  readonly when: string;
  /** bad: the policy, and no other, says the text. sound: nobody says anything. unknown: it is said that it cannot be judged. */
  readonly verdict: "bad" | "sound" | "unknown";
  /** A part of the message; empty where nothing is said. */
  readonly says: string;
  /** The logical name of the resource that the message is about. */
  readonly at: string | undefined;
  readonly stack: FixtureStack;
  /** Other policies that rightly say something of it too. */
  readonly beside: readonly string[];
  /** All that the policy says and an exclusion covers; undefined where the case does not care. */
  readonly snoozed: readonly string[] | undefined;
  /** The settings of the policy. */
  readonly config: Readonly<Record<string, unknown>>;
}

const FOLDER = new URL("./", import.meta.url);

/** Every case of the corpus. */
export const CASES: readonly Case[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".yaml"))
  .sort()
  .flatMap((file) => parse(readFileSync(new URL(file, FOLDER), "utf8")) as WrittenCase[])
  .map(caseOf);

function caseOf(written: WrittenCase): Case {
  const { policy, when, bad, unknown, at, beside = [], snoozed, config = {} } = written;
  return {
    policy,
    when,
    verdict: bad !== undefined ? "bad" : unknown !== undefined ? "unknown" : "sound",
    says: bad ?? unknown ?? "",
    at,
    beside,
    snoozed,
    stack: stackOf(written),
    config,
  };
}

function stackOf({
  add = {},
  set = {},
  replace = {},
  remove = [],
  providers = {},
  when,
}: WrittenCase): FixtureStack {
  let stack: FixtureStack = without(compliantStack(), ...remove);
  const added = Object.fromEntries(
    Object.entries(add).map(([name, { type, properties = {}, ...rest }]): [string, FixtureResource] => [
      name,
      { ...rest, type: typeOf(type), properties: revived(properties) as Record<string, unknown> },
    ]),
  );
  stack = { ...stack, ...added };
  stack = Object.fromEntries(
    Object.entries(stack).map(([name, resource]) => {
      const own = add[name]?.sources;
      return [name, own === undefined ? resource : { ...resource, sources: urnsOf(own, stack) }];
    }),
  );
  for (const [name, provider] of Object.entries(providers)) {
    const made = stack[name];
    if (made === undefined || stack[provider] === undefined)
      throw new Error(`${when}: no ${name} or ${provider}`);
    stack = { ...stack, [name]: { ...made, provider } };
  }
  for (const [name, changes] of Object.entries(set))
    for (const [path, value] of Object.entries(changes))
      stack = withProperty(stack, name, stepsOf(path), value === null ? undefined : revived(value));
  for (const [name, [path, from, to]] of Object.entries(replace)) {
    const steps = stepsOf(path);
    const text = steps.reduce<unknown>(
      (at, step) => (at as Record<string | number, unknown>)[step],
      stack[name]?.properties,
    );
    if (typeof text !== "string" || !text.includes(from)) throw new Error(`${when}: ${name} has no ${from}`);
    stack = withProperty(
      stack,
      name,
      steps,
      text.replace(from, () => to),
    );
  }
  return stack;
}

/** A type token, or its short name in TYPES. */
function typeOf(type: string): string {
  return (TYPES as Readonly<Record<string, string>>)[type] ?? type;
}

/** `UNKNOWN` stands for a value that is known only after deployment. Long keys are written in parts, so that no scanner takes them for real. */
function revived(value: unknown): unknown {
  if (value === "UNKNOWN") return UNKNOWN;
  if (Array.isArray(value)) return value.map(revived);
  if (value === null || typeof value !== "object") return typeof value === "string" ? joined(value) : value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revived(item)]));
}

function joined(text: string): string {
  return text.replaceAll("⟨⟩", "");
}

/** `/spec/containers/0/image`; `~1` is a slash within a step. */
function stepsOf(path: string): (string | number)[] {
  return path
    .slice(1)
    .split("/")
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll("~1", "/")));
}

function urnsOf(
  sources: Readonly<Record<string, readonly string[]>>,
  stack: FixtureStack,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(sources).map(([input, names]) => [
      input,
      names.map((name) => urnOf(stack[name]?.type ?? "none", name)),
    ]),
  );
}
