import type { Expression } from "../../promql/expression.ts";
import { partsOf } from "../../promql/expression.ts";
import { type Check, once } from "../check.ts";
import { printSeconds } from "../surroundings.ts";

export const retention: Check = {
  id: "retention",
  title: "No query looks back further than samples are kept.",
  why: "Beyond the retention there is nothing: the query silently answers for a shorter time than it says, or not at all.",
  fix: "shorten the range or the offset, or keep samples longer",
  judge: ({ expression }, { surroundings }) => {
    const reach = reachOf(expression);
    return once(
      reach > surroundings.retention
        ? [
            `looks back ${printSeconds(reach)}, and samples are kept for ${printSeconds(surroundings.retention)}`,
          ]
        : [],
    );
  },
};

/** Seconds from the moment of evaluation to the oldest sample that an expression reads. */
function reachOf(expression: Expression): number {
  const inner = Math.max(0, ...partsOf(expression).map(reachOf));
  switch (expression.kind) {
    case "selector":
      return expression.offset;
    case "range":
    case "subquery":
      return expression.length + expression.offset + inner;
    default:
      return inner;
  }
}
