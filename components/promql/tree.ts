import { parser } from "@prometheus-io/lezer-promql";

// The syntax tree of Prometheus' own grammar. Its nodes know their place in the text, so this is what queries are edited by;
// expression.ts has the tree to reason about.

/** The tree of a text; what is no PromQL is in it as nodes whose type `isError`. */
export type PromqlTree = ReturnType<typeof parser.parse>;

/** A node of the tree; the parser's own package does not export its type. */
export type PromqlNode = PromqlTree["topNode"];

/** What there is to read of a node, of the parser's or of {@link readTree}. */
export interface ReadNode {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly firstChild: ReadNode | null;
  readonly nextSibling: ReadNode | null;
  getChild(name: string): ReadNode | null;
  getChildren(name: string): readonly ReadNode[];
}

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
  if (text.trim() === "") return [0];
  const found: number[] = [];
  treeOf(text).iterate({ enter: ({ type, from }) => void (type.isError && found.push(from)) });
  return found;
}

/** The expression that a text is; a comment is a child of the whole, too. */
export function topOf(tree: PromqlTree): PromqlNode | undefined {
  return operandsOf(tree.topNode)[0];
}

/**
 * A text as the parser reads it, with its tree copied in one pass: the parser's own nodes make a cursor for each step, which takes longer than
 * parsing does. `errors` are the offsets at which it stops being PromQL.
 */
export function readTree(text: string): {
  readonly top: ReadNode | undefined;
  readonly errors: readonly number[];
} {
  const errors: number[] = [];
  const open: CopiedNode[] = [new CopiedNode("", 0, text.length)];
  treeOf(text).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) errors.push(from);
      const node = new CopiedNode(type.name, from, to);
      open.at(-1)?.add(node);
      open.push(node);
    },
    leave: () => void open.pop(),
  });
  return { top: operandsOf(open[0]?.firstChild ?? null)[0], errors };
}

class CopiedNode implements ReadNode {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  firstChild: CopiedNode | null = null;
  nextSibling: CopiedNode | null = null;
  #last: CopiedNode | null = null;

  constructor(name: string, from: number, to: number) {
    this.name = name;
    this.from = from;
    this.to = to;
  }

  add(child: CopiedNode): void {
    if (this.#last === null) this.firstChild = child;
    else this.#last.nextSibling = child;
    this.#last = child;
  }

  getChild(name: string): CopiedNode | null {
    for (let child = this.firstChild; child !== null; child = child.nextSibling)
      if (child.name === name) return child;
    return null;
  }

  getChildren(name: string): readonly CopiedNode[] {
    const found: CopiedNode[] = [];
    for (let child = this.firstChild; child !== null; child = child.nextSibling)
      if (child.name === name) found.push(child);
    return found;
  }
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
export function operandsOf<Node extends Linked<Node>>(node: Node | null): Node[] {
  const found: Node[] = [];
  for (let child = node?.firstChild ?? null; child; child = child.nextSibling)
    if (OPERANDS.has(child.name)) found.push(child);
  return found;
}

interface Linked<Node> {
  readonly name: string;
  readonly firstChild: Node | null;
  readonly nextSibling: Node | null;
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
export function textOf(node: { readonly from: number; readonly to: number } | null, text: string): string {
  return node === null ? "" : text.slice(node.from, node.to);
}
