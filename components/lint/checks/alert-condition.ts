import { type Expression, isFilter } from "../../promql/expression.ts";
import type { Check } from "../check.ts";
import { isOfAlerts } from "../metrics.ts";
import type { Recorded } from "../recorded.ts";

export const alertCondition: Check = {
  id: "alert-condition",
  title: "Every alert has a condition.",
  why: "A query without a comparison has a result as long as its series exist, whatever their values: the alert always fires.",
  fix: "compare with a threshold, use absent(…), or give a heartbeat the severity none; a comparison with bool does not filter",
  judge: ({ kind, expression, labels }, { recorded }) => {
    if (kind === "record" || labels["severity"] === "none" || isConditional(expression, recorded)) return [];
    return ["has no condition: it fires as long as its series exist"];
  },
};

/** Whether an expression can answer nothing although its series exist. */
function isConditional(expression: Expression, recorded: Recorded, depth = 0): boolean {
  const inner = (part: Expression) => isConditional(part, recorded, depth);
  switch (expression.kind) {
    case "selector": {
      const producers = depth < 12 ? recorded.producersOf(expression) : [];
      if (producers.length === 0) return isOfAlerts(expression.metric ?? "");
      return producers.every((made) => isConditional(made.expression, recorded, depth + 1));
    }
    case "negated":
    case "subquery":
    case "aggregate":
      return inner(expression.of);
    case "call":
      return expression.name.startsWith("absent") || expression.args.some(inner);
    case "binary":
      if (isFilter(expression) || expression.operator === "unless") return true;
      return expression.operator === "or"
        ? inner(expression.left) && inner(expression.right)
        : inner(expression.left) || inner(expression.right);
    default:
      return false;
  }
}
