import { type Environment, TIERS } from "../../stacks/environment.ts";

/** A setting that not all environments agree on. */
export interface Difference {
  /** The section of the environment it belongs to, such as `cluster`. */
  readonly section: string;
  /** Its path within the section, such as `endpoint.access`; empty for a section that is one value. */
  readonly setting: string;
  /** Its value by environment; undefined where an environment has no such setting. */
  readonly values: ReadonlyMap<string, string | undefined>;
}

/** Sections, fields and one level of names: what lies deeper is shown as one value. */
const DEPTH = 3;

/** The settings that differ, in the order of the schema. Which environment is called what is no difference worth a row. */
export function differences(environments: readonly Environment[]): readonly Difference[] {
  const flattened = new Map(
    environments.map((environment) => [environment.name, flattenedSettings(environment)]),
  );
  const paths = [...new Set([...flattened.values()].flatMap((settings) => [...settings.keys()]))];
  const keys = paths.map((path) => path.split(SEPARATOR));
  // A section's settings stand together, and the names within one setting, too, whichever environment has them first.
  const first = (depth: number, parts: readonly string[]) =>
    keys.findIndex((other) => parts.slice(0, depth).every((part, index) => other[index] === part));
  return keys
    .toSorted((a, b) => first(1, a) - first(1, b) || first(2, a) - first(2, b))
    .filter(([section]) => section !== "name")
    .map((parts) => {
      const [section = "", ...rest] = parts;
      const values = new Map(
        [...flattened].map(([name, settings]) => [name, settings.get(parts.join(SEPARATOR))]),
      );
      return { section, setting: rest.join("."), values };
    })
    .filter(({ values }) => new Set(values.values()).size > 1);
}

/** Environments in the order people think of them: from the laptop to production, then by name. */
export function inOrder(environments: readonly Environment[]): readonly Environment[] {
  const rank = ({ tier }: Environment) => -TIERS.indexOf(tier);
  return environments.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

// Names of receivers and teams may hold dots one day; this character may not.
const SEPARATOR = "\u0000";

function flattenedSettings(environment: Environment): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  const walk = (value: unknown, path: readonly string[]): void => {
    // The owners of namespaces are derived; the routes are compared on their own.
    if (value === undefined || path.join() === "alertmanager,workloads") return;
    if (isMap(value) && path.length < DEPTH)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
    else settings.set(path.join(SEPARATOR), inWords(value));
  };
  walk(environment, []);
  return settings;
}

/** A value on one line: lists with commas, maps as `key value` behind the kind of thing that they are, booleans as words. */
function inWords(value: unknown): string {
  if (value === true) return "yes";
  if (value === false) return "no";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(inWords).join(", ");
  if (!isMap(value)) return String(value);
  const { type, ...rest } = value;
  const fields = Object.entries(rest)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => `${key} ${inWords(inner)}`)
    .join("; ");
  if (type === undefined) return fields || "none";
  return fields === "" ? String(type) : `${String(type)}: ${fields}`;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
