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
 * What else is measured of an objective's events. What another objective of the service promises something about is drawn there,
 * with its limit, and not here as well.
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
  if (first === undefined) throw new Error("no quantile is drawn");
  const line = measured.limit === undefined ? "" : " The line is the longest that is quick enough.";
  return {
    key: `${name}-duration`,
    title: "Duration",
    description: `Time within which half, 90% and 99% of the ${measured.of} are done.${line}`,
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
      view: { kind: "states", good: "answers", bad: "fails" },
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
