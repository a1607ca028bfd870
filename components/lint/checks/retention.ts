import type { Expression } from "../../promql/expression.ts";
import { partsOf } from "../../promql/expression.ts";
import { type Check, once } from "../check.ts";
import { printSeconds } from "../surroundings.ts";

export const retention: Check = {
  id: "retention",
  title: "No query reads samples that are older than the retention.",
  why: "Such a query covers a shorter time than it states, or has no result.",
  fix: "shorten the range or the offset, or increase the retention",
  judge: ({ expression }, { surroundings }) => {
    const reach = reachOf(expression);
    return once(
      reach > surroundings.retention
        ? [
            `reads samples of the last ${printSeconds(reach)}, and the retention is ${printSeconds(surroundings.retention)}`,
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
