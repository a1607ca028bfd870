import { z } from "zod";
import { type Problem, shown } from "../../components/core/problems.ts";
import { nearest } from "../../components/core/validation.ts";
import { serviceSchema } from "../../components/service/model.ts";

// The fields that `--set <field>=<value>` can set, read from the schema of a definition: `port`, `metrics.total`, `targets`,
// `objectives.latency.threshold`.

/** One field that has a value and no fields of its own. */
export interface Field {
  readonly path: string;
  readonly schema: z.ZodType;
  readonly isList: boolean;
}

/** The values of `--set` by field. */
export type SetValues = ReadonlyMap<string, unknown>;

type Shape = Readonly<Record<string, z.ZodType>>;

const SHAPE: Shape = serviceSchema.shape;

/** The objectives that a kind can have. */
export const OBJECTIVES: Readonly<Record<string, readonly string[]>> = {
  http: ["availability", "latency"],
  grpc: ["availability", "latency"],
  worker: ["success", "latency", "freshness", "backlog"],
  batch: ["freshness"],
  probe: ["probes", "latency"],
};

/** What a service can be monitored as: each has a section of its own in a definition. */
export const KINDS: readonly string[] = Object.keys(OBJECTIVES);

/** The sections of a definition that `--set` can reach, with the prefix of their fields. */
function sectionsOf(kind: string): readonly (readonly [prefix: string, schema: z.ZodType])[] {
  const objectives = mapIn(SHAPE["objectives"])?.shape as Shape | undefined;
  return [
    ["", SHAPE[kind] ?? z.never()],
    ...(OBJECTIVES[kind] ?? []).flatMap((name) => {
      const schema = objectives?.[name];
      return schema === undefined ? [] : [[`objectives.${name}`, schema] as const];
    }),
  ];
}

/** Every field of a kind. */
export function fieldsOf(kind: string): readonly Field[] {
  const byPath = new Map<string, Field>();
  for (const [prefix, schema] of sectionsOf(kind))
    for (const field of leaves(schema, prefix)) if (!byPath.has(field.path)) byPath.set(field.path, field);
  return [...byPath.values()];
}

function leaves(schema: z.ZodType, path: string): readonly Field[] {
  const options = optionsOf(schema);
  const below = options
    .filter(isMap)
    .flatMap(({ shape }) =>
      Object.entries(shape as Shape).flatMap(([name, field]) => leaves(field, joined(path, name))),
    );
  const isValue = options.some((option) => !isMap(option));
  return isValue
    ? [{ path, schema, isList: options.some((each) => each instanceof z.ZodArray) }, ...below]
    : below;
}

/**
 * The fields that a definition must have beside those that are set. A batch job has no default for its age. Where a section has
 * alternatives, such as a CronJob or a gauge, those that are set decide, and else the first.
 */
export function requiredFields(kind: string, set: ReadonlySet<string>): readonly Field[] {
  return sectionsOf(kind)
    .filter(
      ([prefix]) =>
        prefix === "" || (kind === "batch" && prefix === "objectives.freshness") || isSet(prefix, set),
    )
    .flatMap(([prefix, schema]) => required(schema, prefix, set));
}

function required(schema: z.ZodType, path: string, set: ReadonlySet<string>): readonly Field[] {
  if (set.has(path)) return [];
  const options = optionsOf(schema);
  const isValue = options.some((option) => !isMap(option));
  if (isValue && !isSet(path, set))
    return [{ path, schema, isList: options.some((each) => each instanceof z.ZodArray) }];
  const [meant] = options
    .filter(isMap)
    .map(({ shape }) => shape as Shape)
    .sort((a, b) => countSet(b, path, set) - countSet(a, path, set));
  return Object.entries(meant ?? {})
    .filter(([name, field]) => isAsked(field) || isSet(joined(path, name), set))
    .flatMap(([name, field]) => required(field, joined(path, name), set));
}

/** Required, or optional only because another part of a definition may say it. */
function isAsked(field: z.ZodType): boolean {
  return field.meta()?.["asked"] === true || !field.safeParse(undefined).success;
}

function countSet(shape: Shape, path: string, set: ReadonlySet<string>): number {
  return Object.keys(shape).filter((name) => isSet(joined(path, name), set)).length;
}

/** Whether a field or a field below it is set. */
function isSet(path: string, set: ReadonlySet<string>): boolean {
  return [...set].some((each) => each === path || each.startsWith(`${path}.`));
}

/** What was given by `--set` for a kind, and every mistake in it. */
export function setValues(
  given: readonly string[],
  kind: string,
): { readonly values: SetValues; readonly problems: readonly Problem[] } {
  const fields = new Map(fieldsOf(kind).map((field) => [field.path, field]));
  const { texts, problems: malformed } = textsIn(given, kind, [...fields.keys()]);
  const problems = [...malformed];
  const values = new Map<string, unknown>();
  for (const [path, all] of texts) {
    const field = fields.get(path);
    if (field === undefined) continue;
    const value = fieldValue(field, all);
    const problem = valueProblem(field, all, value, [...texts.keys()]);
    if (problem === undefined) values.set(path, value);
    else problems.push(problem);
  }
  return { values, problems };
}

/** The texts of each field that exists. */
function textsIn(given: readonly string[], kind: string, known: readonly string[]) {
  const texts = new Map<string, string[]>();
  const problems: Problem[] = [];
  for (const entry of given) {
    const at = entry.indexOf("=");
    const path = at < 0 ? entry : entry.slice(0, at);
    if (!known.includes(path)) problems.push(unknownField(path, kind, known));
    else if (at < 0) problems.push(withoutValue(path));
    else texts.set(path, [...(texts.get(path) ?? []), entry.slice(at + 1)]);
  }
  return { texts, problems };
}

function valueProblem(
  field: Field,
  texts: readonly string[],
  value: unknown,
  given: readonly string[],
): Problem | undefined {
  const { path, schema, isList } = field;
  const found = { path: `--set ${path}`, found: texts.map(shown).join(" and ") };
  const below = given.find((other) => other.startsWith(`${path}.`));
  if (below !== undefined)
    return { ...found, allowed: `either ${path} or ${below}`, fix: "remove one of the two" };
  if (texts.length > 1 && !isList) return { ...found, allowed: "one value", fix: "give the field once" };
  const allowed = mistakeOf(schema, value);
  if (allowed === undefined) return undefined;
  const near = nearest(texts[0] ?? "", choicesOf(schema));
  return { ...found, allowed, fix: near === undefined ? "correct it" : `write ${near}` };
}

/** A list takes a text for each of its items, or one with commas; a number is written as digits. */
export function fieldValue({ schema, isList }: Field, texts: readonly string[]): unknown {
  if (isList) return texts.flatMap((text) => text.split(",")).map((text) => text.trim());
  const [text = ""] = texts;
  const isNumber =
    /^\d+$/.test(text) && !schema.safeParse(text).success && schema.safeParse(Number(text)).success;
  return isNumber ? Number(text) : text;
}

/** What is allowed, if the value is not. */
export function mistakeOf(schema: z.ZodType, value: unknown): string | undefined {
  return schema.safeParse(value).error?.issues[0]?.message;
}

/** The values of a field, where they can be listed. */
export function choicesOf(schema: z.ZodType): readonly string[] {
  return optionsOf(schema).flatMap((option) =>
    option instanceof z.ZodEnum ? option.options.map(String) : [],
  );
}

function unknownField(path: string, kind: string, known: readonly string[]): Problem {
  const near = nearest(path, known);
  return {
    path: `--set ${path}`,
    found: `an unknown field of ${kind}`,
    allowed: known.join(", "),
    fix: near === undefined ? "remove it" : `write --set ${near}=<value>`,
  };
}

function withoutValue(path: string): Problem {
  return {
    path: `--set ${path}`,
    found: "no value",
    allowed: "<field>=<value>",
    fix: `write --set ${path}=<value>`,
  };
}

/** The values as a section's tree: `metrics.total` is `total` in `metrics`. */
export function treeOf(values: SetValues): Readonly<Record<string, unknown>> {
  const root: Record<string, unknown> = {};
  for (const [path, value] of values) {
    const names = path.split(".");
    const last = names.pop() ?? path;
    let node = root;
    for (const name of names) {
      node[name] ??= {};
      node = node[name] as Record<string, unknown>;
    }
    node[last] = value;
  }
  return root;
}

/** The alternatives of a schema without what merely wraps them. */
function optionsOf(schema: z.ZodType): readonly z.ZodType[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  )
    return optionsOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodUnion) return (schema.options as readonly z.ZodType[]).flatMap(optionsOf);
  return [schema];
}

function isMap(schema: z.ZodType): schema is z.ZodObject {
  return schema instanceof z.ZodObject;
}

function mapIn(schema: z.ZodType | undefined): z.ZodObject | undefined {
  return schema === undefined ? undefined : optionsOf(schema).find(isMap);
}

function joined(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
