import type { Duration } from "../core/duration.ts";
import type { DurationHistogram, HistogramForm } from "./histogram.ts";
import { DRAWN_RANGE } from "./platform-signal.ts";
import { histogramQuantile, max, metric, over, rate, type Selector, scalar, sum } from "./promql.ts";
import { type Sampled, seen } from "./samples.ts";

// What is measured of the events of a signal, whether or not they went wrong: dashboards draw it beside the share of errors.

export type Measure = MeasuredDurations | MeasuredGauge;

/** How long events take, by a histogram. */
export interface MeasuredDurations {
  readonly kind: "durations";
  readonly form: HistogramForm;
  /** The family, without a suffix, of the events whose duration says something. */
  readonly histogram: Selector;
  readonly unit: DurationHistogram["unit"];
  /** Which events these are, in the plural. */
  readonly of: string;
  /** The longest that is quick enough, in the histogram's unit, where something is promised. */
  readonly limit?: number;
}

/** What a gauge says at this moment. */
export interface MeasuredGauge {
  readonly kind: "gauge";
  /** Kebab-case: what the panel's key ends in. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Seconds, a number of things, or 1 where all is well and 0 where not. */
  readonly unit: "seconds" | "count" | "success";
  readonly gauge: Selector;
  readonly aggregate: Sampled["aggregate"];
  /** In the unit, where something is promised. */
  readonly limit?: number;
}

/** The metric that a measure is of. */
export function measuredMetric(measure: Measure): string {
  return measure.kind === "durations" ? measure.histogram.metric : measure.gauge.metric;
}

/** The time within which a share of all events are done, in the histogram's unit, as it is drawn. */
export function quantileQuery({ form, histogram }: MeasuredDurations, share: string): string {
  const rateOf = (selector: Selector) => rate(over(selector, DRAWN_RANGE as Duration));
  const rates =
    form === "native"
      ? sum(rateOf(histogram))
      : sum(rateOf(metric(`${histogram.metric}_bucket`, ...histogram.matchers)), "le");
  return histogramQuantile(scalar(share), rates).text;
}

/** What a gauge says, as it is drawn: one series, or one for each `instance` where each is looked at. */
export function gaugeQuery({ gauge, aggregate }: MeasuredGauge): string {
  const found = seen({ gauge, aggregate });
  return (aggregate === "each" ? max(found, "instance") : found).text;
}
