import {
  above,
  atLeast,
  below,
  count,
  type InstantVector,
  instant,
  max,
  minus,
  type Selector,
  scalar,
  sum,
  unless,
} from "./promql.ts";
import { now } from "./promql-time.ts";

/** A gauge that is checked once per scrape, and which of its values are bad. Each check is an event. */
export interface Sampled {
  readonly gauge: Selector;
  /**
   * What is checked:
   * - `each` series, such as the success of each probe;
   * - the `largest`, such as the age of the oldest message of any queue;
   * - the `sum`, such as the lag of all partitions;
   * - the time `since` the newest, if the gauge is a timestamp, such as that of the last success.
   */
  readonly aggregate: "each" | "largest" | "sum" | "since";
  readonly bad: "above" | "below";
  /** In the unit of the gauge; in seconds for `since`. */
  readonly limit: number;
}

/** The current number of checks; no data if the gauge does not exist. */
export function checks(sampled: Sampled): InstantVector {
  return count(seen(sampled));
}

/** The current number of checks with a bad value; no data if there is none. */
export function badChecks(sampled: Sampled): InstantVector {
  const limit = scalar(sampled.limit);
  return count(sampled.bad === "above" ? above(seen(sampled), limit) : below(seen(sampled), limit));
}

/**
 * A host's clock may be this far, in seconds, ahead of the cluster's: a success is then a moment in the future. A time in milliseconds is
 * 50,000 years ahead.
 */
const CLOCK_SKEW = 3600;

/**
 * The lowest value that is possible. No age, duration or number of messages is negative: exporters write -1 or NaN for a value that they
 * do not know, and a comparison with either finds nothing bad.
 */
function lowest({ aggregate }: Pick<Sampled, "aggregate">): number {
  return aggregate === "since" ? -CLOCK_SKEW : 0;
}

/** The current number of checks with an impossible value; no data if there is none. */
export function unclearChecks(sampled: Sampled): InstantVector {
  return count(unclear(sampled));
}

/** The checked values that are impossible. NaN is not at least anything. */
export function unclear(sampled: Sampled): InstantVector {
  const values = seen(sampled);
  return unless(values, atLeast(values, scalar(lowest(sampled))));
}

/** The checked values. */
export function seen({ gauge, aggregate }: Pick<Sampled, "gauge" | "aggregate">): InstantVector {
  const values = instant(gauge);
  switch (aggregate) {
    case "each":
      return values;
    case "largest":
      return max(values);
    case "sum":
      return sum(values);
    case "since":
      return minus(now(), max(values));
  }
}
