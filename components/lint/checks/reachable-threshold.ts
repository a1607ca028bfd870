import { COMPARISONS, constantOf, within } from "../../promql/expression.ts";
import { type Check, once } from "../check.ts";
import { boundsOf, mayHold } from "../results/bounds.ts";

export const reachableThreshold: Check = {
  id: "reachable-threshold",
  title: "Every threshold can be reached.",
  why: "A ratio is never above 1 and a rate never below 0, so an alert with such a threshold can never fire.",
  fix: "correct the threshold or its unit: a ratio is 0.05 and not 5, and burn rate times error budget must be below 1",
  judge: ({ expression }, { recorded }) =>
    once(
      within(expression).flatMap((part) => {
        if (part.kind !== "binary" || !COMPARISONS.has(part.operator)) return [];
        const [right, left] = [constantOf(part.right), constantOf(part.left)];
        // A number against a number is a switch that somebody set.
        if ((right === undefined) === (left === undefined)) return [];
        const [measured, operator, limit] =
          right === undefined
            ? [part.right, MIRRORED[part.operator] ?? part.operator, left ?? 0]
            : [part.left, part.operator, right];
        const bounds = boundsOf(measured, recorded);
        if (mayHold(bounds, operator, limit)) return [];
        return [
          `compares ${operator} ${shown(limit)} what lies between ${shown(bounds.least)} and ${shown(bounds.most)}`,
        ];
      }),
    ),
};

const MIRRORED: Readonly<Record<string, string>> = { ">": "<", ">=": "<=", "<": ">", "<=": ">=" };

/** A number without the noise of binary fractions. */
function shown(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "infinity" : "minus infinity";
  return String(Number(value.toPrecision(6)));
}
