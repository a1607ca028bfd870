import {
  above,
  and,
  clampMax,
  clampMin,
  histogramCount,
  histogramFraction,
  type InstantVector,
  instant,
  minus,
  or,
  type Selector,
  scalar,
  sum,
  times,
} from "./promql.ts";

/** Requests with known durations, and the threshold for them. */
export type TimedRequests =
  | {
      readonly form: "classic";
      /** Counts the requests whose duration matters. */
      readonly all: Selector;
      /** Counts those of them within the threshold: the bucket with the threshold as upper bound. */
      readonly inTime: Selector;
      /** That bucket of all requests, including failed ones. */
      readonly known: Selector;
    }
  | {
      readonly form: "native";
      readonly all: Selector;
      readonly known: Selector;
      /** In the unit of the histogram. */
      readonly threshold: number;
    };

/** The increase per second of a counter or native histogram, as the sum of all its series. */
type RateOf = (selector: Selector) => InstantVector;

/**
 * Requests per second whose duration matters. While all requests fail, the result is 0 and not no data. Without a bucket with the
 * threshold as upper bound, the result is no data.
 */
export function timedRate(requests: TimedRequests, rateOf: RateOf): InstantVector {
  const known = sum(instant(requests.known));
  if (requests.form === "native")
    return or(histogramCount(rateOf(requests.all)), times(scalar(0), histogramCount(known)));
  return or(and(rateOf(requests.all), known), times(scalar(0), known));
}

/** Requests per second that took longer than the threshold. */
export function tooSlowRate(requests: TimedRequests, rateOf: RateOf): InstantVector {
  const all = rateOf(requests.all);
  if (requests.form === "classic") return clampMin(minus(all, rateOf(requests.inTime)), scalar(0));
  // The fraction without observations is NaN, and one NaN would make the sum over a month NaN. A process that restarts and counts more than
  // before within one scrape leaves buckets below zero, with which the fraction is not between 0 and 1.
  const slow = minus(scalar(1), histogramFraction(scalar(0), scalar(requests.threshold), all));
  return times(above(histogramCount(all), scalar(0)), clampMax(clampMin(slow, scalar(0)), scalar(1)));
}
