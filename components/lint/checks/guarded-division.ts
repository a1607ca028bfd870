import {
  type BinaryExpression,
  constantOf,
  type Expression,
  isFilter,
  within,
} from "../../promql/expression.ts";
import { type Check, once, type World } from "../check.ts";
import { isNeverStill, isOftenZero } from "../metrics.ts";
import { boundsOf } from "../results/bounds.ts";
import { isPartOf } from "../results/part.ts";

export const guardedDivision: Check = {
  id: "guarded-division",
  title: "No divisor can be zero.",
  why: "The result of 0 ÷ 0 is NaN: no comparison except != is true for it, and every average that contains it is NaN too. Any other value ÷ 0 is infinite and above every threshold.",
  fix: "divide by (… > 0), so that there is no result without a denominator, or by clamp_min(…, 1)",
  judge: ({ expression, kind }, world) =>
    once(
      within(expression).flatMap((part) => {
        if (part.kind !== "binary" || part.operator !== "/" || isGuarded(part.right, expression, world))
          return [];
        if (!canBeZero(part.right, world) || isOfNothing(part, kind, world)) return [];
        return [`divides by ${described(part.right)}, which can be zero: ${consequence(part, kind, world)}`];
      }),
    ),
};

function consequence(
  { left, right }: BinaryExpression,
  kind: "alert" | "record",
  { recorded }: World,
): string {
  if (!isPartOf(left, right, recorded)) return "the quotient is then infinite, or NaN";
  return kind === "record" ? "it records NaN then" : "the quotient is NaN then, and the alert silent";
}

/** An alert on a share of a capacity is rightly silent where there is none: what does not exist cannot be used up. */
function isOfNothing(
  { left, right }: BinaryExpression,
  kind: "alert" | "record",
  { recorded }: World,
): boolean {
  const countsEvents = within(right).some((part) => part.kind === "call" && /rate|increase/.test(part.name));
  return kind === "alert" && !countsEvents && isPartOf(left, right, recorded);
}

/** A condition of the whole query says that the denominator, or a part of it, is not zero. */
function isGuarded(denominator: Expression, whole: Expression, { recorded }: World): boolean {
  return within(whole).some(
    (part) =>
      part.kind === "binary" &&
      part.operator === "and" &&
      within(part.right).some(
        (guard) =>
          isFilter(guard) &&
          (constantOf(guard.right) ?? -1) >= 0 &&
          isPartOf(guard.left, denominator, recorded),
      ),
  );
}

/**
 * Whether a denominator is zero at times. Of counters that stand still, yes; of gauges, only those of which that is known:
 * a disk without size is not what an alert must reckon with.
 */
function canBeZero(expression: Expression, world: World, depth = 0): boolean {
  const inner = (part: Expression) => canBeZero(part, world, depth);
  const constant = constantOf(expression);
  if (constant !== undefined) return constant === 0;
  switch (expression.kind) {
    case "selector": {
      const producers = depth < 12 ? world.recorded.producersOf(expression) : [];
      if (producers.length > 0) return producers.some((made) => canBeZero(made.expression, world, depth + 1));
      return expression.metric !== undefined && isOftenZero(expression.metric);
    }
    case "negated":
    case "range":
    case "subquery":
      return inner(expression.of);
    case "aggregate":
      return !["count", "group", "count_values"].includes(expression.operation) && inner(expression.of);
    case "call":
      return canCallBeZero(expression.name, expression.args, inner);
    case "binary":
      return canOperatorBeZero(expression, world, inner);
    default:
      return false;
  }
}

function canCallBeZero(
  name: string,
  args: readonly Expression[],
  inner: (part: Expression) => boolean,
): boolean {
  switch (name) {
    case "rate":
    case "irate":
    case "increase": {
      const [range] = args;
      return !(range?.kind === "range" && isNeverStill(range.of.metric ?? ""));
    }
    case "changes":
    case "resets":
    case "delta":
    case "deriv":
      return true;
    case "clamp_min":
      return args[1] === undefined || !((constantOf(args[1]) ?? 0) > 0);
    case "count_over_time":
      return false;
    default:
      return args.some(inner);
  }
}

function canOperatorBeZero(
  expression: BinaryExpression,
  { recorded }: World,
  inner: (part: Expression) => boolean,
): boolean {
  const { operator, left, right, bool } = expression;
  if (isFilter(expression)) {
    const limit = boundsOf(right, recorded);
    if (operator === ">") return limit.least < 0;
    if (operator === ">=") return limit.least <= 0 && inner(left);
    if (operator === "!=") return constantOf(right) !== 0 && inner(left);
    if (operator === "==") return constantOf(right) === 0 || inner(left);
    return inner(left);
  }
  switch (operator) {
    case "+":
      return inner(left) && inner(right);
    case "-":
      return true;
    case "and":
    case "unless":
    case "/":
      return inner(left);
    case "*":
    case "or":
      return inner(left) || inner(right);
    default:
      return bool;
  }
}

/** A denominator in a few words: the functions around its metrics. */
function described(expression: Expression): string {
  const functions = within(expression).flatMap((part) =>
    part.kind === "call" ? [part.name] : part.kind === "aggregate" ? [part.operation] : [],
  );
  const metrics = once(
    within(expression).flatMap((part) => (part.kind === "selector" ? [part.metric ?? "a selector"] : [])),
  );
  return `${functions[0] === undefined ? "" : `the ${functions.slice(0, 2).join(" of the ")} of `}${metrics.join(" and ")}`;
}
