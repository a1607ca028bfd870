import type { EventCount } from "../../signals/event-rate.ts";
import { printSelector, type Selector } from "../../signals/promql.ts";
import type { Slo } from "../../slo/model.ts";
import type { Panel } from "../panel.ts";

/** Events by the label that marks errors, such as a status code. */
export function breakdownPanels({ name, signal: { total, errors, unit } }: Slo): Panel[] {
  const [all, wrong] = [countedBy(total), countedBy(errors)];
  if (all === undefined || wrong === undefined || all.selector.metric !== wrong.selector.metric) return [];
  const marking = wrong.selector.matchers.find(
    (own) => !all.selector.matchers.some((other) => other.label === own.label),
  );
  if (marking === undefined) return [];
  const { label } = marking;
  const capitalised = unit.slice(0, 1).toUpperCase() + unit.slice(1);
  const rates = `sum by (${label}) (rate(${printSelector(all.selector)}[$__rate_interval]))`;
  const counted = all.isHistogram ? `histogram_count(${rates})` : rates;
  // If only errors have the label, the series without it is called "none".
  const isOptional = marking.operator === "!=" && marking.value === "";
  return [
    {
      key: `${name}-by-${label.replaceAll("_", "-")}`,
      title: `Rate by ${label.replaceAll("_", " ")}`,
      description: `${capitalised} per second, by ${label}, the label that marks errors.`,
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

/** The selector of a count, if the count reads a single metric. */
function countedBy(
  count: EventCount,
): { readonly selector: Selector; readonly isHistogram: boolean } | undefined {
  if (!("kind" in count)) return { selector: count, isHistogram: false };
  return count.kind === "observations" ? { selector: count.histogram, isHistogram: true } : undefined;
}
