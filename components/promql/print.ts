import { duration } from "../core/duration.ts";
import {
  type AggregateExpression,
  type BinaryExpression,
  type Expression,
  printSelector,
} from "./expression.ts";

/**
 * An expression as a query on one line, with brackets around every operation within another. It is for people to compare: the layout,
 * the brackets and the units of durations of the query that it was read from are not kept.
 */
export function printQuery(expression: Expression): string {
  switch (expression.kind) {
    case "number":
      return printNumber(expression.value);
    case "string":
      return JSON.stringify(expression.value);
    case "negated":
      return `-${operand(expression.of)}`;
    case "selector":
      return `${printSelector(expression)}${offset(expression)}`;
    case "range":
      return `${printSelector(expression.of)}[${duration(expression.length)}]${offset({ offset: expression.of.offset + expression.offset })}`;
    case "subquery": {
      const step = expression.step === undefined ? "" : duration(expression.step);
      return `${operand(expression.of)}[${duration(expression.length)}:${step}]${offset(expression)}`;
    }
    case "call":
      return `${expression.name}(${expression.args.map(printQuery).join(", ")})`;
    case "aggregate":
      return printAggregate(expression);
    case "binary":
      return printBinary(expression);
  }
}

function printNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? "Inf" : "-Inf";
}

function offset({ offset: seconds }: { readonly offset: number }): string {
  if (seconds === 0) return "";
  return seconds < 0 ? ` offset -${duration(-seconds)}` : ` offset ${duration(seconds)}`;
}

function printAggregate({ operation, grouping, parameter, of }: AggregateExpression): string {
  const by = grouping === undefined ? "" : ` ${grouping.mode} (${grouping.labels.join(", ")})`;
  const args = [...(parameter === undefined ? [] : [parameter]), of].map(printQuery).join(", ");
  return `${operation}${by}${by === "" ? "" : " "}(${args})`;
}

function printBinary(expression: BinaryExpression): string {
  return `${operand(expression.left)} ${printCondition(expression)}`;
}

/** What stands behind the left side of an operator, the operator included. */
export function printCondition({ operator, bool, right, matching, many }: BinaryExpression): string {
  const on = matching === undefined ? "" : ` ${matching.mode} (${matching.labels.join(", ")})`;
  const group = many === undefined ? "" : ` group_${many.side} (${many.include.join(", ")})`;
  return `${operator}${bool ? " bool" : ""}${on}${group} ${operand(right)}`;
}

function operand(expression: Expression): string {
  const text = printQuery(expression);
  return expression.kind === "binary" ? `(${text})` : text;
}
