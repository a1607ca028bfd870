import type { z } from "zod";
import { definition } from "../../components/core/validation.ts";

/** A field of the schema, at one place of a sample where it is used. */
export interface Field {
  readonly path: readonly (string | number)[];
  readonly schema: z.ZodType;
  readonly value: unknown;
  /** The key is a name that the user chooses, so it cannot be misspelt. */
  readonly named: boolean;
}

/** Every field of the schema that the sample uses, maps and lists among them, depth first. */
export function fieldsOf(
  schema: z.ZodType,
  value: unknown,
  path: readonly (string | number)[] = [],
): Field[] {
  const def = definition(schema);
  if (def.options !== undefined) {
    const branch = def.options.find((option) => option.safeParse(value).success);
    return branch === undefined ? [] : fieldsOf(branch, value, path);
  }
  if (def.shape !== undefined)
    return Object.entries(def.shape).flatMap(([key, child]) => {
      const at = (value as Record<string, unknown>)[key];
      if (at === undefined) return [];
      return [
        { path: [...path, key], schema: child, value: at, named: false },
        ...fieldsOf(child, at, [...path, key]),
      ];
    });
  const { valueType, element } = def;
  if (valueType !== undefined)
    return Object.entries(value as object).flatMap(([key, at]) => [
      { path: [...path, key], schema: valueType, value: at, named: true },
      ...fieldsOf(valueType, at, [...path, key]),
    ]);
  if (element !== undefined)
    return (value as unknown[])
      .slice(0, 1)
      .flatMap((at, index) => [
        { path: [...path, index], schema: element, value: at, named: true },
        ...fieldsOf(element, at, [...path, index]),
      ]);
  return [];
}

/** Values of another type than the field's own. */
export function wrongTypes({ value }: Field): unknown[] {
  if (typeof value === "string") return [17, { a: 1 }, null];
  if (typeof value === "number") return ["many", [1], null];
  if (typeof value === "boolean") return ["yes", 1];
  if (Array.isArray(value)) return ["one", { a: 1 }];
  return ["text", ["a"], null];
}

/** Values of the right type that no field accepts: words, numbers and lists beyond every bound. */
export function outOfRange({ value }: Field): unknown[] {
  if (typeof value === "string") return ["", "§", "x".repeat(5000)];
  if (typeof value === "number") return [-1, 1e15, 0.5e-9];
  if (Array.isArray(value)) return [Array.from({ length: 60 }, () => value[0])];
  return [];
}

/** A deep copy of the tree in which the field at `path` is changed. */
export function changed(tree: unknown, path: readonly (string | number)[], change: Change): unknown {
  const copy = structuredClone(tree) as Record<string | number, unknown>;
  const parent = path.slice(0, -1).reduce<Record<string | number, unknown>>((at, key, index) => {
    at[key] ??= typeof path[index + 1] === "number" ? [] : {};
    return at[key] as Record<string | number, unknown>;
  }, copy);
  change(parent, path.at(-1) ?? "");
  return copy;
}

type Change = (parent: Record<string | number, unknown>, key: string | number) => void;

export const without: Change = (parent, key) => {
  delete parent[key];
};

export const misspelt: Change = (parent, key) => {
  parent[`${key}x`] = parent[key];
  delete parent[key];
};

export function replacedBy(value: unknown): Change {
  return (parent, key) => {
    parent[key] = value;
  };
}

/** Every field that the schema can have, with a path in which `*` stands for a user's own name or an index. */
export function allFields(
  schema: z.ZodType,
  path = "",
): { readonly path: string; readonly schema: z.ZodType }[] {
  const def = definition(schema);
  if (def.options !== undefined) return def.options.flatMap((option) => allFields(option, path));
  const children: readonly (readonly [string, z.ZodType | undefined])[] =
    def.shape !== undefined ? Object.entries(def.shape) : [["*", def.valueType ?? def.element]];
  // A field that takes nothing is there for its error alone.
  return children.flatMap(([key, child]) =>
    child === undefined || definition(child).type === "never"
      ? []
      : [{ path: `${path}.${key}`, schema: child }, ...allFields(child, `${path}.${key}`)],
  );
}
