import { isDeepStrictEqual } from "node:util";
import { memoizeByObject } from "../core/memoize.ts";

// A PromQL query as a tree to reason about. Brackets are dissolved; where they matter, the tree already says so.

/** A condition on one label. */
export interface Matcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

/** The newest samples of some series. */
export interface SelectorExpression {
  readonly kind: "selector";
  /** Undefined where a query selects by conditions alone. */
  readonly metric: string | undefined;
  readonly matchers: readonly Matcher[];
  /** Seconds that it looks back from the moment of evaluation. */
  readonly offset: number;
}

/** The samples of a stretch of time. */
export interface RangeExpression {
  readonly kind: "range";
  readonly of: SelectorExpression;
  /** Length in seconds. */
  readonly length: number;
  readonly offset: number;
}

/** A query evaluated again and again over a stretch of time. */
export interface SubqueryExpression {
  readonly kind: "subquery";
  readonly of: Expression;
  /** Length in seconds. */
  readonly length: number;
  /** Seconds between two evaluations; undefined is the server's evaluation interval. */
  readonly step: number | undefined;
  readonly offset: number;
}

export interface CallExpression {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Expression[];
}

export interface AggregateExpression {
  readonly kind: "aggregate";
  readonly operation: string;
  /** Undefined where everything is aggregated into one series. */
  readonly grouping: { readonly mode: "by" | "without"; readonly labels: readonly string[] } | undefined;
  readonly parameter: Expression | undefined;
  readonly of: Expression;
}

export interface BinaryExpression {
  readonly kind: "binary";
  readonly operator: string;
  /** With `bool` a comparison answers 0 or 1 and filters nothing. */
  readonly bool: boolean;
  readonly left: Expression;
  readonly right: Expression;
  readonly matching: { readonly mode: "on" | "ignoring"; readonly labels: readonly string[] } | undefined;
  /** The side that may hold many series for one of the other, and what it takes over from there. */
  readonly many: { readonly side: "left" | "right"; readonly include: readonly string[] } | undefined;
}

export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "negated"; readonly of: Expression }
  | SelectorExpression
  | RangeExpression
  | SubqueryExpression
  | CallExpression
  | AggregateExpression
  | BinaryExpression;

export const COMPARISONS: ReadonlySet<string> = new Set([">", ">=", "<", "<=", "==", "!="]);

/** A comparison that keeps some series and drops others. */
export type Filter = BinaryExpression & { readonly bool: false };

export function isFilter(expression: Expression): expression is Filter {
  return expression.kind === "binary" && COMPARISONS.has(expression.operator) && !expression.bool;
}

/** The parts that an expression is made of. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "number":
    case "string":
    case "selector":
      return [];
    case "negated":
    case "range":
    case "subquery":
      return [expression.of];
    case "call":
      return expression.args;
    case "aggregate":
      return expression.parameter ? [expression.parameter, expression.of] : [expression.of];
    case "binary":
      return [expression.left, expression.right];
  }
}

/** Every expression within one, from the outside in. Every check asks, so the answer is kept. */
export const within: (expression: Expression) => readonly Expression[] = memoizeByObject((expression) => {
  const found: Expression[] = [];
  const collect = (part: Expression) => {
    found.push(part);
    for (const below of partsOf(part)) collect(below);
  };
  collect(expression);
  return found;
});

/** Every selector within an expression. */
export function selectorsOf(expression: Expression): SelectorExpression[] {
  return within(expression).filter((part) => part.kind === "selector");
}

/** Whether a query reads samples of a stretch of time, and not the newest ones alone. */
export function hasRange(expression: Expression): boolean {
  return within(expression).some(({ kind }) => kind === "range" || kind === "subquery");
}

/** The number that an expression of numbers alone comes to; undefined where it has a query in it. */
export function constantOf(expression: Expression): number | undefined {
  if (expression.kind === "number") return expression.value;
  if (expression.kind === "negated") {
    const value = constantOf(expression.of);
    return value === undefined ? undefined : -value;
  }
  if (expression.kind !== "binary") return undefined;
  const left = constantOf(expression.left);
  const right = constantOf(expression.right);
  return left === undefined || right === undefined
    ? undefined
    : ARITHMETIC[expression.operator]?.(left, right);
}

const ARITHMETIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  "^": (left, right) => left ** right,
};

/** Whether two expressions ask the same, however they are laid out. */
export function isSame(left: Expression, right: Expression): boolean {
  return left === right || (left.kind === right.kind && isDeepStrictEqual(left, right));
}

/** A selector as people write it, for messages. */
export function printSelector({ metric, matchers }: SelectorExpression): string {
  const conditions = matchers.map(({ label, operator, value }) => `${label}${operator}"${value}"`).join(", ");
  return `${metric ?? ""}${conditions === "" ? "" : `{${conditions}}`}`;
}
