import { duration } from "../../components/core/duration.ts";
import {
  constantOf,
  type Expression,
  isFilter,
  isSame,
  type Matcher,
} from "../../components/promql/expression.ts";
import { parsedQuery } from "../../components/promql/parse.ts";
import { printCondition, printQuery } from "../../components/promql/print.ts";
import type { Detail } from "./change.ts";

/** More differences than these in one query are not read one by one: both queries are shown. */
const MOST = 6;

/**
 * What is different between two queries, as parts of their trees; none where they ask the same, however they are laid out. A number that
 * the whole query is compared with is called its threshold.
 */
export function queryDetails(before: string, after: string): readonly Detail[] {
  if (before === after) return [];
  const [left, right] = [parsedQuery(before), parsedQuery(after)];
  if (left === undefined || right === undefined) return sameText(before, after) ? [] : [whole(before, after)];
  if (isSame(left, right)) return [];
  const details: Detail[] = [];
  compareTop(left, right, details);
  return details.length > MOST ? [whole(printQuery(left), printQuery(right))] : details;
}

function sameText(before: string, after: string): boolean {
  return before.replace(/\s+/g, " ").trim() === after.replace(/\s+/g, " ").trim();
}

function whole(before: string, after: string): Detail {
  return { label: "query", before, after };
}

function compareTop(left: Expression, right: Expression, details: Detail[]): void {
  if (isFilter(left) && isFilter(right)) {
    const [one, other] = [constantOf(left.right), constantOf(right.right)];
    if (one !== undefined && other !== undefined) {
      const [was, is] = [`${left.operator} ${one}`, `${right.operator} ${other}`];
      if (was !== is) details.push({ label: "threshold", before: was, after: is });
      compare(left.left, right.left, details);
      return;
    }
  }
  compare(left, right, details);
}

/** What a detail of a query is called that has a condition more, such as `unless on (node) …`, and of one that has one less. */
export const ADDED = "condition";
export const REMOVED = "condition that is gone";

const CONDITIONS: ReadonlySet<string> = new Set(["and", "unless", "or"]);

/** The conditions that stand behind an expression in another one; undefined where that is not all that the other one has more. */
function chained(inner: Expression, outer: Expression): string | undefined {
  const conditions: string[] = [];
  let rest = outer;
  while (rest.kind === "binary" && CONDITIONS.has(rest.operator)) {
    conditions.unshift(printCondition(rest));
    rest = rest.left;
    if (isSame(rest, inner)) return conditions.join(" ");
  }
  return undefined;
}

function compare(left: Expression, right: Expression, details: Detail[]): void {
  if (isSame(left, right)) return;
  const [one, other] = [constantOf(left), constantOf(right)];
  if (one !== undefined && other !== undefined) {
    details.push({ label: "number", before: String(one), after: String(other) });
    return;
  }
  const more = chained(left, right);
  const less = chained(right, left);
  if (more !== undefined) details.push({ label: ADDED, after: more });
  else if (less !== undefined) details.push({ label: REMOVED, before: less });
  else if (left.kind !== right.kind || !compareKind(left, right, details))
    details.push({ label: "part", before: printQuery(left), after: printQuery(right) });
}

type Of<Kind extends Expression["kind"]> = Extract<Expression, { readonly kind: Kind }>;

/** Whether the two were compared part by part. */
function compareKind(left: Expression, right: Expression, details: Detail[]): boolean {
  if (left.kind === "selector" && right.kind === "selector") return compareSelectors(left, right, details);
  if (left.kind === "range" && right.kind === "range") return compareWindows(left, right, details);
  if (left.kind === "subquery" && right.kind === "subquery")
    return left.step === right.step && compareWindows(left, right, details);
  if (left.kind === "call" && right.kind === "call")
    return left.name === right.name && compareAll(left.args, right.args, details);
  if (left.kind === "aggregate" && right.kind === "aggregate") return compareAggregates(left, right, details);
  if (left.kind === "binary" && right.kind === "binary") return compareBinaries(left, right, details);
  if (left.kind === "negated" && right.kind === "negated") return compareAll([left.of], [right.of], details);
  return false;
}

type Windowed = Of<"range"> | Of<"subquery">;

function compareWindows(left: Windowed, right: Windowed, details: Detail[]): boolean {
  if (left.offset !== right.offset) return false;
  lengths("range", left, right, details);
  compare(left.of, right.of, details);
  return true;
}

function compareAggregates(left: Of<"aggregate">, right: Of<"aggregate">, details: Detail[]): boolean {
  const isParameterOfBoth = (left.parameter === undefined) === (right.parameter === undefined);
  if (left.operation !== right.operation || !isParameterOfBoth) return false;
  const [was, is] = [grouping(left.grouping), grouping(right.grouping)];
  if (was !== is) details.push({ label: `grouping of ${left.operation}`, before: was, after: is });
  if (left.parameter && right.parameter) compare(left.parameter, right.parameter, details);
  compare(left.of, right.of, details);
  return true;
}

function compareBinaries(left: Of<"binary">, right: Of<"binary">, details: Detail[]): boolean {
  if (left.operator !== right.operator || left.bool !== right.bool) return false;
  if (!sameJson(left.matching, right.matching) || !sameJson(left.many, right.many)) return false;
  return compareAll([left.left, left.right], [right.left, right.right], details);
}

function compareAll(left: readonly Expression[], right: readonly Expression[], details: Detail[]): boolean {
  if (left.length !== right.length) return false;
  for (const [index, one] of left.entries()) {
    const other = right[index];
    if (other !== undefined) compare(one, other, details);
  }
  return true;
}

function compareSelectors(left: Of<"selector">, right: Of<"selector">, details: Detail[]): boolean {
  if (left.metric !== right.metric || left.offset !== right.offset) return false;
  const [was, is] = [left.matchers.map(matcher), right.matchers.map(matcher)];
  const gone = was.filter((each) => !is.includes(each));
  const added = is.filter((each) => !was.includes(each));
  // The order of matchers means nothing.
  if (gone.length + added.length > 0)
    details.push({
      label: `matchers of ${left.metric ?? "{}"}`,
      before: gone.join(", ") || "none",
      after: added.join(", ") || "none",
    });
  return true;
}

function matcher({ label, operator, value }: Matcher): string {
  return `${label}${operator}"${value}"`;
}

function lengths(
  label: string,
  left: { readonly length: number; readonly of: Expression },
  right: { readonly length: number },
  details: Detail[],
): void {
  if (left.length === right.length) return;
  const about = left.of.kind === "selector" ? ` of ${left.of.metric ?? "{}"}` : "";
  details.push({ label: `${label}${about}`, before: duration(left.length), after: duration(right.length) });
}

function grouping(clause: { readonly mode: string; readonly labels: readonly string[] } | undefined): string {
  return clause === undefined ? "none" : `${clause.mode} (${clause.labels.toSorted().join(", ")})`;
}

function sameJson(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Whether two queries ask the same, however they are laid out. */
export function isSameQuery(before: string, after: string): boolean {
  return queryDetails(before, after).length === 0;
}
