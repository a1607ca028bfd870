import { nodesOf, operandsOf, type PromqlNode, textOf, topOf, treeOf, unwrapped } from "../promql/tree.ts";
import { isOneSeries, WINDOW, withoutPlaceholders, withPlaceholders } from "../signals/windowed-query.ts";

/** A query that is a quotient, taken apart. */
export interface Quotient {
  readonly numerator: string;
  readonly denominator: string;
}

/** The two sides of `a / b`, whatever brackets are around it; `undefined` for any other query. */
export function quotient(query: string): Quotient | undefined {
  const { text, top } = read(query);
  const [left, right] = sides(top, "Div");
  if (left === undefined || right === undefined) return undefined;
  return { numerator: restored(left, text), denominator: restored(right, text) };
}

/** What is taken from 1 in `1 - x`; `undefined` for any other query. */
export function complement(query: string): string | undefined {
  const { text, top } = read(query);
  const [left, right] = sides(top, "Sub");
  if (left === undefined || right === undefined) return undefined;
  return Number(textOf(left, text)) === 1 ? restored(right, text) : undefined;
}

/** The ranges of a query that has no {@link WINDOW} in it, such as the `5m` of `rate(x[5m])`. */
export function fixedRanges(query: string): readonly string[] {
  return rangesOf(query).map((range) => textOf(range, query));
}

/** The query with each fixed range widened or narrowed to the window of the rule. */
export function withWindow(query: string): string {
  return rangesOf(query).reduceRight(
    (rest, range) => (range ? rest.slice(0, range.from) + WINDOW + rest.slice(range.to) : rest),
    query,
  );
}

function rangesOf(query: string): readonly (PromqlNode | null)[] {
  return nodesOf(query)
    .filter(({ name }) => name === "MatrixSelector")
    .map((node) => node.getChild("DurationExpr"));
}

/** The selector of a query that is nothing but one, or the sum of one. */
export function bareSelector(query: string): string | undefined {
  const { text, top } = read(query);
  if (top === undefined) return undefined;
  if (top.name === "VectorSelector") return textOf(top, text);
  const body = top.name === "AggregateExpr" ? top.getChild("FunctionCallBody") : null;
  const selector = body?.firstChild;
  const isPlainSum = top.getChild("AggregateOp")?.getChild("Sum") && isOneSeries(query);
  return isPlainSum && selector?.name === "VectorSelector" && selector.to === body?.lastChild?.to
    ? textOf(selector, text)
    : undefined;
}

interface Reading {
  /** The query as the grammar reads it: what the nodes' places are within. */
  readonly text: string;
  readonly top: PromqlNode | undefined;
}

function read(query: string): Reading {
  const text = withoutPlaceholders(query);
  const top = topOf(treeOf(text));
  return { text, top: top && unwrapped(top) };
}

function restored(node: PromqlNode, text: string): string {
  return withPlaceholders(textOf(unwrapped(node), text)).trim();
}

/** Both sides of a binary operator without a matching clause, where it is the one that is asked for. */
function sides(node: PromqlNode | undefined, operator: "Div" | "Sub"): readonly PromqlNode[] {
  if (node?.name !== "BinaryExpr" || node.getChild(operator) === null) return [];
  return node.getChild("MatchingModifierClause") === null ? operandsOf(node) : [];
}
