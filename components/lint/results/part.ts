import {
  type AggregateExpression,
  type BinaryExpression,
  type CallExpression,
  constantOf,
  type Expression,
  isFilter,
  isSame,
  type Matcher,
  type RangeExpression,
  type SelectorExpression,
  type SubqueryExpression,
} from "../../promql/expression.ts";
import { matchesWhole } from "../../promql/matching.ts";
import { isPartByName } from "../metrics.ts";
import type { Recorded } from "../recorded.ts";

/**
 * How one result is a part of another: `each` of its values is at most the other's of the same labels; `some` of its series are
 * the other's, and the rest is missing.
 */
type Part = "each" | "some";

const DEEPEST = 12;

/** Whether a result is never larger than another, so that their quotient is a share from 0 to 1. For values of at least zero. */
export function isPartOf(part: Expression, whole: Expression, recorded: Recorded): boolean {
  return partOf(part, whole, recorded, 0) !== undefined;
}

/** Asks the same of two smaller expressions. */
type Inner = (part: Expression, whole: Expression) => Part | undefined;

function partOf(part: Expression, whole: Expression, recorded: Recorded, depth: number): Part | undefined {
  if (isSame(part, whole)) return "each";
  if (depth > DEEPEST) return undefined;
  const inner: Inner = (one, other) => partOf(one, other, recorded, depth + 1);
  // A guard such as `> 0` changes no value that is left, and what replaces nothing by zero adds nothing.
  if (isFilter(whole)) return inner(part, whole.left);
  if (isFilter(part)) return some(inner(part.left, whole));
  if (part.kind === "binary" && part.operator === "or" && isZero(part.right)) return inner(part.left, whole);
  if (part.kind === "binary" && (part.operator === "and" || part.operator === "unless"))
    return some(inner(part.left, whole));
  if (whole.kind === "call" && whole.name === "clamp_min" && whole.args[0]) return inner(part, whole.args[0]);
  return partOfSameKind(part, whole, recorded, inner);
}

function partOfSameKind(
  part: Expression,
  whole: Expression,
  recorded: Recorded,
  inner: Inner,
): Part | undefined {
  if (part.kind === "selector" && whole.kind === "selector")
    return partOfSeries(part, whole, recorded, inner);
  if (part.kind === "range" && whole.kind === "range") return partOfStretch(part, whole, inner);
  if (part.kind === "subquery" && whole.kind === "subquery") return partOfStretch(part, whole, inner);
  if (part.kind === "call" && whole.kind === "call") return partOfCall(part, whole, inner);
  if (part.kind === "aggregate" && whole.kind === "aggregate") return partOfAggregate(part, whole, inner);
  if (part.kind === "binary" && whole.kind === "binary") return partOfOperator(part, whole, inner);
  return undefined;
}

function partOfStretch<Stretch extends RangeExpression | SubqueryExpression>(
  part: Stretch,
  whole: Stretch,
  inner: Inner,
): Part | undefined {
  return part.length === whole.length && part.offset === whole.offset ? inner(part.of, whole.of) : undefined;
}

function partOfCall(part: CallExpression, whole: CallExpression, inner: Inner): Part | undefined {
  if (part.name !== whole.name || !GROWING.has(part.name)) return undefined;
  const [[of, ...others], [ofWhole, ...othersOfWhole]] = [part.args, whole.args];
  if (of === undefined || ofWhole === undefined) return undefined;
  return JSON.stringify(others) === JSON.stringify(othersOfWhole) ? inner(of, ofWhole) : undefined;
}

/** Aggregations under which what is a part stays one: the mean or the least of some can exceed that of all. */
const KEEPING: Readonly<Record<Part, readonly string[]>> = {
  each: ["sum", "avg", "max", "min"],
  some: ["sum", "max", "count"],
};

function partOfAggregate(
  part: AggregateExpression,
  whole: AggregateExpression,
  inner: Inner,
): Part | undefined {
  if (part.operation !== whole.operation) return undefined;
  if (JSON.stringify(part.grouping) !== JSON.stringify(whole.grouping)) return undefined;
  const of = inner(part.of, whole.of);
  return of !== undefined && KEEPING[of].includes(part.operation) ? "each" : undefined;
}

function partOfOperator(part: BinaryExpression, whole: BinaryExpression, inner: Inner): Part | undefined {
  if (part.operator !== whole.operator) return undefined;
  const factor = constantOf(part.right);
  const isScaled = ["*", "/"].includes(part.operator) && factor === constantOf(whole.right);
  if (isScaled && factor !== undefined && factor > 0) return inner(part.left, whole.left);
  if (part.operator !== "or" && part.operator !== "+") return undefined;
  const [left, right] = [inner(part.left, whole.left), inner(part.right, whole.right)];
  return left && right ? "some" : undefined;
}

/** Functions under which the smaller of two stays the smaller. */
const GROWING: ReadonlySet<string> = new Set([
  "rate",
  "irate",
  "increase",
  "sum_over_time",
  "avg_over_time",
  "max_over_time",
  "min_over_time",
  "last_over_time",
  "label_replace",
  "vector",
]);

function partOfSeries(
  part: SelectorExpression,
  whole: SelectorExpression,
  recorded: Recorded,
  inner: Inner,
): Part | undefined {
  if (part.offset !== whole.offset) return undefined;
  const [made] = recorded.producersOf(part);
  const [madeWhole] = recorded.producersOf(whole);
  if (made && madeWhole && part.metric !== whole.metric)
    return sameConditions(part, whole) ? inner(made.expression, madeWhole.expression) : undefined;
  if (part.metric === whole.metric) return isNarrower(part, whole) ? "some" : undefined;
  if (!isPartByName(part.metric ?? "", whole.metric ?? "") || !isNarrower(part, whole)) return undefined;
  return sameConditions(part, whole) ? "each" : "some";
}

function sameConditions(left: SelectorExpression, right: SelectorExpression): boolean {
  return isNarrower(left, right) && isNarrower(right, left);
}

/** Whether every series that `part` selects, `whole` selects too. */
function isNarrower(part: SelectorExpression, whole: SelectorExpression): boolean {
  return whole.matchers.every((condition) => part.matchers.some((own) => implies(own, condition)));
}

function implies(own: Matcher, condition: Matcher): boolean {
  if (own.label !== condition.label) return false;
  if (own.operator === condition.operator && own.value === condition.value) return true;
  if (own.operator !== "=") return false;
  switch (condition.operator) {
    case "=":
      return false;
    case "!=":
      return own.value !== condition.value;
    // Of a pattern that only RE2 can read nobody knows here what it matches, and doubt is no proof.
    case "=~":
      return matchesWhole(condition.value, own.value) === true;
    case "!~":
      return matchesWhole(condition.value, own.value) === false;
  }
}

function some(part: Part | undefined): Part | undefined {
  return part && "some";
}

/** Nothing but zeros, whatever series they belong to. */
function isZero(expression: Expression): boolean {
  if (constantOf(expression) === 0) return true;
  if (expression.kind === "call" && expression.name === "vector") return expression.args.every(isZero);
  return (
    expression.kind === "binary" &&
    expression.operator === "*" &&
    [expression.left, expression.right].some(isZero)
  );
}
