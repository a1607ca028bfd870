import {
  above,
  and,
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

/** Requests whose durations are known, and the longest that is quick enough. */
export type TimedRequests =
  | {
      readonly form: "classic";
      /** Counts the requests that are judged. */
      readonly all: Selector;
      /** Counts those of them that were quick enough: the bucket that ends at the threshold. */
      readonly inTime: Selector;
      /** That bucket of every request, judged or not. */
      readonly known: Selector;
    }
  | {
      readonly form: "native";
      readonly all: Selector;
      readonly known: Selector;
      /** In the unit of the histogram. */
      readonly threshold: number;
    };

/** What a counter or native histogram grows by in a second, over whatever range, all its series together. */
type RateOf = (selector: Selector) => InstantVector;

/**
 * Requests per second that are judged by their duration. None is judged while all of them fail, which is zero and not unknown;
 * but without a bucket that ends at the threshold nothing is known at all.
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
  // A fraction of nothing is not a number, which one step of would make a month unknown.
  return times(
    above(histogramCount(all), scalar(0)),
    minus(scalar(1), histogramFraction(scalar(0), scalar(requests.threshold), all)),
  );
}
