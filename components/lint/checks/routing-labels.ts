import { selectorsOf } from "../../promql/expression.ts";
import type { Check } from "../check.ts";
import { has } from "../results/label-set.ts";
import { labelsOf } from "../results/labels.ts";

export const routingLabels: Check = {
  id: "routing-labels",
  title: "No aggregation drops a label that a route matches.",
  why: "For Alertmanager a missing label is empty, so the alert takes another route.",
  fix: "keep the label in by (…), or set it in the rule",
  judge: ({ kind, expression, labels }, { recorded, surroundings }) => {
    if (kind === "record") return [];
    // That a label was there to drop is only sure where a condition speaks of it.
    const spokenOf = new Set(
      selectorsOf(expression).flatMap(({ matchers }) =>
        matchers.filter(({ value }) => value !== "").map(({ label }) => label),
      ),
    );
    const needed = surroundings.routingLabels.filter(
      (label) => spokenOf.has(label) && !(label in labels) && !surroundings.externalLabels.includes(label),
    );
    if (needed.length === 0) return [];
    const kept = labelsOf(expression, recorded);
    return needed
      .filter((label) => !has(kept, label))
      .map((label) => `drops the label ${label} of its series, which routes ask for`);
  },
};
