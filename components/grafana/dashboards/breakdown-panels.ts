import type { EventCount } from "../../signals/event-rate.ts";
import { printSelector, type Selector } from "../../signals/promql.ts";
import type { Slo } from "../../slo/model.ts";
import type { Panel } from "../panel.ts";

/** Events by the label that tells good from bad, such as a status code. */
export function breakdownPanels({ name, signal: { total, errors, unit } }: Slo): Panel[] {
  const [all, wrong] = [countedBy(total), countedBy(errors)];
  if (all === undefined || wrong === undefined || all.selector.metric !== wrong.selector.metric) return [];
  const told = wrong.selector.matchers.find(
    (own) => !all.selector.matchers.some((other) => other.label === own.label),
  );
  if (told === undefined) return [];
  const { label } = told;
  const rates = `sum by (${label}) (rate(${printSelector(all.selector)}[$__rate_interval]))`;
  const counted = all.isHistogram ? `histogram_count(${rates})` : rates;
  // Where only what goes wrong has the label, the rest has no name but this.
  const isOptional = told.operator === "!=" && told.value === "";
  return [
    {
      key: `${name}-by-${label.replaceAll("_", "-")}`,
      title: `Rate by ${label.replaceAll("_", " ")}`,
      description: `How many ${unit} per second there are, by the label that tells good from bad.`,
      unit: "cps",
      view: { kind: "lines" },
      queries: [
        {
          expr: isOptional ? `label_replace(${counted}, "${label}", "none", "${label}", "")` : counted,
          legend: `{{${label}}}`,
        },
      ],
      links: [],
    },
  ];
}

/** The series that a count is taken from, where it is one metric. */
function countedBy(
  count: EventCount,
): { readonly selector: Selector; readonly isHistogram: boolean } | undefined {
  if (!("kind" in count)) return { selector: count, isHistogram: false };
  return count.kind === "observations" ? { selector: count.histogram, isHistogram: true } : undefined;
}
