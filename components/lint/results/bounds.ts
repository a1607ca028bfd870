import { memoizeByObject } from "../../core/memoize.ts";
import { type BinaryExpression, COMPARISONS, constantOf, type Expression } from "../../promql/expression.ts";
import { ANY, AT_LEAST_ZERO, type Bounds, boundsOfMetric, ONE, YES_OR_NO } from "../metrics.ts";
import type { Recorded } from "../recorded.ts";
import { isPartOf } from "./part.ts";

const DEEPEST = 12;
const MANY: Bounds = { least: 1, most: Infinity };

// An SLO's records rest on each other in layers, each read several times by the next: without this the work doubles with each.
const known = memoizeByObject((_recorded: Recorded) => new WeakMap<Expression, Bounds>());

/** Between which values every sample of a result lies, as far as the names of its metrics and its functions tell. */
export function boundsOf(expression: Expression, recorded: Recorded, depth = 0): Bounds {
  const found = known(recorded);
  const bounds = found.get(expression) ?? computed(expression, recorded, depth);
  found.set(expression, bounds);
  return bounds;
}

function computed(expression: Expression, recorded: Recorded, depth: number): Bounds {
  const constant = constantOf(expression);
  if (constant !== undefined) return { least: constant, most: constant };
  const inner = (part: Expression | undefined): Bounds =>
    part === undefined ? ANY : boundsOf(part, recorded, depth);
  switch (expression.kind) {
    case "number":
    case "string":
      return ANY;
    case "negated":
      return negated(inner(expression.of));
    case "range":
    case "subquery":
      return inner(expression.of);
    case "selector": {
      const producers = depth < DEEPEST ? recorded.producersOf(expression) : [];
      const [first, ...others] = producers.map((rule) =>
        boundsOf((rule.like ?? rule).expression, recorded, depth + 1),
      );
      if (first !== undefined) return others.reduce(both, first);
      return expression.metric === undefined || depth >= DEEPEST ? ANY : boundsOfMetric(expression.metric);
    }
    case "call":
      return OF_CALLS.get(expression.name)?.((place) => inner(expression.args[place])) ?? ANY;
    case "aggregate":
      return boundsOfAggregate(expression.operation, inner(expression.of));
    case "binary":
      return boundsOfOperator(expression, recorded, inner);
  }
}

/** Whether a value within bounds can stand in a comparison with a number. */
export function mayHold({ least, most }: Bounds, operator: string, limit: number): boolean {
  switch (operator) {
    case ">":
      return most > limit;
    case ">=":
      return most >= limit;
    case "<":
      return least < limit;
    case "<=":
      return least <= limit;
    case "==":
      return least <= limit && limit <= most;
    default:
      return !(least === limit && most === limit);
  }
}

/** The bounds of a function's argument, by its place. */
type Argument = (place: number) => Bounds;

const ofFirst = (argument: Argument): Bounds => argument(0);
const rounded = (argument: Argument): Bounds => {
  const { least, most } = argument(0);
  return { least: Math.floor(least), most: Math.ceil(most) };
};

/** What is known of a function's result; of any other function nothing is. */
const OF_CALLS: ReadonlyMap<string, (argument: Argument) => Bounds> = new Map([
  ...named(["absent", "absent_over_time", "present_over_time"], () => ONE),
  ...named(["rate", "irate", "increase", "changes", "resets", "abs", "time"], () => AT_LEAST_ZERO),
  ...named(["stddev_over_time", "stdvar_over_time", "mad_over_time"], () => AT_LEAST_ZERO),
  ...named(["count_over_time"], () => MANY),
  ...named(["avg_over_time", "min_over_time", "max_over_time", "last_over_time", "first_over_time"], ofFirst),
  ...named(["vector", "scalar", "sort", "sort_desc", "label_replace", "label_join"], ofFirst),
  ...named(["quantile_over_time"], (argument) => argument(1)),
  ...named(["sum_over_time"], (argument) => summed(argument(0))),
  ...named(["ceil", "floor", "round"], rounded),
  ...named(["clamp_min"], (argument) => clamped(argument(0), argument(1).least, Infinity)),
  ...named(["clamp_max"], (argument) => clamped(argument(0), -Infinity, argument(1).most)),
  ...named(["clamp"], (argument) => clamped(argument(0), argument(1).least, argument(2).most)),
]);

function named(
  names: readonly string[],
  bounds: (argument: Argument) => Bounds,
): readonly (readonly [string, (argument: Argument) => Bounds])[] {
  return names.map((name) => [name, bounds]);
}

function boundsOfAggregate(operation: string, of: Bounds): Bounds {
  switch (operation) {
    case "group":
      return ONE;
    case "count":
    case "count_values":
      return MANY;
    case "stddev":
    case "stdvar":
      return AT_LEAST_ZERO;
    case "sum":
      return summed(of);
    default:
      return of;
  }
}

function boundsOfOperator(
  expression: BinaryExpression,
  recorded: Recorded,
  inner: (part: Expression) => Bounds,
): Bounds {
  const { operator, bool, left, right } = expression;
  if (COMPARISONS.has(operator)) return bool ? YES_OR_NO : boundsOfFilter(expression, inner);
  if (operator === "/") return quotient(left, right, recorded, inner);
  return OF_OPERATORS[operator]?.(inner(left), () => inner(right)) ?? ANY;
}

/** What is known of an operator's result; the right side is not always asked for. */
const OF_OPERATORS: Readonly<Record<string, (left: Bounds, right: () => Bounds) => Bounds>> = {
  or: (left, right) => both(left, right()),
  and: (left) => left,
  unless: (left) => left,
  "+": (left, right) => plus(left, right()),
  "-": (left, right) => plus(left, negated(right())),
  "*": (left, right) => product(left, right()),
};

function boundsOfFilter(
  { operator, left, right }: BinaryExpression,
  inner: (part: Expression) => Bounds,
): Bounds {
  const limit = constantOf(right);
  if (constantOf(left) !== undefined) return inner(right);
  return limit === undefined ? inner(left) : filtered(inner(left), operator, limit);
}

function quotient(
  left: Expression,
  right: Expression,
  recorded: Recorded,
  inner: (part: Expression) => Bounds,
): Bounds {
  const divisor = constantOf(right);
  const dividend = inner(left);
  if (divisor !== undefined && divisor > 0)
    return { least: dividend.least / divisor, most: dividend.most / divisor };
  if (dividend.least < 0 || inner(right).least < 0) return ANY;
  return isPartOf(left, right, recorded) ? YES_OR_NO : AT_LEAST_ZERO;
}

function filtered({ least, most }: Bounds, operator: string, limit: number): Bounds {
  switch (operator) {
    case ">":
    case ">=":
      return { least: Math.max(least, limit), most };
    case "<":
    case "<=":
      return { least, most: Math.min(most, limit) };
    case "==":
      return { least: limit, most: limit };
    default:
      return { least, most };
  }
}

function both(left: Bounds, right: Bounds): Bounds {
  return { least: Math.min(left.least, right.least), most: Math.max(left.most, right.most) };
}

function negated({ least, most }: Bounds): Bounds {
  return { least: -most, most: -least };
}

/** Any number of them added: what cannot be negative stays so, and nothing else is known. */
function summed({ least, most }: Bounds): Bounds {
  return { least: least >= 0 ? least : -Infinity, most: most <= 0 ? most : Infinity };
}

function plus(left: Bounds, right: Bounds): Bounds {
  return { least: left.least + right.least, most: left.most + right.most };
}

function product(left: Bounds, right: Bounds): Bounds {
  const corners = [left.least, left.most].flatMap((one) =>
    [right.least, right.most].map((other) => (one === 0 || other === 0 ? 0 : one * other)),
  );
  return { least: Math.min(...corners), most: Math.max(...corners) };
}

function clamped({ least, most }: Bounds, floor: number, ceiling: number): Bounds {
  return { least: Math.min(Math.max(least, floor), ceiling), most: Math.max(Math.min(most, ceiling), floor) };
}
