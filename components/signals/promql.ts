import type { Duration } from "../core/duration.ts";

// PromQL composed by types: what a function takes is what Prometheus lets it take, operands are put in brackets by
// precedence, and names and values are checked or escaped, so that no expression built here is a syntax error.

type Kind = "instant" | "range" | "scalar";

/** A PromQL expression of one kind, ready to print. */
interface Expression<K extends Kind> {
  readonly kind: K;
  readonly text: string;
  /** How tightly its outermost operator binds; what is no operator binds tightest. */
  readonly binds: number;
}

/** One value for each series, now. */
export type InstantVector = Expression<"instant">;
/** The samples of each series within a window. */
export type RangeVector = Expression<"range">;
/** One number without labels. */
export type Scalar = Expression<"scalar">;

/** A condition on one label. */
export interface Matcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

/** A metric and conditions on its labels: what ranges and offsets are put on. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** Text that a string literal holds as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;
const ATOM = 10;

/** Binding of the binary operators, loosest first, as Prometheus defines it. */
const PRECEDENCE = {
  or: 1,
  and: 2,
  unless: 2,
  "==": 3,
  ">": 3,
  ">=": 3,
  "<": 3,
  "<=": 3,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
} as const;

/** A selector. Throws a RangeError for what is no name of a metric. */
export function metric(name: string, ...matchers: readonly Matcher[]): Selector {
  if (!METRIC_NAME.test(name)) throw new RangeError(`${JSON.stringify(name)} is no name of a metric`);
  return { metric: name, matchers };
}

/** The same selector under further conditions. */
export function where(selector: Selector, ...matchers: readonly Matcher[]): Selector {
  return { ...selector, matchers: [...selector.matchers, ...matchers] };
}

/** Conditions that each label equals its value. */
export function equal(labels: Readonly<Record<string, string>>): Matcher[] {
  return Object.entries(labels).map(([label, value]) => matcher(label, "=", value));
}

/** A condition that the whole value matches a pattern, which must be one that RE2 reads too. */
export function matching(label: string, pattern: RegExp): Matcher {
  return matcher(label, "=~", pattern.source);
}

/** A condition that a whole value does not match a pattern. */
export function notMatching(label: string, pattern: RegExp): Matcher {
  return matcher(label, "!~", pattern.source);
}

/** A condition that a label is there. */
export function present(label: string): Matcher {
  return matcher(label, "!=", "");
}

function matcher(label: string, operator: Matcher["operator"], value: string): Matcher {
  if (!LABEL_NAME.test(label)) throw new RangeError(`${JSON.stringify(label)} is no name of a label`);
  return { label, operator, value };
}

/** A selector as promtool and templates write a series: the metric with its conditions. */
export function printSelector({ metric: name, matchers }: Selector): string {
  return `${name}${printMatchers(matchers)}`;
}

/** Lists of conditions that many selectors share are printed once. */
const printed = new WeakMap<readonly Matcher[], string>();

function printMatchers(matchers: readonly Matcher[]): string {
  if (matchers.length === 0) return "";
  const text =
    printed.get(matchers) ??
    `{${matchers.map(({ label, operator, value }) => `${label}${operator}${quoted(value)}`).join(",")}}`;
  printed.set(matchers, text);
  return text;
}

/** A string literal. JSON's escapes are a subset of PromQL's, except for half a surrogate pair, which is no text. */
function quoted(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  if (/\p{Surrogate}/u.test(value)) throw new RangeError(`${JSON.stringify(value)} is no well-formed text`);
  return JSON.stringify(value);
}

/** The newest sample of each series, now or `offset` ago. */
export function instant(selector: Selector, offset?: Duration): InstantVector {
  return atom("instant", printSelector(selector) + printOffset(offset));
}

/** The samples of the last `window`, now or `offset` ago. */
export function over(selector: Selector, window: Duration, offset?: Duration): RangeVector {
  return atom("range", `${printSelector(selector)}[${window}]${printOffset(offset)}`);
}

function printOffset(offset: Duration | undefined): string {
  return offset === undefined || offset === "0s" ? "" : ` offset ${offset}`;
}

/** Increase per second of each counter. */
export const rate = (range: RangeVector): InstantVector => call("rate", range);
/** Increase per second of each counter between the two newest samples of the range. */
export const irate = (range: RangeVector): InstantVector => call("irate", range);
/** All samples of each series within the range together. */
export const sumOverTime = (range: RangeVector): InstantVector => call("sum_over_time", range);
/** The newest sample within the range, however old. */
export const lastOverTime = (range: RangeVector): InstantVector => call("last_over_time", range);

/** An expression that a user wrote, which must have been checked to be one. It stands in brackets wherever it is an operand. */
export function written(text: string): InstantVector {
  return { kind: "instant", text, binds: 0 };
}

/** The values of a query added up, which is looked at again and again over the last `window`, at the interval of the rules. */
export function sumOfQuery(operand: InstantVector, window: Duration): InstantVector {
  return atom("instant", `sum_over_time((${operand.text})[${window}:])`);
}

/** 1, with the labels that the selector's equalities name, where it selects nothing. */
export function absent(selector: Selector): InstantVector {
  return call("absent", instant(selector));
}

/** One series without labels that holds a number. */
export function vector(value: Scalar): InstantVector {
  return call("vector", value);
}

/** Values below `least` become `least`. */
export function clampMin(vector: InstantVector, least: Scalar): InstantVector {
  return call("clamp_min", vector, least);
}

/** The vector with one label set to a value, so that series that are otherwise alike are kept apart. */
export function labelled(operand: InstantVector, label: string, value: string): InstantVector {
  if (!LABEL_NAME.test(label)) throw new RangeError(`${JSON.stringify(label)} is no name of a label`);
  // With a source that exists nowhere the empty pattern always matches; a dollar sign would name a group.
  return atom(
    "instant",
    `label_replace(${operand.text}, ${quoted(label)}, ${quoted(value.replaceAll("$", "$$$$"))}, "", "")`,
  );
}

/** One series: the sum of all; or one for each combination of the named labels. */
export const sum = (operand: InstantVector, ...by: readonly string[]) => aggregate("sum", operand, by);

function aggregate(operation: "sum" | "max", operand: InstantVector, by: readonly string[]): InstantVector {
  if (by.length === 0) return call(operation, operand);
  const unnamed = by.find((label) => !LABEL_NAME.test(label));
  if (unnamed !== undefined) throw new RangeError(`${JSON.stringify(unnamed)} is no name of a label`);
  return atom("instant", `${operation} by (${by.join(", ")}) (${operand.text})`);
}

/** How many observations a native histogram holds; of its rate, those of each second. */
export const histogramCount = (histograms: InstantVector): InstantVector =>
  call("histogram_count", histograms);

/**
 * The share of a native histogram's observations from `low` to `high`, from 0 to 1; NaN for one without observations. Within the
 * bucket that a limit falls into, observations are taken to be spread evenly.
 */
export function histogramFraction(low: Scalar, high: Scalar, histograms: InstantVector): InstantVector {
  return call("histogram_fraction", low, high, histograms);
}

/** The value that a share of observations, from 0 to 1, do not exceed; of classic buckets, those that share their other labels. */
export function histogramQuantile(share: Scalar, histograms: InstantVector): InstantVector {
  return call("histogram_quantile", share, histograms);
}

/** How many series there are; nothing where there is none. */
export const count = (operand: InstantVector): InstantVector => call("count", operand);

/** One series: the largest of all; or one for each combination of the named labels. */
export const max = (operand: InstantVector, ...by: readonly string[]) => aggregate("max", operand, by);

/** One series: the mean of all. */
export const mean = (operand: InstantVector): InstantVector => call("avg", operand);

/** The moment of the evaluation, in seconds since 1970. */
export const now = (): Scalar => ({ kind: "scalar", text: "time()", binds: ATOM });

/** A number, or its decimal text where a float would add noise. */
export function scalar(value: number | string): Scalar {
  const text = String(value);
  if (!/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/.test(text)) throw new RangeError(`${text} is no finite number`);
  return { kind: "scalar", text, binds: text.startsWith("-") ? PRECEDENCE["*"] : ATOM };
}

/** Both added, series by series of the same labels. */
export const plus = (left: InstantVector, right: InstantVector | Scalar) => binary("+", left, right);
/** The right taken from the left. */
export const minus = (left: InstantVector | Scalar, right: InstantVector) => binary("-", left, right);
/** Both multiplied. */
export const times = (left: InstantVector | Scalar, right: InstantVector) => binary("*", left, right);
/** The left divided by the right; NaN or infinite where the right is zero. */
export const dividedBy = (left: InstantVector, right: InstantVector | Scalar) => binary("/", left, right);

/** The series of the left whose value exceeds the right. */
export const above = (left: InstantVector, right: InstantVector | Scalar) => binary(">", left, right);
/** The series of the left whose value reaches the right. */
export const atLeast = (left: InstantVector, right: InstantVector | Scalar) => binary(">=", left, right);
/** The series of the left whose value does not exceed the right. */
export const atMost = (left: InstantVector, right: InstantVector | Scalar) => binary("<=", left, right);
/** The series of the left whose value is below the right. */
export const below = (left: InstantVector, right: InstantVector | Scalar) => binary("<", left, right);

/** The series of the left that all others hold too, label by label. */
export function and(left: InstantVector, ...others: readonly InstantVector[]): InstantVector {
  return others.reduce((joined, other) => binary("and", joined, other), left);
}

/** The left, and of each further vector the series whose labels no earlier one had. */
export function or(left: InstantVector, ...others: readonly InstantVector[]): InstantVector {
  return others.reduce((joined, other) => binary("or", joined, other), left);
}

/** The left while a condition holds that has no labels, such as one about the date. */
export function whenever(left: InstantVector, condition: InstantVector): InstantVector {
  const binds = PRECEDENCE.and;
  const text = `${bracketed(left, binds)} and on () ${bracketed(condition, binds + 1)}`;
  return { kind: "instant", text, binds };
}

/** The series of both whose values are the same. */
export const same = (left: InstantVector, right: InstantVector | Scalar) => binary("==", left, right);

/** The month of the moment that lies so many seconds back, from 1 to 12 in UTC, as one series without labels. */
export const monthOf = (ago: number): InstantVector => call("month", vectorAgo(ago));
/** The day of its month, from 1. */
export const dayOfMonth = (ago: number): InstantVector => call("day_of_month", vectorAgo(ago));
/** How many days its month has. */
export const daysInMonth = (ago: number): InstantVector => call("days_in_month", vectorAgo(ago));

function vectorAgo(ago: number): InstantVector {
  return atom("instant", `vector(${moment(ago).text})`);
}

/** 1 in months of an odd number, and 0 in the others. No month is followed by one that is odd or even like itself. */
export function isOddMonth(ago: number): InstantVector {
  return { kind: "instant", text: `${monthOf(ago).text} % 2`, binds: PRECEDENCE["*"] };
}

/** Seconds from the beginning of the month to the moment that lies so many seconds back, in UTC. */
export function secondsOfMonth(ago: number): Scalar {
  const days = `scalar(${dayOfMonth(ago).text}) - 1`;
  return atom("scalar", `((${days}) * 86400 + (${moment(ago).text}) % 86400)`);
}

/** The seconds of the whole month that the moment lies in. */
export function secondsInMonth(ago: number): Scalar {
  return atom("scalar", `(scalar(${daysInMonth(ago).text}) * 86400)`);
}

/** A vector of one series as a number. */
export const numberOf = (operand: InstantVector): Scalar => atom("scalar", `scalar(${operand.text})`);

function moment(ago: number): Scalar {
  return { kind: "scalar", text: `time() - ${scalar(ago).text}`, binds: PRECEDENCE["-"] };
}

/** The series of the left that the right does not hold. */
export const unless = (left: InstantVector, right: InstantVector) => binary("unless", left, right);

function binary(
  operator: keyof typeof PRECEDENCE,
  left: InstantVector | Scalar,
  right: InstantVector | Scalar,
): InstantVector {
  const binds = PRECEDENCE[operator];
  // Operators of one precedence group from the left, so only a right operand needs brackets against its own kind.
  const leftText = bracketed(left, binds);
  const rightText = bracketed(right, binds + 1);
  // What joins whole conditions begins a line of its own: rules are read by people.
  const separator = binds <= PRECEDENCE.and ? "\n" : " ";
  return { kind: "instant", text: `${leftText}${separator}${operator} ${rightText}`, binds };
}

function bracketed({ text, binds }: InstantVector | Scalar, atLeastAs: number): string {
  return binds < atLeastAs ? `(${text})` : text;
}

function call(name: string, ...args: readonly Expression<Kind>[]): InstantVector {
  return atom("instant", `${name}(${args.map(({ text }) => text).join(", ")})`);
}

function atom<K extends Kind>(kind: K, text: string): Expression<K> {
  return { kind, text, binds: ATOM };
}
