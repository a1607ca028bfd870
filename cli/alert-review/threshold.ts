import { constantOf, type Expression, isFilter } from "../../components/promql/expression.ts";
import { parsedQuery } from "../../components/promql/parse.ts";
import { printQuery } from "../../components/promql/print.ts";

/** A query that compares something with a number, and how to write it with another one. */
export interface Threshold {
  readonly operator: string;
  readonly value: number;
  readonly withValue: (value: number) => string;
}

/**
 * The number that a query compares with, also where other conditions follow it (`a > 5 and on (x) b`); undefined for a query without one, and
 * for one that looks for an exact value.
 */
export function thresholdOf(expr: string): Threshold | undefined {
  const read = parsedQuery(expr);
  return read === undefined ? undefined : within(read, (expression) => expression);
}

function within(expression: Expression, around: (inner: Expression) => Expression): Threshold | undefined {
  if (expression.kind !== "binary") return undefined;
  if (expression.operator === "and" || expression.operator === "unless")
    return within(expression.left, (left) => around({ ...expression, left }));
  const value = constantOf(expression.right);
  if (!isFilter(expression) || value === undefined || !/^[<>]=?$/.test(expression.operator)) return undefined;
  return {
    operator: expression.operator,
    value,
    withValue: (number) => printQuery(around({ ...expression, right: { kind: "number", value: number } })),
  };
}

const FACTORS = [1.1, 1.25, 1.5, 2, 3];

/**
 * Other thresholds, the nearest first: those with which it fires less (`raise`), or more. A share near one moves towards one, as `> 0.9` to
 * `> 0.92`, so that it stays a share. Nothing for zero, of which no part can be taken.
 */
export function otherValues({ operator, value }: Threshold, direction: "raise" | "lower"): readonly number[] {
  if (value === 0) return [];
  const isUp = operator.startsWith(">") === (direction === "raise");
  const isShare = value > 0.5 && value < 1;
  const moved = FACTORS.map((factor) => {
    const by = isUp === value > 0 ? factor : 1 / factor;
    return isShare ? 1 - (1 - value) / by : value * by;
  });
  return [...new Set(moved.map((each) => Number(each.toPrecision(3))))].filter((each) => each !== value);
}
