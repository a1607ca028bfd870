import { UnknownConstruct } from "./tokens.ts";
import { List, type Method, type Value } from "./values.ts";

// The functions of Go's text/template and of Alertmanager that the templates of notifications use.

export const FUNCTIONS: Readonly<Record<string, Method>> = {
  eq: (...values) => equal(values),
  ne: (...values) => !equal(values),
  lt: (...values) => numbers(values).every((value, index, all) => index === 0 || (all[0] ?? 0) < value),
  gt: (...values) => numbers(values).every((value, index, all) => index === 0 || (all[0] ?? 0) > value),
  len: (...[value]) => (value instanceof List ? value.items.length : Buffer.byteLength(text(value))),
  index: (...[value, at]) => {
    const item = items(value)[number(at)];
    if (item === undefined) throw new UnknownConstruct("index is beyond the end of a list");
    return item;
  },
  slice: (...[value, from]) => {
    if (number(from) > items(value).length) throw new UnknownConstruct("slice is beyond the end of a list");
    return new List(items(value).slice(number(from)));
  },
  list: (...values) => new List(values),
  append: (...[value, ...more]) => new List([...items(value), ...more]),
  toUpper: (...[value]) => [...text(value)].map(upper).join(""),
  match: (...[pattern, value]) => expression(text(pattern), "").test(text(value)),
  reReplaceAll: (...[pattern, replacement, value]) =>
    text(value).replaceAll(expression(text(pattern), "g"), replacementOf(text(replacement))),
  urlquery: (...values) => values.map((value) => queryEscaped(text(value))).join(""),
  printf: (...[format, ...values]) => {
    const rest = [...values];
    return text(format).replaceAll(/%./g, (verb) => {
      const value = text(rest.shift());
      if (verb === "%s") return value;
      if (verb === "%q") return quoted(value);
      throw new UnknownConstruct(`printf uses ${verb}, which is not known`);
    });
  },
};

function text(value: Value | undefined): string {
  if (typeof value !== "string") throw new UnknownConstruct("a function gets something else than a text");
  return value;
}

function number(value: Value | undefined): number {
  if (typeof value !== "number") throw new UnknownConstruct("a function gets something else than a number");
  return value;
}

const numbers = (values: readonly Value[]) => values.map(number);

function items(value: Value | undefined): readonly Value[] {
  if (!(value instanceof List)) throw new UnknownConstruct("a function gets something else than a list");
  return value.items;
}

function equal([first, second, ...rest]: readonly Value[]): boolean {
  if (typeof first !== "string" || typeof second !== "string" || rest.length > 0)
    throw new UnknownConstruct("eq or ne compares something else than two texts");
  return first === second;
}

/** Go maps each character to one character. */
function upper(character: string): string {
  const result = character.toUpperCase();
  return [...result].length === 1 ? result : character;
}

/** What means the same in Go's regular expressions and in JavaScript's. A backslash, a group with `?` and a dot without `(?s)` may not. */
const SAME = /^(?:\[\^?[^\][\\]+\]|\{\d+(?:,\d*)?\}|\((?!\?)|[)|*+?^$]|[^.\\[\]{}()|*+?^$])*$/u;
const expressions = new Map<string, RegExp>();

function expression(pattern: string, flags: "" | "g"): RegExp {
  const key = `${flags}/${pattern}`;
  const known = expressions.get(key);
  if (known !== undefined) return known;
  const matchesAll = pattern.startsWith("(?s)");
  const own = matchesAll ? pattern.slice(4) : pattern;
  if (!SAME.test(matchesAll ? own.replaceAll(".", "x") : own))
    throw new UnknownConstruct(`the regular expression ${pattern} may mean something else in JavaScript`);
  const made = new RegExp(own, `u${matchesAll ? "s" : ""}${flags}`);
  if (flags === "g" && new RegExp(made.source, "us").test(""))
    throw new UnknownConstruct(`the regular expression ${pattern} matches an empty text`);
  expressions.set(key, made);
  return made;
}

/** `$1` is the first group, unless a letter, digit or underscore follows, which Go reads as part of the name. */
function replacementOf(replacement: string): string {
  if (/\$(?!\d(?!\w))/.test(replacement))
    throw new UnknownConstruct(`the replacement ${replacement} may mean something else in JavaScript`);
  return replacement;
}

/** As url.QueryEscape writes it. */
function queryEscaped(value: string): string {
  return encodeURIComponent(value)
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}

/** As strconv.Quote writes it. */
function quoted(value: string): string {
  if (!/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u.test(value))
    throw new UnknownConstruct("printf quotes a character that is not printable");
  return `"${value.replaceAll(/["\\]/g, "\\$&")}"`;
}
