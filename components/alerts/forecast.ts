import { type Duration, duration, seconds } from "../core/duration.ts";
import type { AlertParameters } from "./definition.ts";

const HOUR = 3600;

/** The time range before the last two windows, in windows. A new low is below all values of it. */
export const BEFORE = 4;

/** What runs out: a gauge of what is left. */
interface Remaining {
  /** A selector, such as `node_filesystem_avail_bytes{job="node-exporter"}`. */
  readonly selector: string;
  /** The labels by which series are one thing: a disk that is mounted twice, a volume that moved to another node. */
  readonly by: string;
}

/**
 * A query for what will have run out in less than so many hours. It compares the lows of the last window and of the window before: each
 * must be below the lowest value of the time before it, by so much that nothing is left after `hours` at this pace.
 *
 * A straight line through the last hours (`predict_linear`) forecasts a full disk for hours after a single step, such as a new node that
 * pulls its images, and on each slope of a saw-tooth. A step is new in one window only, and the lows of a saw-tooth are not new. In the
 * other direction, a line through six hours sees too late that a disk that did not change for hours now fills up fast.
 */
export function runsOut({ selector, by }: Remaining, hours: number, window: Duration): string {
  const length = seconds(window);
  const low = (range: number, offset: number) =>
    `min by (${by}) (min_over_time(${selector}[${duration(range)}]${offset === 0 ? "" : ` offset ${duration(offset)}`}))`;
  const of = length / HOUR;
  return (
    `${low(length, length)} > ${low(length, 0)} * (1 + ${tidy(of)} / ${hours})` +
    ` and ${low(BEFORE * length, 2 * length)} > ${low(length, length)} * (1 + ${tidy(of)} / ${tidy(hours + of)})`
  );
}

/** A window for a forecast of so many hours: a sixteenth of them, at most an hour, at least four scrapes. */
export function windowOf(
  hours: number,
  { scrapeInterval }: Pick<AlertParameters, "scrapeInterval">,
): Duration {
  const step = seconds(scrapeInterval);
  const sixteenth = Math.min((hours * HOUR) / 16, HOUR);
  return duration(Math.max(Math.ceil(sixteenth / step), 4) * step);
}

function tidy(value: number): number {
  return Number(value.toPrecision(6));
}
