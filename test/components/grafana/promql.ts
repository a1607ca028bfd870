import { parser } from "@prometheus-io/lezer-promql";

/** A node of the syntax tree; the parser's own package does not export its type. */
export type PromqlNode = ReturnType<typeof parser.parse>["topNode"];

/** A query as Prometheus would be sent it: Grafana's placeholders replaced by what they may stand for. */
export function asSent(expr: string): string {
  return expr
    .replaceAll(/\$(?:__rate_interval|__interval|__range|\{__(?:rate_interval|interval|range)\})/g, "5m")
    .replaceAll(/\$(?:\{\w+(?::\w+)?\}|\w+)/g, ".*");
}

/** Where the query stops being PromQL: the offset of each error. None for a good query. */
export function syntaxErrors(expr: string): number[] {
  if (expr.trim() === "") return [0];
  return nodes(expr)
    .filter((node) => node.type.isError)
    .map((node) => node.from);
}

/** Every node of a query, from the outside in. */
export function nodes(expr: string): PromqlNode[] {
  const found: PromqlNode[] = [];
  parser.parse(expr).iterate({ enter: ({ node }) => void found.push(node) });
  return found;
}

/** What a query asks for: its selectors, each with the metric's name and the labels that it matches on. */
export function selectors(expr: string): { metric: string; labels: string[] }[] {
  return nodes(expr)
    .filter(({ name }) => name === "VectorSelector")
    .map((node) => ({
      metric: textOf(node.getChild("Identifier"), expr),
      labels: (node.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? []).map((matcher) =>
        textOf(matcher.getChild("LabelName"), expr),
      ),
    }));
}

/** The calls of the functions that only make sense on counters. */
export function counterCalls(
  expr: string,
): { name: string; metrics: string[]; range: string; aggregated: boolean }[] {
  return nodes(expr)
    .filter(({ name }) => name === "FunctionCall")
    .map((node) => ({ node, name: textOf(node.getChild("FunctionIdentifier"), expr) }))
    .filter(({ name }) => ["rate", "irate", "increase"].includes(name))
    .map(({ node, name }) => {
      const text = textOf(node, expr);
      return {
        name,
        metrics: selectors(text).map(({ metric }) => metric),
        range: /\[([^\]]*)\]/.exec(text)?.[1] ?? "",
        aggregated: hasAncestor(node, "AggregateExpr"),
      };
    });
}

/** Labels that the result of a query can have. `undefined`: whatever the series happen to have. */
export function labelsKept(expr: string): ReadonlySet<string> | undefined {
  const top = parser.parse(expr).topNode.firstChild;
  if (top === null) throw new Error("an empty query");
  return kept(top, expr);
}

type Labels = ReadonlySet<string> | undefined;
const NONE: ReadonlySet<string> = new Set();

function kept(node: PromqlNode, expr: string): Labels {
  const children = operands(node);
  switch (node.name) {
    case "NumberDurationLiteral":
    case "StringLiteral":
      return NONE;
    case "ParenExpr":
    case "UnaryExpr":
    case "SubqueryExpr":
    case "OffsetExpr":
      return only(children, node, expr);
    case "AggregateExpr":
      return keptByAggregation(node, expr);
    case "BinaryExpr":
      return keptByOperator(node, children, expr);
    case "FunctionCall":
      return keptByFunction(node, expr);
    default:
      return undefined;
  }
}

function keptByAggregation(node: PromqlNode, expr: string): Labels {
  const operation = textOf(node.getChild("AggregateOp"), expr);
  const modifier = node.getChild("AggregateModifier");
  if (["topk", "bottomk", "limitk"].includes(operation)) {
    const body = operands(required(node.getChild("FunctionCallBody"))).at(-1);
    return body === undefined ? NONE : kept(body, expr);
  }
  if (modifier === null) return NONE;
  return modifier.getChild("By") ? new Set(grouping(modifier.getChild("GroupingLabels"), expr)) : undefined;
}

function keptByOperator(node: PromqlNode, children: readonly PromqlNode[], expr: string): Labels {
  const [left, right] = children.map((child) => ({ labels: kept(child, expr), scalar: isScalar(child) }));
  if (left === undefined || right === undefined) throw new Error(`an operator with one side: ${expr}`);
  if (node.getChild("Or")) {
    return left.labels && right.labels ? new Set([...left.labels, ...right.labels]) : undefined;
  }
  if (node.getChild("And") || node.getChild("Unless")) return left.labels;
  if (left.scalar) return right.labels;
  if (right.scalar) return left.labels;
  const clause = node.getChild("MatchingModifierClause");
  const groups = clause?.getChildren("GroupingLabels").map((group) => grouping(group, expr)) ?? [];
  const many = clause?.getChild("GroupLeft") ? left : clause?.getChild("GroupRight") ? right : undefined;
  if (many) return many.labels && new Set([...many.labels, ...(groups[1] ?? [])]);
  if (clause?.getChild("On")) return new Set(groups[0]);
  return left.labels;
}

function keptByFunction(node: PromqlNode, expr: string): Labels {
  const name = textOf(node.getChild("FunctionIdentifier"), expr);
  const args = operands(required(node.getChild("FunctionCallBody")));
  if (["vector", "scalar", "time", "absent"].includes(name)) return NONE;
  const vector = args.find((arg) => !isScalar(arg));
  const labels = vector === undefined ? undefined : kept(vector, expr);
  if (labels === undefined) return undefined;
  if (name === "histogram_quantile") return new Set([...labels].filter((label) => label !== "le"));
  if (name === "label_replace") return new Set([...labels, JSON.parse(textOf(args[1] ?? null, expr))]);
  return labels;
}

function only(children: readonly PromqlNode[], node: PromqlNode, expr: string): Labels {
  const child = children[0];
  if (child === undefined) throw new Error(`nothing within ${textOf(node, expr)}`);
  return kept(child, expr);
}

const OPERANDS = new Set([
  "NumberDurationLiteral",
  "StringLiteral",
  "ParenExpr",
  "UnaryExpr",
  "SubqueryExpr",
  "OffsetExpr",
  "AggregateExpr",
  "BinaryExpr",
  "FunctionCall",
  "VectorSelector",
  "MatrixSelector",
]);

function operands(node: PromqlNode): PromqlNode[] {
  const found: PromqlNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (OPERANDS.has(child.name)) found.push(child);
  return found;
}

function isScalar(node: PromqlNode): boolean {
  return node.name === "NumberDurationLiteral" || node.name === "StringLiteral";
}

function grouping(node: PromqlNode | null, expr: string): string[] {
  return (node?.getChildren("LabelName") ?? []).map((label) => textOf(label, expr));
}

function hasAncestor(node: PromqlNode, name: string): boolean {
  for (let parent = node.parent; parent; parent = parent.parent) if (parent.name === name) return true;
  return false;
}

function textOf(node: PromqlNode | null, expr: string): string {
  return node === null ? "" : expr.slice(node.from, node.to);
}

function required(node: PromqlNode | null): PromqlNode {
  if (node === null) throw new Error("the grammar promised a node that is not there");
  return node;
}
