import { isSame } from "../../promql/expression.ts";
import type { Check } from "../check.ts";
import { earlierDuplicates } from "../duplicates.ts";

export const duplicateRule: Check = {
  id: "duplicate-rule",
  title: "No rule exists twice.",
  why: "Prometheus evaluates both, and both write the same series. A change of one of them has no effect.",
  fix: "remove one of the two",
  judge: (rule, world) =>
    earlierDuplicates(rule, world)
      .filter(({ expression }) => isSame(expression, rule.expression))
      .slice(0, 1)
      .map(({ group }) => `is there already, in the group ${group.name}`),
};
