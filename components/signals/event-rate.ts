import { type Duration, duration, seconds } from "../core/duration.ts";
import {
  atLeast,
  clampMin,
  dividedBy,
  histogramCount,
  type InstantVector,
  irate,
  mean,
  minus,
  or,
  over,
  plus,
  rate,
  type Selector,
  scalar,
  sum,
  sumOfQuery,
  times,
  written,
} from "./promql.ts";
import { type TimedRequests, timedRate, tooSlowRate } from "./request-durations.ts";
import { badChecks, checks, type Sampled } from "./samples.ts";
import { type StepRanges, stepQuery, WINDOW } from "./windowed-query.ts";

/** What counts events, in any of the forms that a rate over a window can be taken from. */
export type EventCount = Selector | EventQuery | MeasuredCount;

/** A count that is told by PromQL with room for the window. */
export type EventQuery =
  /** The query counts the events themselves. */
  | { readonly kind: "query"; readonly query: string }
  /** All events but those that the query `good` counts. */
  | { readonly kind: "rest"; readonly total: string; readonly good: string }
  /** The query tells a share of errors from 0 to 1: each second is one event, and this share of it is bad. */
  | { readonly kind: "share of seconds"; readonly ratio: string }
  /** The seconds in which that share is known. */
  | { readonly kind: "known seconds"; readonly ratio: string };

/** A count that is told by what exporters are known to report. */
export type MeasuredCount =
  /** The observations of a native histogram. */
  | { readonly kind: "observations"; readonly histogram: Selector }
  /** Requests whose durations are judged. */
  | { readonly kind: "timed"; readonly requests: TimedRequests }
  /** Those of them that took too long. */
  | { readonly kind: "too slow"; readonly requests: TimedRequests }
  /** The looks at a gauge. */
  | { readonly kind: "checks"; readonly sampled: Sampled }
  /** Those of them that found something bad. */
  | { readonly kind: "bad checks"; readonly sampled: Sampled };

/**
 * Samples that are looked through for the newest two. One or two lost scrapes then leave the step before them in its place, and
 * the counts of a gap that short are not lost.
 */
export const LOOKBACK_SCRAPES = 4;

/**
 * Events per second in the newest step, which is from one scrape to the next, as one series; none where nothing is counted.
 * Averaged over the evaluations of any window, one after each scrape, it is what the counters grew by.
 */
export function eventRate(count: EventCount, scrapeInterval: Duration): InstantVector {
  const ranges = { step: scrapeInterval, reach: duration(LOOKBACK_SCRAPES * seconds(scrapeInterval)) };
  const rateOf = (selector: Selector) => sum(irate(over(selector, ranges.reach)));
  if (!("kind" in count)) return rateOf(count);
  switch (count.kind) {
    case "query":
      return queryRate(count.query, ranges);
    case "rest": {
      const total = queryRate(count.total, ranges);
      // Without one success there is no series of successes: a total outage must not be nothing to look at.
      return clampMin(minus(total, or(queryRate(count.good, ranges), times(scalar(0), total))), scalar(0));
    }
    case "share of seconds":
      return shareOf(count.ratio, ranges);
    case "known seconds":
      return plus(times(scalar(0), shareOf(count.ratio, ranges)), scalar(1));
    default:
      return measuredRate(count, rateOf, perStep(scrapeInterval));
  }
}

/** Whether no more errors than events can be found, whatever restarts: both are told by the same series, or the one by the other. */
export function countsAmong(errors: EventCount, all: EventCount): boolean {
  if (!("kind" in errors)) return !("kind" in all) && errors.metric === all.metric;
  return errors.kind !== "query" && errors.kind !== "share of seconds";
}

/** A gauge is looked at once in each step: what is found at this moment is what happened in it. */
function perStep(scrapeInterval: Duration): ChecksOf {
  return (found) => dividedBy(found, scalar(seconds(scrapeInterval)));
}

type RateOf = (selector: Selector) => InstantVector;
/** From what looks find at this moment to what they find over a window. */
type ChecksOf = (found: InstantVector) => InstantVector;

/** What the count grows by in a second, whatever a rate is taken over. */
function measuredRate(count: MeasuredCount, rateOf: RateOf, checksOf: ChecksOf): InstantVector {
  switch (count.kind) {
    case "observations":
      return histogramCount(rateOf(count.histogram));
    case "timed":
      return timedRate(count.requests, rateOf);
    case "too slow":
      return tooSlowRate(count.requests, rateOf);
    case "checks":
      return checksOf(checks(count.sampled));
    case "bad checks":
      return checksOf(badChecks(count.sampled));
  }
}

/** The count as one query with room for the window, as a team would write it. */
export function eventQuery(count: EventCount): string {
  const rateOf = (selector: Selector) => sum(rate(over(selector, WINDOW as Duration)));
  if (!("kind" in count)) return rateOf(count).text;
  switch (count.kind) {
    case "query":
      return count.query;
    case "rest":
    case "share of seconds":
    case "known seconds":
      throw new TypeError(`a count of the kind "${count.kind}" has no query of its own`);
    default:
      return measuredRate(count, rateOf, (found) => sumOfQuery(found, WINDOW as Duration)).text;
  }
}

/** A query may yield several series, which are one budget together. */
function queryRate(query: string, ranges: StepRanges): InstantVector {
  const { text, counting } = stepQuery(query, ranges);
  const counted = sum(written(text));
  return counting === "per window" ? dividedBy(counted, scalar(seconds(ranges.step))) : counted;
}

/**
 * Without what is not a number, as a quotient is where nobody asked: that one gap would make a month unknown. No share is
 * below -1, but rounding may put one a hair below 0.
 */
function shareOf(ratio: string, ranges: StepRanges): InstantVector {
  return mean(atLeast(written(stepQuery(ratio, ranges).text), scalar(-1)));
}
