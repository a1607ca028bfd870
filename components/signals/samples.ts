import {
  above,
  below,
  count,
  type InstantVector,
  instant,
  max,
  minus,
  now,
  type Selector,
  scalar,
  sum,
} from "./promql.ts";

/** A gauge that is looked at once in each scrape, and the values of it that are bad. Each look is an event. */
export interface Sampled {
  readonly gauge: Selector;
  /**
   * What is looked at:
   * - `each` series, such as the success of each probe;
   * - the `largest`, such as the age of the oldest message of any queue;
   * - the `sum`, such as the lag of all partitions;
   * - the time `since` the newest, where the gauge is a time stamp, such as that of the last success.
   */
  readonly aggregate: "each" | "largest" | "sum" | "since";
  readonly bad: "above" | "below";
  /** In the unit of the gauge; in seconds for the time since it. */
  readonly limit: number;
}

/** How many looks there are at this moment; none where the gauge is not reported. */
export function checks(sampled: Sampled): InstantVector {
  return count(seen(sampled));
}

/** How many of them find something bad; none where all is well. */
export function badChecks(sampled: Sampled): InstantVector {
  const limit = scalar(sampled.limit);
  return count(sampled.bad === "above" ? above(seen(sampled), limit) : below(seen(sampled), limit));
}

/** What is looked at, at this moment. */
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
