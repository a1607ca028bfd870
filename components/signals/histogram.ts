import { type Duration, seconds } from "../core/duration.ts";

/** The form of a histogram: classic (one counter per bucket) or native (one series). */
export const HISTOGRAM_FORMS = ["classic", "native"] as const;
export type HistogramForm = (typeof HISTOGRAM_FORMS)[number];

/** A histogram of durations. */
export interface DurationHistogram {
  /** The family's name, without `_bucket` and `_count`. */
  readonly metric: string;
  readonly unit: "seconds" | "milliseconds";
  /** The default upper bounds of its classic buckets, in its unit, ascending. */
  readonly boundaries: readonly number[];
  /** The series are pushed by OTLP and not scraped, which changes the label `le`. */
  readonly pushed?: true;
}

/** The bucket bounds that OpenTelemetry recommends for seconds: semantic conventions, http.server.request.duration. */
export const OTEL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** The default bucket bounds of OpenTelemetry's SDKs, in milliseconds. */
export const OTEL_MILLISECONDS = [5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];

/** `DefBuckets` of the Prometheus client for Go. The clients for Python and Java have these and some more. */
export const PROMETHEUS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The default bucket bounds of the client for Python. */
export const PROMETHEUS_PYTHON_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/** A duration in the unit of a histogram. */
export function inUnitOf({ unit }: DurationHistogram, length: Duration): number {
  // Rounded to microseconds, without the error of floating point.
  const microseconds = Math.round(seconds(length) * 1e6);
  return microseconds / (unit === "seconds" ? 1e6 : 1e3);
}

/**
 * The label `le` as Prometheus 3 stores it, in whatever form the target writes it: the shortest digits of a float, always with a point.
 * Its OTLP receiver stores whole numbers without one. Exact from 0.0001 to below one million.
 */
export function bucketLabel(boundary: number, { pushed }: Pick<DurationHistogram, "pushed"> = {}): string {
  if (boundary < 1e-4 || boundary >= 1e6)
    throw new RangeError(`${boundary} is not a valid bucket bound: allowed are 0.0001 to below 1000000`);
  const text = String(boundary);
  return text.includes(".") || pushed ? text : `${text}.0`;
}

/**
 * A native histogram with these observations in promtool's notation, in schema 3 with eight buckets for each power of
 * two.
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

/** The index of the bucket of a value in schema 3. The upper bound of a bucket is 2^(index/8). */
function bucketIndex(value: number): number {
  return Math.ceil(Math.log2(value) * 8);
}
