import { type Duration, seconds } from "../core/duration.ts";
import { type AlertParameters, rangeOf } from "./definition.ts";

// For alerts whose condition is true in a range of 5 minutes, or in two long ranges one after the other: what fails rarely, and is tried
// again after minutes, is seen by the short range for 5 minutes only.

/**
 * Seconds from the start, at a scrape, from which failures once in `every` seconds are a true condition: with the first, if the short range
 * sees it for long enough, otherwise with the second, because the two long ranges see failures before the short one has lost it.
 */
export function heldFrom(every: number, parameters: AlertParameters): number {
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
