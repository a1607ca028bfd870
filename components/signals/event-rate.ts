import { type Duration, seconds } from "../core/duration.ts";
import {
  atLeast,
  dividedBy,
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
  times,
  written,
} from "./promql.ts";
import { counting, filled } from "./windowed-query.ts";

/** What counts events, in any of the forms that a rate over a window can be taken from. */
export type EventCount = Selector | EventQuery;

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

/** Events per second over a range, as one series; none where nothing is counted. */
export function eventRate(count: EventCount, range: Duration): InstantVector {
  if (!("kind" in count)) return sum(rate(over(count, range)));
  switch (count.kind) {
    case "query":
      return queryRate(count.query, range);
    case "rest": {
      const total = queryRate(count.total, range);
      // Without one success there is no series of successes: a total outage must not be nothing to look at.
      return minus(total, or(queryRate(count.good, range), times(scalar(0), total)));
    }
    case "share of seconds":
      return shareOf(count.ratio, range);
    case "known seconds":
      return plus(times(scalar(0), shareOf(count.ratio, range)), scalar(1));
  }
}

/** A query may yield several series, which are one budget together. */
function queryRate(query: string, range: Duration): InstantVector {
  const counted = sum(written(filled(query, range)));
  return counting(query) === "per window" ? dividedBy(counted, scalar(seconds(range))) : counted;
}

/**
 * Without what is not a number, as a quotient is where nobody asked: that one gap would make a month unknown. No share is
 * below -1, but rounding may put one a hair below 0.
 */
function shareOf(ratio: string, range: Duration): InstantVector {
  return mean(atLeast(written(filled(ratio, range)), scalar(-1)));
}
