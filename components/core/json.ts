/** An object of a JSON text of which nothing is known yet. */
export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list; none for what is no list. */
export function objectsIn(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

/** A value with each of its texts replaced. */
export function withTexts(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === "string") return replace(value);
  if (Array.isArray(value)) return value.map((item) => withTexts(item, replace));
  if (!isJson(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTexts(item, replace)]));
}

/** The texts of a value, each with the way to it; the last step is the name that it stands under, or its number in a list. */
export function textsOf(
  value: unknown,
  way: readonly (string | number)[] = [],
): readonly (readonly [text: string, way: readonly (string | number)[]])[] {
  if (typeof value === "string") return [[value, way]];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsOf(item, [...way, index]));
  if (!isJson(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => textsOf(item, [...way, key]));
}
