import { seconds } from "../core/duration.ts";
import { memoize } from "../core/memoize.ts";
import type { BinaryExpression, Expression, Matcher, SelectorExpression } from "./expression.ts";
import { type Builder, CHAINED, nested } from "./operators.ts";
import { type Literals, queryForm } from "./query-form.ts";
import { type ReadNode as Node, operandsOf, readTree, textOf } from "./tree.ts";

/** Text that is no PromQL, or PromQL that {@link parseQuery} cannot read; `at` is the offset where it stops. */
export class UnreadableQuery extends Error {
  override readonly name = "UnreadableQuery";
  readonly at: number;

  constructor(what: string, at: number) {
    super(what);
    this.at = at;
  }
}

/**
 * Reads a query with Prometheus' own grammar. Throws an {@link UnreadableQuery}. Environments differ in few queries and one process
 * checks them all, so each query is read once; trees are never changed. They are a hundred times as large as their text, so not all are kept.
 */
export const parseQuery: (query: string) => Expression = memoize(readQuery, { most: 5000 });

/** The same; undefined for a query that is no PromQL, or that cannot be computed. */
export function parsedQuery(query: string): Expression | undefined {
  try {
    return parseQuery(query);
  } catch (error) {
    if (error instanceof UnreadableQuery) return undefined;
    throw error;
  }
}

function readQuery(query: string): Expression {
  const form = queryForm(query);
  const top = form && formTree(form.text);
  return form === undefined || top === undefined
    ? readPlainly(query)
    : new Reader(form.text, form.literals).read(top);
}

/**
 * The tree of a query whose texts in quotes are empty. Queries of a thousand services are a few dozen but for the names in quotes, which the
 * grammar does not look into. Undefined where there is anything to say of the query: its places are told of its own text.
 */
const formTree = memoize(
  (text: string): Node | undefined => {
    const { top, errors } = readTree(text);
    return errors.length > 0 || top === undefined || isUnreadable(text, top) ? undefined : top;
  },
  { most: 5000 },
);

function isUnreadable(text: string, top: Node): boolean {
  try {
    new Reader(text).read(top);
    return false;
  } catch (error) {
    if (error instanceof UnreadableQuery) return true;
    throw error;
  }
}

function readPlainly(query: string): Expression {
  if (query.trim() === "") throw new UnreadableQuery("has an empty query", 0);
  const { top, errors } = readTree(query);
  const [error] = errors;
  if (error !== undefined)
    throw new UnreadableQuery(`has a query that is no PromQL from offset ${error} on`, error);
  if (top === undefined) throw new UnreadableQuery("has a query of comments alone", 0);
  return new Reader(query).read(top);
}

class Reader {
  readonly #query: string;
  readonly #literals: Literals | undefined;

  /** `literals`: what is in quotes in the query, where these are empty in the text. */
  constructor(query: string, literals?: Literals) {
    this.#query = query;
    this.#literals = literals;
  }

  /** How each kind of node is read. */
  static readonly #BY_KIND: Readonly<Record<string, (reader: Reader, node: Node) => Expression>> = {
    NumberDurationLiteral: (reader, node) => ({ kind: "number", value: reader.#number(node) }),
    StringLiteral: (reader, node) => ({ kind: "string", value: reader.#string(node) }),
    ParenExpr: (reader, node) => reader.read(reader.#operand(node)),
    VectorSelector: (reader, node) => reader.#selector(node),
    MatrixSelector: (reader, node) => reader.#range(node),
    AggregateExpr: (reader, node) => reader.#aggregate(node),
    FunctionCall: (reader, node) => reader.#call(node),
  };

  read(node: Node): Expression {
    if (CHAINED.has(node.name)) return nested(node, (inner) => this.#text(inner), this.#chain);
    const read = Reader.#BY_KIND[node.name];
    if (read === undefined)
      throw new UnreadableQuery(`has a ${node.name}, which the linter does not know`, node.from);
    return read(this, node);
  }

  readonly #chain: Builder<Expression> = {
    operand: (node) => {
      const of = this.read(node);
      const isLiteral = node.name === "NumberDurationLiteral" && of.kind === "number";
      return isLiteral ? { ...of, value: Math.abs(of.value) } : of;
    },
    // Prometheus reads a number with a sign as one number.
    negated: (of) => (of.kind === "number" ? { ...of, value: -of.value } : { kind: "negated", of }),
    modified: (of, node) => (node.name === "OffsetExpr" ? this.#offset(of, node) : this.#subquery(of, node)),
    operator: ({ left, right }) => this.#operator(left, right),
    binary: ({ node, left, right }, one, other) =>
      this.#binary(node, this.#operator(left, right), one, other),
  };

  #range(node: Node): Expression {
    return {
      kind: "range",
      of: this.#selector(this.#operand(node)),
      length: this.#duration(node.getChild("DurationExpr")),
      offset: 0,
    };
  }

  #subquery(of: Expression, node: Node): Expression {
    const [length, step] = node.getChildren("DurationExpr");
    return {
      kind: "subquery",
      of,
      length: this.#duration(length ?? null),
      step: step ? this.#duration(step) : undefined,
      offset: 0,
    };
  }

  #call(node: Node): Expression {
    return {
      kind: "call",
      name: this.#text(node.getChild("FunctionIdentifier")),
      args: operandsOf(node.getChild("FunctionCallBody")).map((arg) => this.read(arg)),
    };
  }

  #selector(node: Node): SelectorExpression {
    const list = node.getChild("LabelMatchers");
    const quoted = list?.getChild("QuotedLabelName")?.getChild("StringLiteral") ?? null;
    const matchers = ["UnquotedLabelMatcher", "QuotedLabelMatcher"].flatMap((kind) =>
      (list?.getChildren(kind) ?? []).map((matcher) => this.#matcher(matcher)),
    );
    const named = matchers.find(({ label, operator }) => label === "__name__" && operator === "=");
    const identifier = node.getChild("Identifier");
    return {
      kind: "selector",
      metric: identifier ? this.#text(identifier) : quoted ? this.#string(quoted) : named?.value,
      matchers: matchers.filter((matcher) => matcher !== named),
      offset: 0,
    };
  }

  #matcher(node: Node): Matcher {
    const name = node.getChild("LabelName");
    const quoted = node.getChild("QuotedLabelName")?.getChild("StringLiteral") ?? null;
    return {
      label: name ? this.#text(name) : this.#string(quoted),
      operator: this.#text(node.getChild("MatchOp")) as Matcher["operator"],
      value: this.#string(node.getChild("StringLiteral")),
    };
  }

  #offset(of: Expression, node: Node): Expression {
    const text = this.#text(node.getChild("OffsetDurationExpr")).replace(/\s/g, "");
    const offset = text.startsWith("-") ? -this.#seconds(text.slice(1), node) : this.#seconds(text, node);
    if (of.kind !== "selector" && of.kind !== "range" && of.kind !== "subquery")
      throw new UnreadableQuery("has an offset on what is no selector", node.from);
    return { ...of, offset: of.offset + offset };
  }

  #aggregate(node: Node): Expression {
    const modifier = node.getChild("AggregateModifier");
    const args = operandsOf(node.getChild("FunctionCallBody")).map((arg) => this.read(arg));
    const of = args.at(-1);
    if (of === undefined) throw new UnreadableQuery("has an aggregation of nothing", node.from);
    return {
      kind: "aggregate",
      operation: this.#text(node.getChild("AggregateOp")).toLowerCase(),
      grouping: modifier
        ? {
            mode: modifier.getChild("By") ? "by" : "without",
            labels: this.#labels(modifier.getChild("GroupingLabels")),
          }
        : undefined,
      parameter: args.length > 1 ? args[0] : undefined,
      of,
    };
  }

  #binary(node: Node, operator: string, left: Expression, right: Expression): Expression {
    const clause = node.getChild("MatchingModifierClause");
    const [labels, include] = this.#clauseLabels(clause);
    const side = clause?.getChild("GroupLeft")
      ? "left"
      : clause?.getChild("GroupRight")
        ? "right"
        : undefined;
    const mode = clause?.getChild("On") ? "on" : clause?.getChild("Ignoring") ? "ignoring" : undefined;
    return {
      kind: "binary",
      operator,
      bool: node.getChild("BoolModifier") !== null,
      left,
      right,
      matching: mode && { mode, labels },
      many: side && { side, include },
    } satisfies BinaryExpression;
  }

  /** The labels of `on (…)`, and those of `group_left (…)`, which may have none and no brackets. */
  #clauseLabels(clause: Node | null): [string[], string[]] {
    const [first, second] = clause?.getChildren("GroupingLabels") ?? [];
    return [this.#labels(first ?? null), this.#labels(second ?? null)];
  }

  #operator(left: Node, right: Node): string {
    const between = this.#query.slice(left.to, right.from).replace(/#[^\n]*/g, "");
    const operator = /^\s*(==|!=|>=|<=|>|<|\+|-|\*|\/|%|\^|and|or|unless|atan2)/i.exec(between)?.[1];
    if (operator === undefined)
      throw new UnreadableQuery("has an operator that the linter does not know", left.to);
    return operator.toLowerCase();
  }

  #labels(node: Node | null): string[] {
    const plain = (node?.getChildren("LabelName") ?? []).map((label) => this.#text(label));
    const quoted = (node?.getChildren("QuotedLabelName") ?? []).map((label) =>
      this.#string(label.getChild("StringLiteral")),
    );
    return [...plain, ...quoted];
  }

  #operand(node: Node): Node {
    const [operand] = operandsOf(node);
    if (operand === undefined) throw new UnreadableQuery(`has nothing in ${this.#text(node)}`, node.from);
    return operand;
  }

  #duration(node: Node | null): number {
    if (node === null) throw new UnreadableQuery("has a range without a length", 0);
    return this.#seconds(this.#text(node).trim(), node);
  }

  #seconds(text: string, node: Node): number {
    // Prometheus 3 takes plain numbers of seconds for durations, too.
    if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
    try {
      return seconds(text);
    } catch {
      throw new UnreadableQuery(`has the duration ${text}, which the linter cannot compute`, node.from);
    }
  }

  #number(node: Node): number {
    const text = this.#text(node).replaceAll("_", "").toLowerCase();
    if (/^[+-]?inf$/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
    if (text === "nan") return Number.NaN;
    const value = Number(text);
    return Number.isNaN(value) ? this.#seconds(text, node) : value;
  }

  /** The text of a literal: backticks take everything as it stands, quotes know escapes. */
  #string(node: Node | null): string {
    const literal = (node && this.#literals?.get(node.from)) ?? this.#text(node);
    const content = literal.slice(1, -1);
    if (literal.startsWith("`")) return content;
    return content.replace(
      /\\(?:([abfnrtv\\'"])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/g,
      (_, simple, hex, unicode) =>
        simple === undefined
          ? String.fromCharCode(Number.parseInt(hex ?? unicode, 16))
          : (ESCAPES[simple] ?? simple),
    );
  }

  #text(node: Node | null): string {
    return textOf(node, this.#query);
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
