import { ANY, AT_LEAST_ZERO, type Bounds, boundsOfMetric, ONE, YES_OR_NO } from "../metrics.ts";
import type { Recorded } from "../recorded.ts";
import { type BinaryExpression, COMPARISONS, constantOf, type Expression } from "./expression.ts";
import { isPartOf } from "./part.ts";

const DEEPEST = 12;
const MANY: Bounds = { least: 1, most: Infinity };

// An SLO's records rest on each other in layers, each read several times by the next: without this the work doubles with each.
const known = new WeakMap<Recorded, WeakMap<Expression, Bounds>>();

/** Between which values every sample of a result lies, as far as the names of its metrics and its functions tell. */
export function boundsOf(expression: Expression, recorded: Recorded, depth = 0): Bounds {
  const found = known.get(recorded) ?? new WeakMap<Expression, Bounds>();
  known.set(recorded, found);
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
      const [first, ...others] = producers.map(({ expression: made }) => boundsOf(made, recorded, depth + 1));
      if (first !== undefined) return others.reduce(both, first);
      return expression.metric === undefined || depth >= DEEPEST ? ANY : boundsOfMetric(expression.metric);
    }
    case "call":
      return boundsOfCall(expression.name, expression.args, inner);
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

function boundsOfCall(
  name: string,
  args: readonly Expression[],
  inner: (part: Expression | undefined) => Bounds,
): Bounds {
  switch (name) {
    case "absent":
    case "absent_over_time":
    case "present_over_time":
      return ONE;
    case "rate":
    case "irate":
    case "increase":
    case "changes":
    case "resets":
    case "abs":
    case "time":
    case "stddev_over_time":
    case "stdvar_over_time":
    case "mad_over_time":
      return AT_LEAST_ZERO;
    case "count_over_time":
      return MANY;
    case "avg_over_time":
    case "min_over_time":
    case "max_over_time":
    case "last_over_time":
    case "first_over_time":
    case "vector":
    case "scalar":
    case "sort":
    case "sort_desc":
    case "label_replace":
    case "label_join":
      return inner(args[0]);
    case "quantile_over_time":
      return inner(args[1]);
    case "sum_over_time":
      return summed(inner(args[0]));
    case "ceil":
    case "floor":
    case "round": {
      const { least, most } = inner(args[0]);
      return { least: Math.floor(least), most: Math.ceil(most) };
    }
    case "clamp_min":
      return clamped(inner(args[0]), inner(args[1]).least, Infinity);
    case "clamp_max":
      return clamped(inner(args[0]), -Infinity, inner(args[1]).most);
    case "clamp":
      return clamped(inner(args[0]), inner(args[1]).least, inner(args[2]).most);
    default:
      return ANY;
  }
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
  { operator, bool, left, right }: BinaryExpression,
  recorded: Recorded,
  inner: (part: Expression) => Bounds,
): Bounds {
  if (COMPARISONS.has(operator)) {
    if (bool) return YES_OR_NO;
    const limit = constantOf(right);
    const scalarFirst = constantOf(left) !== undefined;
    return limit === undefined || scalarFirst
      ? inner(scalarFirst ? right : left)
      : filtered(inner(left), operator, limit);
  }
  switch (operator) {
    case "or":
      return both(inner(left), inner(right));
    case "and":
    case "unless":
      return inner(left);
    case "+":
      return plus(inner(left), inner(right));
    case "-":
      return plus(inner(left), negated(inner(right)));
    case "*":
      return product(inner(left), inner(right));
    case "/":
      return quotient(left, right, recorded, inner);
    default:
      return ANY;
  }
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
