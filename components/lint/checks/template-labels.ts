import { type Check, once } from "../check.ts";
import { has } from "../results/label-set.ts";
import { labelsOf } from "../results/labels.ts";
import type { LintedRule } from "../rule.ts";

export const templateLabels: Check = {
  id: "template-labels",
  title: "The query keeps every label that a template uses.",
  why: 'A label that an aggregation drops is rendered as an empty text: "the pod  of  is down".',
  fix: "keep the label in by (…), copy it with group_left (…), or write the text without it",
  judge: (rule, { recorded }) => {
    if (rule.kind === "record") return [];
    const shown = templatesOf(rule).flatMap(([where, template]) =>
      shownLabels(template).map((label) => [where, label] as const),
    );
    if (shown.length === 0) return [];
    const labels = labelsOf(rule.expression, recorded);
    return once(
      shown
        .filter(([, label]) => !has(labels, label))
        .map(([where, label]) => {
          // Prometheus expands templates before it puts the rule's own labels on.
          const own = label in rule.labels ? "; a label that the rule itself sets is not there yet" : "";
          return `shows the label ${label} in its ${where}, which its query does not keep${own}`;
        }),
    );
  },
};

function templatesOf({ labels, annotations }: LintedRule): [where: string, template: string][] {
  return [
    ...Object.entries(annotations).map(([name, text]): [string, string] => [`annotation ${name}`, text]),
    ...Object.entries(labels).map(([name, text]): [string, string] => [`label ${name}`, text]),
  ];
}

/**
 * The labels of the alert that a template names. Within `{{ with query … }}` and `{{ range query … }}` a bare `.Labels` is
 * that of another result, so only `$labels` counts.
 */
function shownLabels(template: string): string[] {
  return [...template.matchAll(/\{\{.*?\}\}/gs)].flatMap(([action]) => {
    const named = [...action.matchAll(/\$labels\.([a-zA-Z_]\w*)/g)].map(([, label = ""]) => label);
    const indexed = [...action.matchAll(/index\s+\$labels\s+"([^"]+)"/g)].map(([, label = ""]) => label);
    return [...named, ...indexed];
  });
}
