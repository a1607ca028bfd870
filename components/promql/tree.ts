import { parser } from "@prometheus-io/lezer-promql";

// The syntax tree of Prometheus' own grammar. Its nodes know their place in the text, so this is what queries are edited by;
// expression.ts has the tree to reason about.

/** The tree of a text; what is no PromQL is in it as nodes whose type `isError`. */
export type PromqlTree = ReturnType<typeof parser.parse>;

/** A node of the tree; the parser's own package does not export its type. */
export type PromqlNode = PromqlTree["topNode"];

/** Reads a text. Never throws. */
export function treeOf(text: string): PromqlTree {
  return parser.parse(text);
}

/** Every node, from the outside in. */
export function nodesOf(text: string): readonly PromqlNode[] {
  const found: PromqlNode[] = [];
  treeOf(text).iterate({ enter: ({ node }) => void found.push(node) });
  return found;
}

/** The offsets at which a text stops being PromQL; none for a query. */
export function syntaxErrors(text: string): readonly number[] {
  return text.trim() === "" ? [0] : errorsIn(treeOf(text));
}

/** The same of a text that is read already. */
export function errorsIn(tree: PromqlTree): readonly number[] {
  const found: number[] = [];
  tree.iterate({ enter: ({ type, from }) => void (type.isError && found.push(from)) });
  return found;
}

/** The expression that a text is; a comment is a child of the whole, too. */
export function topOf(tree: PromqlTree): PromqlNode | undefined {
  return operandsOf(tree.topNode)[0];
}

/** The nodes of the grammar that are expressions of their own. */
const OPERANDS: ReadonlySet<string> = new Set([
  "NumberDurationLiteral",
  "StringLiteral",
  "ParenExpr",
  "UnaryExpr",
  "SubqueryExpr",
  "OffsetExpr",
  "StepInvariantExpr",
  "AggregateExpr",
  "BinaryExpr",
  "FunctionCall",
  "VectorSelector",
  "MatrixSelector",
]);

/** The expressions directly within a node. */
export function operandsOf(node: PromqlNode | null): PromqlNode[] {
  const found: PromqlNode[] = [];
  for (let child = node?.firstChild ?? null; child; child = child.nextSibling)
    if (OPERANDS.has(child.name)) found.push(child);
  return found;
}

/** The expression within any number of brackets. */
export function unwrapped(node: PromqlNode): PromqlNode {
  const inner = node.name === "ParenExpr" ? operandsOf(node)[0] : undefined;
  return inner === undefined ? node : unwrapped(inner);
}

/** The innermost node of a kind around another. */
export function enclosing(node: PromqlNode, kind: string): PromqlNode | undefined {
  for (let outer = node.parent; outer; outer = outer.parent) if (outer.name === kind) return outer;
  return undefined;
}

/** What a node is in the text; empty where there is none. */
export function textOf(node: PromqlNode | null, text: string): string {
  return node === null ? "" : text.slice(node.from, node.to);
}
