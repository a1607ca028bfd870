import { type Duration, duration, seconds } from "../core/duration.ts";
import { type Arrival, histogramStepRate, stepRate } from "./counted-steps.ts";
import { type Counters, eitherOf, selectorsOf } from "./counters.ts";
import {
  atLeast,
  clampMin,
  dividedBy,
  histogramCount,
  type InstantVector,
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
import { badChecks, checks, type Sampled, unclearChecks } from "./samples.ts";
import { type StepRanges, stepQuery, WINDOW } from "./windowed-query.ts";

/** A count of events, in one of the forms from which a rate over a window can be computed. */
export type EventCount = Counters | EventQuery | MeasuredCount;

/** A count by a PromQL query with the placeholder for the window. */
type EventQuery =
  /** The query counts the events. */
  | { readonly kind: "query"; readonly query: string }
  /** All events without those that the query `good` counts. */
  | { readonly kind: "rest"; readonly total: string; readonly good: string }
  /** The query returns an error ratio from 0 to 1. Each second is one event, and this share of it is bad. */
  | { readonly kind: "share of seconds"; readonly ratio: string }
  /** The seconds for which that ratio exists. */
  | { readonly kind: "known seconds"; readonly ratio: string };

/** A count by metrics of known exporters. */
type MeasuredCount =
  /** The observations of a native histogram. */
  | { readonly kind: "observations"; readonly histogram: Counters }
  /** Requests whose durations are compared with a threshold. */
  | { readonly kind: "timed"; readonly requests: TimedRequests }
  /** Those of them that exceeded the threshold. */
  | { readonly kind: "too slow"; readonly requests: TimedRequests }
  /** Checks of a gauge, one per scrape. */
  | { readonly kind: "checks"; readonly sampled: Sampled }
  /** Those of them in which the value was bad. */
  | { readonly kind: "bad checks"; readonly sampled: Sampled }
  /** Those of them in which the value is impossible, and says neither. */
  | { readonly kind: "unclear checks"; readonly sampled: Sampled }
  /** Failed events beyond the number of all events, negative if there are fewer: of counters that do not belong together. */
  | { readonly kind: "excess"; readonly failed: Selector; readonly total: Selector };

/**
 * The range, in scrape intervals, in which the two newest samples are searched for a query of a team. After one or two missing scrapes the
 * previous step is used again.
 */
const SCRAPES_OF_QUERY = 4;

/**
 * Events per second in the newest step (from one scrape to the next) as one series; no series if there are no counters. The average over
 * the evaluations of a window, one per scrape, times its length is the increase of the counters.
 *
 * `all` is the count of all events if `count` is a part of them: its series show which targets were scraped before. `arrival` is
 * how the series of counters come.
 */
export function eventRate(
  count: EventCount,
  scrapeInterval: Duration,
  all: EventCount = count,
  arrival: Arrival = "scraped",
): InstantVector {
  const ranges = { step: scrapeInterval, reach: duration(SCRAPES_OF_QUERY * seconds(scrapeInterval)) };
  const rateOf = (counters: Counters) =>
    stepRate({ counter: counters, family: "kind" in all ? counters : all, arrival }, scrapeInterval);
  if (!("kind" in count)) return rateOf(count);
  switch (count.kind) {
    case "query":
      return queryRate(count.query, ranges);
    case "rest": {
      const total = queryRate(count.total, ranges);
      // Without a success there is no series of successes. During a total outage the result must be all events and not no data.
      return clampMin(minus(total, or(queryRate(count.good, ranges), times(scalar(0), total))), scalar(0));
    }
    case "share of seconds":
      return shareOf(count.ratio, ranges);
    case "known seconds":
      return plus(times(scalar(0), shareOf(count.ratio, ranges)), scalar(1));
    default:
      return measuredRate(
        count,
        countsHistograms(count) ? histogramsOf(all, scrapeInterval, arrival) : rateOf,
        perStep(scrapeInterval),
      );
  }
}

/** Whether errors can never exceed all events, even after restarts: both counts come from the same series, or one from the other. */
export function countsAmong(errors: EventCount, all: EventCount): boolean {
  if (!("kind" in errors)) {
    const counted = new Set("kind" in all ? [] : selectorsOf(all).map(({ metric: name }) => name));
    return selectorsOf(errors).every(({ metric: name }) => counted.has(name));
  }
  return errors.kind !== "query" && errors.kind !== "share of seconds";
}

/** Whether the series of a count are native histograms. */
function countsHistograms(count: MeasuredCount): boolean {
  return count.kind === "observations" || ("requests" in count && count.requests.form === "native");
}

function histogramsOf(all: EventCount, scrapeInterval: Duration, arrival: Arrival): RateOf {
  return (counter) =>
    histogramStepRate(
      { counter, family: "kind" in all && all.kind === "observations" ? all.histogram : counter, arrival },
      scrapeInterval,
    );
}

/** A gauge is checked once per step: the current number of checks is the number in the step. */
function perStep(scrapeInterval: Duration): ChecksOf {
  return (found) => dividedBy(found, scalar(seconds(scrapeInterval)));
}

type RateOf = (counters: Counters) => InstantVector;
/** Converts the current number of checks to their number over a window. */
type ChecksOf = (found: InstantVector) => InstantVector;

/** The increase of the count per second. */
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
    case "unclear checks":
      return checksOf(unclearChecks(count.sampled));
    case "excess":
      return minus(rateOf(count.failed), rateOf(count.total));
  }
}

/** The count as one query with the placeholder for the window, as a team would write it. */
export function eventQuery(count: EventCount): string {
  const rateOf = (counters: Counters) =>
    sum(eitherOf(counters, (selector) => rate(over(selector, WINDOW as Duration))));
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

/** Sums the series of a query: they share one error budget. */
function queryRate(query: string, ranges: StepRanges): InstantVector {
  const { text, counting } = stepQuery(query, ranges);
  const counted = sum(written(text));
  return counting === "per window" ? dividedBy(counted, scalar(seconds(ranges.step))) : counted;
}

/**
 * Drops NaN, which is the result of a division without events: one NaN would make the sum over the month NaN. Ratios can be slightly below
 * 0 by rounding, so the comparison is with -1.
 */
function shareOf(ratio: string, ranges: StepRanges): InstantVector {
  return mean(atLeast(written(stepQuery(ratio, ranges).text), scalar(-1)));
}
