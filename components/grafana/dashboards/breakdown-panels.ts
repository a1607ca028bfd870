import { selectorsOf } from "../../signals/counters.ts";
import type { EventCount } from "../../signals/event-rate.ts";
import { printSelector, type Selector } from "../../signals/promql.ts";
import type { Slo } from "../../slo/model.ts";
import type { Panel } from "../panel.ts";

/** Events by the label that marks errors, such as a status code. */
export function breakdownPanels({ name, signal: { total, errors, unit } }: Slo): Panel[] {
  const [[all], wrong] = [countedBy(total), countedBy(errors)];
  if (all === undefined || wrong.some(({ selector }) => selector.metric !== all.selector.metric)) return [];
  const markings = wrong.flatMap(({ selector }) => {
    const own = selector.matchers.filter(
      ({ label }) => !all.selector.matchers.some((other) => other.label === label),
    );
    return own.at(-1) ?? [];
  });
  const [marking] = markings;
  if (marking === undefined) return [];
  const { label } = marking;
  const capitalised = unit.slice(0, 1).toUpperCase() + unit.slice(1);
  const each = `rate(${printSelector(all.selector)}[$__rate_interval])`;
  const labels = markings.map((one) => `"${one.label}"`);
  // A program has one of these labels. The others are empty.
  const joined = labels.length > 1 ? `label_join(${each}, "${label}", "", ${labels.join(", ")})` : each;
  const rates = `sum by (${label}) (${joined})`;
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

/** The selectors of a count that reads series as they are. */
function countedBy(
  count: EventCount,
): readonly { readonly selector: Selector; readonly isHistogram: boolean }[] {
  const isHistogram = "kind" in count;
  if (isHistogram && count.kind !== "observations") return [];
  return selectorsOf(isHistogram ? count.histogram : count).map((selector) => ({ selector, isHistogram }));
}
