import type { Duration } from "../core/duration.ts";
import { LABEL_NAME, printSelector, quoted, type Selector } from "./matchers.ts";

export {
  equal,
  type Matcher,
  matching,
  metric,
  notMatching,
  present,
  printSelector,
  type Selector,
  where,
} from "./matchers.ts";

// Functions that compose PromQL. The types of their arguments are those of Prometheus, operands get brackets by precedence, and names and
// values are checked or escaped, so that no expression built here is a syntax error.

type Kind = "instant" | "range" | "scalar";

/** A PromQL expression of one kind, ready to print. */
interface Expression<K extends Kind> {
  readonly kind: K;
  readonly text: string;
  /** Precedence of its outermost operator; the highest if it is no operator. */
  readonly binds: number;
}

/** One value for each series at the time of the evaluation. */
export type InstantVector = Expression<"instant">;
/** The samples of each series within a window. */
export type RangeVector = Expression<"range">;
/** One number without labels. */
export type Scalar = Expression<"scalar">;

const ATOM = 10;

/** Precedence of the binary operators, lowest first, as Prometheus defines it. */
export const PRECEDENCE = {
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
/** All samples of each series within the range together. */
export const sumOverTime = (range: RangeVector): InstantVector => call("sum_over_time", range);
/** The newest sample within the range. */
export const lastOverTime = (range: RangeVector): InstantVector => call("last_over_time", range);

/** The largest sample within the range. */
export const maxOverTime = (range: RangeVector): InstantVector => call("max_over_time", range);
/** The smallest sample within the range. */
export const minOverTime = (range: RangeVector): InstantVector => call("min_over_time", range);

/** The newest value of each series at the multiples of `step` within a window that ended `offset` ago. */
export function lastOfTimes(selector: Selector, window: Duration, step: Duration, offset?: Duration) {
  const range = `${printSelector(selector)}[${window}:${step}]${printOffset(offset)}`;
  return call("last_over_time", atom("range", range));
}

/** The number of the times, `step` apart within the last `window`, at which each series of an expression exists. */
export function countOfTimes(operand: InstantVector, window: Duration, step: Duration): InstantVector {
  const text = operand.binds === ATOM ? operand.text : `(${operand.text})`;
  return atom("instant", `count_over_time(${text}[${window}:${step}])`);
}

/** A user's expression, which must have been validated. As an operand it always gets brackets. */
export function written(text: string): InstantVector {
  return { kind: "instant", text, binds: 0 };
}

/** The sum of a query's values over `window`, evaluated at the evaluation interval. */
export function sumOfQuery(operand: InstantVector, window: Duration): InstantVector {
  return atom("instant", `sum_over_time((${operand.text})[${window}:])`);
}

/** 1, with the labels of the selector's equality matchers, if it selects no series. */
export function absent(selector: Selector): InstantVector {
  return call("absent", instant(selector));
}

/** One series without labels with a number as its value. */
export function vector(value: Scalar): InstantVector {
  return call("vector", value);
}

/** Values below `least` become `least`. */
export function clampMin(vector: InstantVector, least: Scalar): InstantVector {
  return call("clamp_min", vector, least);
}

/** Values above `most` become `most`. */
export function clampMax(vector: InstantVector, most: Scalar): InstantVector {
  return call("clamp_max", vector, most);
}

/** The vector with one label set to a value, to distinguish series that are otherwise the same. */
export function labelled(operand: InstantVector, label: string, value: string): InstantVector {
  if (!LABEL_NAME.test(label)) throw new RangeError(`${JSON.stringify(label)} is not a valid label name`);
  // The source label does not exist, so the empty pattern always matches; a dollar sign would be a capture group.
  return atom(
    "instant",
    `label_replace(${operand.text}, ${quoted(label)}, ${quoted(value.replaceAll("$", "$$$$"))}, "", "")`,
  );
}

/** One series: the sum of all; or one for each combination of the named labels. */
export const sum = (operand: InstantVector, ...by: readonly string[]) => aggregate("sum", operand, by);

/** One series for each combination of the other labels than the named ones: the sum of each. */
export function sumWithout(operand: InstantVector, ...labels: readonly string[]): InstantVector {
  return atom("instant", `sum without (${labels.join(", ")}) (${operand.text})`);
}

/** The series with the largest value; of several any one. */
export const topOne = (operand: InstantVector): InstantVector => call("topk", scalar(1), operand);

function aggregate(operation: "sum" | "max", operand: InstantVector, by: readonly string[]): InstantVector {
  if (by.length === 0) return call(operation, operand);
  return atom("instant", `${operation} by (${labelList(by)}) (${operand.text})`);
}

/** The number of observations of a native histogram; for its rate, the observations per second. */
export const histogramCount = (histograms: InstantVector): InstantVector =>
  call("histogram_count", histograms);

/**
 * The share of a native histogram's observations from `low` to `high`, from 0 to 1; NaN for one without observations. Within the
 * bucket of a limit, Prometheus assumes that the observations are evenly distributed.
 */
export function histogramFraction(low: Scalar, high: Scalar, histograms: InstantVector): InstantVector {
  return call("histogram_fraction", low, high, histograms);
}

/** The quantile of a share from 0 to 1. Classic buckets are grouped by their labels without `le`. */
export function histogramQuantile(share: Scalar, histograms: InstantVector): InstantVector {
  return call("histogram_quantile", share, histograms);
}

/** The number of series; no data if there is none. */
export const count = (operand: InstantVector): InstantVector => call("count", operand);

/** One series: the largest of all; or one for each combination of the named labels. */
export const max = (operand: InstantVector, ...by: readonly string[]) => aggregate("max", operand, by);

/** One series: the mean of all. */
export const mean = (operand: InstantVector): InstantVector => call("avg", operand);

/** A number, or its decimal text if a float would not be exact. */
export function scalar(value: number | string): Scalar {
  const text = String(value);
  if (!/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/.test(text)) throw new RangeError(`${text} is not a finite number`);
  return { kind: "scalar", text, binds: text.startsWith("-") ? PRECEDENCE["*"] : ATOM };
}

/** Both added, series by series of the same labels. */
export const plus = (left: InstantVector, right: InstantVector | Scalar) => binary("+", left, right);
/** Left minus right. */
export const minus = (left: InstantVector | Scalar, right: InstantVector | Scalar) =>
  binary("-", left, right);
/** Both multiplied. */
export const times = (left: InstantVector | Scalar, right: InstantVector) => binary("*", left, right);
/** Left divided by right; NaN or infinite if the right is zero. */
export const dividedBy = (left: InstantVector, right: InstantVector | Scalar) => binary("/", left, right);

/** The series of the left whose value exceeds the right. */
export const above = (left: InstantVector, right: InstantVector | Scalar) => binary(">", left, right);
/** The series of the left whose value is at least the right. */
export const atLeast = (left: InstantVector, right: InstantVector | Scalar) => binary(">=", left, right);
/** The series of the left whose value is at most the right. */
export const atMost = (left: InstantVector, right: InstantVector | Scalar) => binary("<=", left, right);
/** The series of the left whose value is below the right. */
export const below = (left: InstantVector, right: InstantVector | Scalar) => binary("<", left, right);

/** The series of the left whose labels exist in all others. */
export function and(left: InstantVector, ...others: readonly InstantVector[]): InstantVector {
  return others.reduce((joined, other) => binary("and", joined, other), left);
}

/** The series of the left, and those of each further vector whose labels no earlier one had. */
export function or(left: InstantVector, ...others: readonly InstantVector[]): InstantVector {
  return others.reduce((joined, other) => binary("or", joined, other), left);
}

/** The left while a condition without labels is true, such as one about the date. */
export function whenever(left: InstantVector, condition: InstantVector): InstantVector {
  const binds = PRECEDENCE.and;
  const text = `${bracketed(left, binds)} and on () ${bracketed(condition, binds + 1)}`;
  return { kind: "instant", text, binds };
}

/** The series of both whose values are the same. */
export const same = (left: InstantVector, right: InstantVector | Scalar) => binary("==", left, right);

/** The series of the left whose labels do not exist in the right. */
export const unless = (left: InstantVector, right: InstantVector) => binary("unless", left, right);

/** The series of the left whose values of these labels exist in the right. */
export const andOn = (left: InstantVector, labels: readonly string[], right: InstantVector) =>
  matched("and", left, labels, right);
/** The series of the left whose values of these labels do not exist in the right. */
export const unlessOn = (left: InstantVector, labels: readonly string[], right: InstantVector) =>
  matched("unless", left, labels, right);

function matched(
  operator: "and" | "unless",
  left: InstantVector,
  labels: readonly string[],
  right: InstantVector,
): InstantVector {
  const binds = PRECEDENCE[operator];
  const text = `${bracketed(left, binds)}\n${operator} on (${labelList(labels)}) ${bracketed(right, binds + 1)}`;
  return { kind: "instant", text, binds };
}

function labelList(labels: readonly string[]): string {
  const unnamed = labels.find((label) => !LABEL_NAME.test(label));
  if (unnamed !== undefined) throw new RangeError(`${JSON.stringify(unnamed)} is not a valid label name`);
  return labels.join(", ");
}

function binary(
  operator: keyof typeof PRECEDENCE,
  left: InstantVector | Scalar,
  right: InstantVector | Scalar,
): InstantVector {
  const binds = PRECEDENCE[operator];
  // Operators of the same precedence are left-associative, so only a right operand with the same precedence needs brackets.
  const leftText = bracketed(left, binds);
  const rightText = bracketed(right, binds + 1);
  // and, or and unless begin a new line, to make rules easier to read.
  const separator = binds <= PRECEDENCE.and ? "\n" : " ";
  return { kind: "instant", text: `${leftText}${separator}${operator} ${rightText}`, binds };
}

function bracketed({ text, binds }: InstantVector | Scalar, atLeastAs: number): string {
  return binds < atLeastAs ? `(${text})` : text;
}

/** A call of a function. For modules that add functions to these. */
export function call(name: string, ...args: readonly Expression<Kind>[]): InstantVector {
  return atom("instant", `${name}(${args.map(({ text }) => text).join(", ")})`);
}

/** An expression without an operator. */
export function atom<K extends Kind>(kind: K, text: string): Expression<K> {
  return { kind, text, binds: ATOM };
}
