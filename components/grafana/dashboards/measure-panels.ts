import {
  gaugeQuery,
  type Measure,
  type MeasuredDurations,
  type MeasuredGauge,
  measuredMetric,
  quantileQuery,
} from "../../signals/measures.ts";
import type { Slo } from "../../slo/model.ts";
import type { Panel } from "../panel.ts";
import type { Limit, View } from "../view.ts";

/**
 * Panels for the further measures of an objective's events, such as their duration. If another objective of the service has a limit for
 * a measure, only that objective shows it.
 */
export function measurePanels(slo: Slo, all: readonly Slo[]): Panel[] {
  const promised = new Set(
    all
      .filter((other) => other !== slo)
      .flatMap(({ signal }) => signal.measures ?? [])
      .filter(({ limit }) => limit !== undefined)
      .map(measuredMetric),
  );
  return (slo.signal.measures ?? [])
    .filter((measure) => measure.limit !== undefined || !promised.has(measuredMetric(measure)))
    .map((measure) => panelOf(slo, measure));
}

function panelOf(slo: Slo, measure: Measure): Panel {
  return measure.kind === "durations" ? durationPanel(slo, measure) : gaugePanel(slo, measure);
}

const QUANTILES = [
  ["0.5", "50%"],
  ["0.9", "90%"],
  ["0.99", "99%"],
] as const;

function durationPanel({ name }: Slo, measured: MeasuredDurations): Panel {
  const [first, ...others] = QUANTILES.map(([share, legend]) => ({
    expr: quantileQuery(measured, share),
    legend,
  }));
  if (first === undefined) throw new Error("no quantile");
  const line = measured.limit === undefined ? "" : " The line is the threshold of the objective.";
  return {
    key: `${name}-duration`,
    title: "Duration",
    description: `Time in which 50%, 90% and 99% of ${measured.of} finished.${line}`,
    unit: measured.unit === "seconds" ? "s" : "ms",
    view: linesTo(measured.limit),
    queries: [first, ...others],
    links: [],
  };
}

function gaugePanel({ name }: Slo, measured: MeasuredGauge): Panel {
  const { id, title, description, unit, aggregate, limit } = measured;
  const query = gaugeQuery(measured);
  const panel = { key: `${name}-${id}`, title, description, links: [] };
  const legend = aggregate === "each" ? "{{instance}}" : title;
  if (unit === "success")
    return {
      ...panel,
      unit: "short",
      view: { kind: "states", good: "success", bad: "failure" },
      queries: [{ expr: `1 - ${query}`, legend }],
    };
  return {
    ...panel,
    unit: unit === "seconds" ? "s" : "short",
    view: linesTo(limit),
    queries: [{ expr: query, legend }],
  };
}

function linesTo(value: number | undefined): View {
  const limit: Limit | undefined = value === undefined ? undefined : { value, bad: "above" };
  return limit === undefined ? { kind: "lines" } : { kind: "lines", limit };
}
