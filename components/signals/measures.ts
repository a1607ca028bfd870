import type { Duration } from "../core/duration.ts";
import type { DurationHistogram, HistogramForm } from "./histogram.ts";
import { DRAWN_RANGE } from "./platform-signal.ts";
import { histogramQuantile, max, metric, over, rate, type Selector, scalar, sum } from "./promql.ts";
import { type Sampled, seen } from "./samples.ts";

// Further measurements of a signal's events, failed or not. Dashboards show them next to the error ratio.

export type Measure = MeasuredDurations | MeasuredGauge;

/** The duration of events, from a histogram. */
export interface MeasuredDurations {
  readonly kind: "durations";
  readonly form: HistogramForm;
  /** The histogram without a suffix, with matchers for the relevant events. */
  readonly histogram: Selector;
  readonly unit: DurationHistogram["unit"];
  /** The name of these events, in the plural. */
  readonly of: string;
  /** The threshold of the objective in the histogram's unit, if there is one. */
  readonly limit?: number;
}

/** The current value of a gauge. */
export interface MeasuredGauge {
  readonly kind: "gauge";
  /** Kebab-case: the end of the panel's key. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Seconds, a number, or 1 for success and 0 for failure. */
  readonly unit: "seconds" | "count" | "success";
  readonly gauge: Selector;
  readonly aggregate: Sampled["aggregate"];
  /** The threshold of the objective in the unit, if there is one. */
  readonly limit?: number;
}

/** The metric of a measure. */
export function measuredMetric(measure: Measure): string {
  return measure.kind === "durations" ? measure.histogram.metric : measure.gauge.metric;
}

/** The query of a panel for the duration within which a share of the events finish, in the histogram's unit. */
export function quantileQuery({ form, histogram }: MeasuredDurations, share: string): string {
  const rateOf = (selector: Selector) => rate(over(selector, DRAWN_RANGE as Duration));
  const rates =
    form === "native"
      ? sum(rateOf(histogram))
      : sum(rateOf(metric(`${histogram.metric}_bucket`, ...histogram.matchers)), "le");
  return histogramQuantile(scalar(share), rates).text;
}

/** The query of a panel for a gauge: one series, or one for each `instance` if each is checked separately. */
export function gaugeQuery({ gauge, aggregate }: MeasuredGauge): string {
  const found = seen({ gauge, aggregate });
  return (aggregate === "each" ? max(found, "instance") : found).text;
}
