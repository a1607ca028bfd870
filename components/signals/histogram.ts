import { type Duration, seconds } from "../core/duration.ts";

/** How a histogram is exposed: one counter for each bucket, or one series whose buckets Prometheus keeps itself. */
export const HISTOGRAM_FORMS = ["classic", "native"] as const;
export type HistogramForm = (typeof HISTOGRAM_FORMS)[number];

/** A histogram of durations. */
export interface DurationHistogram {
  /** The family's name, without `_bucket` and `_count`. */
  readonly metric: string;
  readonly unit: "seconds" | "milliseconds";
  /** Where its classic buckets end unless somebody configures it otherwise, in its own unit, ascending. */
  readonly boundaries: readonly number[];
}

/** Where OpenTelemetry advises histograms of seconds to have their buckets: semantic conventions, http.server.request.duration. */
export const OTEL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** The buckets of any histogram of OpenTelemetry's SDKs for which nobody advises others, read as milliseconds. */
export const OTEL_MILLISECONDS = [5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];

/** `DefBuckets` of Prometheus' client for Go. The clients for Python and Java have these and some more. */
export const PROMETHEUS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A duration in the unit of a histogram. */
export function inUnitOf({ unit }: DurationHistogram, length: Duration): number {
  // Whole microseconds, without what a float adds to them.
  const microseconds = Math.round(seconds(length) * 1e6);
  return microseconds / (unit === "seconds" ? 1e6 : 1e3);
}

/**
 * The label `le` as Prometheus 3 stores it, whatever the target wrote: the shortest digits of a float, and always with a point.
 * Exact for 0.0001 up to, but not including, a million.
 */
export function bucketLabel(boundary: number): string {
  if (boundary < 1e-4 || boundary >= 1e6) throw new RangeError(`${boundary} is no boundary of a duration`);
  const text = String(boundary);
  return text.includes(".") ? text : `${text}.0`;
}

/**
 * What a native histogram of so many observations in two places looks like in promtool's notation, in the standard schema 3 with
 * eight buckets for each power of two.
 */
export function nativeHistogram(observations: readonly (readonly [value: number, count: number])[]): string {
  const buckets = observations.map(([value, count]) => [bucketIndex(value), count] as const);
  const first = Math.min(...buckets.map(([index]) => index));
  const last = Math.max(...buckets.map(([index]) => index));
  const counts = Array.from({ length: last - first + 1 }, (_, position) =>
    buckets.reduce((sum, [index, count]) => (index === first + position ? sum + count : sum), 0),
  );
  const total = observations.reduce((sum, [, count]) => sum + count, 0);
  const sum = observations.reduce((all, [value, count]) => all + value * count, 0);
  return `{{schema:3 count:${total} sum:${sum} offset:${first} buckets:[${counts.join(" ")}]}}`;
}

/** The bucket of schema 3 that holds a value: the one that ends at 2^(index/8). */
function bucketIndex(value: number): number {
  return Math.ceil(Math.log2(value) * 8);
}
