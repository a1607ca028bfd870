import { type Duration, seconds } from "../core/duration.ts";
import { percent } from "../core/share.ts";
import { type AlertCase, type AlertParameters, type InputSeries, rangeOf } from "./definition.ts";
import { fires } from "./situations.ts";

// For alerts whose condition is true in a range of 5 minutes, or in two long ranges one after the other: what fails rarely, and is tried
// again after minutes, is seen by the short range for 5 minutes only.

/**
 * Seconds from the start, at a scrape, from which failures once in `every` seconds are a true condition: with the first, if the short range
 * sees it for long enough, otherwise with the second, because the two long ranges see failures before the short one has lost it.
 */
function heldFrom(every: number, parameters: AlertParameters): number {
  const step = seconds(parameters.scrapeInterval);
  const seen = seconds(rangeOf(parameters, "5m")) - 2 * step;
  const failures = seconds(parameters.for) <= seen ? 1 : 2;
  return Math.ceil((failures * every) / step) * step;
}

/** Seconds from the start until two ranges, one after the other, are full of samples. */
export function bothRanges(range: Duration, { scrapeInterval }: AlertParameters): number {
  const step = seconds(scrapeInterval);
  return Math.ceil((2 * seconds(range)) / step) * step + step;
}

/** What fails rarely: attempts once in `every` seconds, and the alert that the failing ones raise. */
export interface RareFailures {
  readonly every: number;
  /** Each of the two long ranges. */
  readonly range: Duration;
  readonly labels: Readonly<Record<string, string>>;
  /** The share of the attempts that fails. */
  readonly share: (parameters: AlertParameters) => number;
  /** The counters, given the share that fails of the n-th attempts, counted from 1. */
  readonly series: (failed: (n: number) => number, parameters: AlertParameters) => readonly InputSeries[];
}

/** A case of attempts of which a share fails until the alert fires. */
export function firesForRare(when: string, { every, range, labels, share, series }: RareFailures): AlertCase {
  return fires(when, (parameters) => {
    const step = seconds(parameters.scrapeInterval);
    const holdsFrom = heldFrom(every, parameters);
    const due = Math.ceil((holdsFrom + seconds(parameters.for)) / step) * step;
    return {
      series: series((n) => (n * every <= due ? share(parameters) : 0), parameters),
      holdsFrom,
      stops: { after: due, by: due + 3 * seconds(range) },
      alerts: [{ labels, value: percent(share(parameters)) }],
    };
  });
}
