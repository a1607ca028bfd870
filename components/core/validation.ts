import type { z } from "zod";
import { joinPath, type Problem, shown } from "./problems.ts";

/** What {@link validate} found: the parsed value, or every problem. */
export type Validated<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

type Issue = z.core.$ZodIssue;

/** A shape-check of `input` against `schema`, as problems whose paths start at `root`. All problems at once. */
export function validate<T>(schema: z.ZodType<T>, input: unknown, root: string): Validated<T> {
  const result = schema.safeParse(input);
  if (result.success) return { ok: true, value: result.data };
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, schema, input, root));
  return { ok: false, problems: withoutDuplicates(problems) };
}

/**
 * One problem for each mistake: a value can fail its type and its size at once, and a misspelt field that is required is missing as
 * well.
 */
function withoutDuplicates(problems: readonly Problem[]): Problem[] {
  const meant = new Set(
    problems.map(({ path, fix }) => `${path.replace(/[^.]*$/, "")}${fix.replace(RENAME, "")}`),
  );
  const reported = problems.filter(({ path, found }) => found !== "nothing" || !meant.has(path));
  return [...new Map(reported.map((problem) => [`${problem.path} ${problem.allowed}`, problem])).values()];
}

const RENAME = "rename it to ";

function problemsOf(issue: Issue, schema: z.ZodType, input: unknown, root: string): Problem[] {
  const at = valueAt(input, issue.path);
  const path = joinPath(root, issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) =>
        unknownKey(joinPath(root, [...issue.path, key]), key, known(schema, issue.path, input)),
      );
    case "invalid_key":
      return [
        {
          path,
          found: `the name ${shown(issue.path.at(-1))}`,
          allowed: issue.issues[0]?.message ?? issue.message,
          fix: "rename it",
        },
      ];
    case "invalid_union":
      return unionProblems(issue, schema, input, root);
    default:
      return [
        valueProblem(
          path,
          at,
          issue,
          schemaAt(schema, issue.path, input),
          isSecret(schema, issue.path, input),
        ),
      ];
  }
}

function valueProblem(
  path: string,
  value: unknown,
  issue: Issue,
  schema: z.ZodType | undefined,
  secret: boolean,
): Problem {
  const allowed = isMapExpected(issue) ? "a map of its fields" : issue.message;
  if (value === undefined) return { path, found: "nothing", allowed, fix: `add ${path.split(".").at(-1)}` };
  // A secret in place of its name must not be printed.
  const found = secret ? "a value that is not shown, because it may be a secret" : shown(value);
  return { path, found, allowed, fix: fixFor(value, issue, path, schema) };
}

function isMapExpected(issue: Issue): boolean {
  return issue.code === "invalid_type" && issue.expected === "object";
}

function fixFor(value: unknown, issue: Issue, path: string, schema: z.ZodType | undefined): string {
  if (value === null) return "give it a value, or leave the key out";
  if (issue.code === "invalid_value" && typeof value === "string") {
    const near = nearest(value, issue.values.map(String));
    if (near !== undefined) return `write ${near}`;
  }
  if (
    issue.code === "invalid_type" &&
    issue.expected === "string" &&
    typeof value === "number" &&
    isInYaml(path)
  )
    return `write it in quotes: YAML reads ${value} without quotes as a number, and drops trailing zeros: 1.30 becomes 1.3`;
  if (typeof value === "number" && schema?.safeParse(String(value)).success)
    return `write it in quotes: ${shown(String(value))}`;
  if (issue.code === "too_small" && issue.origin !== "array" && typeof value === "number")
    return `raise it to ${issue.minimum} or more`;
  if (issue.code === "too_big" && issue.origin !== "array" && typeof value === "number")
    return `lower it to ${issue.maximum} or less`;
  return "change it to what is allowed";
}

/** Environments are written in YAML; definitions of services are TypeScript. */
function isInYaml(path: string): boolean {
  return !/^services\b/.test(path);
}

function unknownKey(path: string, key: string, names: readonly string[]): Problem {
  const near = nearest(key, names);
  return {
    path,
    found: `the unknown field ${shown(key)}`,
    allowed: names.length > 0 ? `the fields ${names.join(", ")}` : "no field of that name",
    fix: near === undefined ? "remove it" : `${RENAME}${near}`,
  };
}

function unionProblems(
  issue: z.core.$ZodIssueInvalidUnion,
  schema: z.ZodType,
  input: unknown,
  root: string,
): Problem[] {
  const path = joinPath(root, issue.path);
  const value = valueAt(input, issue.path);
  const discriminator = issue.discriminator;
  if (discriminator !== undefined) {
    const allowed = `one of ${discriminatorValues(schemaAt(schema, issue.path.slice(0, -1), input), discriminator).join(", ")}`;
    const near = typeof value === "string" ? nearest(value, allowed.slice(7).split(", ")) : undefined;
    if (value === undefined) return [{ path, found: "nothing", allowed, fix: `add ${discriminator}` }];
    return [{ path, found: shown(value), allowed, fix: near ? `write ${near}` : "change it to one of them" }];
  }
  // Without a discriminator the branch of the right type with the fewest problems is probably the intended one.
  const isOtherType = (branch: readonly Issue[]) =>
    branch.some(({ code, path: at }) => code === "invalid_type" && at.length === 0);
  const branches = [...issue.errors].sort(
    (a, b) => Number(isOtherType(a)) - Number(isOtherType(b)) || a.length - b.length,
  );
  return (branches[0] ?? []).flatMap((nested) =>
    problemsOf({ ...nested, path: [...issue.path, ...nested.path] } as Issue, schema, input, root),
  );
}

// What follows reads a zod schema's definition, to name the fields that a misspelt one was measured against.

interface Definition {
  readonly type: string;
  readonly shape?: Record<string, z.ZodType>;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly discriminator?: string;
  readonly values?: readonly unknown[];
  readonly entries?: Record<string, string>;
}

/** The definition of a schema with what merely wraps it (optional, default, pipe) taken off. */
export function definition(schema: z.ZodType): Definition {
  const def = (schema as unknown as { _zod: { def: Definition } })._zod.def;
  if (def.innerType && ["optional", "default", "prefault", "nullable", "readonly"].includes(def.type))
    return definition(def.innerType);
  if (def.type === "pipe" && def.in) return definition(def.in);
  return def;
}

function schemaAt(schema: z.ZodType, path: readonly PropertyKey[], input: unknown): z.ZodType | undefined {
  let current: z.ZodType | undefined = schema;
  let value = input;
  for (const segment of path) {
    if (current === undefined) return undefined;
    const def = definition(branchFor(current, value));
    current = def.shape?.[String(segment)] ?? def.element ?? def.valueType;
    value = valueAt(value, [segment]);
  }
  return current;
}

/** The option of a discriminated union that the value picks; any other schema is its own. */
function branchFor(schema: z.ZodType, value: unknown): z.ZodType {
  const def = definition(schema);
  if (def.options === undefined) return schema;
  const { discriminator } = def;
  if (discriminator === undefined) {
    const isMap = value !== null && typeof value === "object";
    const option = def.options.find((each) => isOfMaps(each) === isMap);
    return option === undefined ? schema : branchFor(option, value);
  }
  const wanted = valueAt(value, [discriminator]);
  return def.options.find((option) => takes(definition(option).shape?.[discriminator], wanted)) ?? schema;
}

function isOfMaps(schema: z.ZodType): boolean {
  const { shape, discriminator } = definition(schema);
  return shape !== undefined || discriminator !== undefined;
}

/** Whether a discriminator may have the value; without one, whether it has a default. */
function takes(schema: z.ZodType | undefined, value: unknown): boolean {
  return value === undefined ? schema?.safeParse(value).success === true : literals(schema).includes(value);
}

function literals(schema: z.ZodType | undefined): readonly unknown[] {
  if (schema === undefined) return [];
  const def = definition(schema);
  return def.values ?? Object.values(def.entries ?? {});
}

function discriminatorValues(schema: z.ZodType | undefined, discriminator: string): string[] {
  if (schema === undefined) return [];
  return (definition(schema).options ?? []).flatMap((option) =>
    // A union may be one of the options of another, beside a word that is short for a map.
    definition(option).discriminator === discriminator
      ? discriminatorValues(option, discriminator)
      : literals(definition(option).shape?.[discriminator]).map(String),
  );
}

function known(schema: z.ZodType, path: readonly PropertyKey[], input: unknown): string[] {
  const at = schemaAt(schema, path, input);
  if (at === undefined) return [];
  return Object.keys(definition(branchFor(at, valueAt(input, path))).shape ?? {});
}

function isSecret(schema: z.ZodType, path: readonly PropertyKey[], input: unknown): boolean {
  const at = schemaAt(schema, path, input);
  return at?.meta()?.["secret"] === true || /secret|password|token|key$/i.test(String(path.at(-1) ?? ""));
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, segment) =>
      value !== null && typeof value === "object"
        ? (value as Record<PropertyKey, unknown>)[segment]
        : undefined,
    input,
  );
}

/** The known word nearest to a misspelt one, where it is near enough to be meant: at most a third of its letters off. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substituted));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
