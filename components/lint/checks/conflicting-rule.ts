import { type Expression, isSame, selectorsOf } from "../../promql/expression.ts";
import type { Check, World } from "../check.ts";
import { earlierDuplicates } from "../duplicates.ts";
import { has } from "../results/label-set.ts";
import { labelsOf } from "../results/labels.ts";

export const conflictingRule: Check = {
  id: "conflicting-rule",
  title: "Rules with the same name and labels have the same query.",
  why: "Otherwise both write the same series with different values: a record alternates between the two, and a notification does not say which condition of the alert is true.",
  fix: "rename one of the two, or give each a different label",
  judge: (rule, world) =>
    earlierDuplicates(rule, world)
      .filter(({ expression }) => !isSame(expression, rule.expression))
      .filter(({ expression }) => !areApart(expression, rule.expression, world))
      .slice(0, 1)
      .map(
        ({ group }) =>
          `has the name and the labels of a rule of the group ${group.name} that asks something else`,
      ),
};

/**
 * Whether a label that both keep has other values in one than in the other, so that no series is of both. Two patterns for the
 * same label count as apart: whoever splits a record by label="2.." and label="3.." means to.
 */
function areApart(one: Expression, other: Expression, { recorded }: World): boolean {
  const [left, right] = [labelsOf(one, recorded), labelsOf(other, recorded)];
  const values = fixedLabels(other);
  return [...fixedLabels(one)].some(([label, value]) => {
    const otherValue = values.get(label);
    return otherValue !== undefined && otherValue !== value && has(left, label) && has(right, label);
  });
}

/** The labels that every selector of an expression fixes to the same value or pattern. */
function fixedLabels(expression: Expression): ReadonlyMap<string, string> {
  const [first, ...others] = selectorsOf(expression).map(
    ({ matchers }) =>
      new Map(
        matchers
          .filter(({ operator }) => operator === "=" || operator === "=~")
          .map(({ label, value }) => [label, value]),
      ),
  );
  return new Map(
    [...(first ?? [])].filter(([label, value]) => others.every((labels) => labels.get(label) === value)),
  );
}
