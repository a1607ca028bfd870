import { type Duration, duration, seconds } from "../core/duration.ts";
import { memoize } from "../core/memoize.ts";
import { dividedBy, type Fraction, ratio, times } from "./fraction.ts";

/** Periods that end now, whenever that is. */
export const ROLLING_PERIODS = ["7d", "28d", "30d", "90d"] as const;
export type RollingPeriod = (typeof ROLLING_PERIODS)[number];

/** The periods that a budget can be given for: rolling ones, and the calendar month in UTC. */
export const PERIODS = [...ROLLING_PERIODS, "month"] as const;
export type Period = (typeof PERIODS)[number];

/** How long a period is, as burn rates are reckoned: a month counts as thirty days, so that February pages like any other. */
export function lengthOf(period: Period): RollingPeriod {
  return period === "month" ? "30d" : period;
}

/** A period in prose. */
export function periodText(period: Period): string {
  return period === "month" ? "a calendar month" : period;
}

/** Two windows that must both burn: the long one says that it matters, the short one that it still goes on. */
export interface WindowPair {
  readonly short: Duration;
  readonly long: Duration;
  /** The share of the whole budget that burning through the long window at the limit spends, in percent. */
  readonly spendsPercent: number;
  readonly alert: "fastBurn" | "slowBurn";
}

/** The four pairs of the SRE workbook, chapter 5: 2% of the budget in an hour and 5% in six page, 10% in one or three days wait. */
export const WINDOW_PAIRS: readonly WindowPair[] = [
  { short: "5m", long: "1h", spendsPercent: 2, alert: "fastBurn" },
  { short: "30m", long: "6h", spendsPercent: 5, alert: "fastBurn" },
  { short: "2h", long: "1d", spendsPercent: 10, alert: "slowBurn" },
  { short: "6h", long: "3d", spendsPercent: 10, alert: "slowBurn" },
];

/** How many times faster than even the budget must burn: budget share × period / window, such as 14.4. */
export function burnFactor({ long, spendsPercent }: WindowPair, period: Period): Fraction {
  return times(
    ratio(spendsPercent, 100),
    dividedBy(ratio(seconds(lengthOf(period)), 1), ratio(seconds(long), 1)),
  );
}

/** The highest factor of any pair: an objective must leave a budget that this many times over is still below everything. */
export function steepest(period: Period): Fraction {
  const [first, ...rest] = WINDOW_PAIRS.map((pair) => burnFactor(pair, period));
  return rest.reduce(
    (highest, factor) =>
      factor.numerator * highest.denominator > highest.numerator * factor.denominator ? factor : highest,
    first as Fraction,
  );
}

/** How the rate over one window comes about. */
export type WindowSource =
  /** From the steps between scrapes, each of which is recorded once. */
  | { readonly kind: "steps" }
  /** From records of a shorter window, laid side by side; `bridged` looks past gaps in the record. */
  | {
      readonly kind: "tiles";
      readonly tile: Duration;
      readonly offsets: readonly Duration[];
      readonly bridged: boolean;
    };

export interface Window {
  readonly length: Duration;
  readonly source: WindowSource;
}

/**
 * The windows of a period, each after those that it is made of.
 *
 * Nobody reads the counters but one pair of records that holds the newest step: what was counted from one scrape to the next.
 * Windows up to an hour add these steps up, so that a page comes as soon as one from the counters would. Longer ones are tiled
 * from the hour, because the steps of thirty days would be read 86,400 at a time. Each step belongs to one tile and to one only:
 * what is tiled exactly is exact.
 */
export const windowsOf: (period: Period) => readonly Window[] = memoize(made);

function made(period: Period): readonly Window[] {
  const ofSteps = (length: Duration): Window => ({ length, source: { kind: "steps" } });
  const tiled = (length: Duration, tile: Duration, bridged: boolean): Window => ({
    length,
    source: { kind: "tiles", tile, offsets: offsets(length, tile), bridged },
  });
  return [
    ofSteps("5m"),
    ofSteps("30m"),
    ofSteps("1h"),
    tiled("2h", "1h", false),
    tiled("6h", "1h", false),
    // From here on a gap of some minutes would fall upon a tile of hours: the newest record before it stands in.
    tiled("1d", "6h", true),
    tiled("3d", "1d", true),
    // What belongs to a month of the calendar is a matter of dates, and not of one length: see calendar-month.ts.
    ...(period === "month" ? [] : [tiled(period, longestTile(period), true)]),
  ];
}

/** The longest window that a period is a multiple of. */
function longestTile(period: RollingPeriod): Duration {
  return seconds(period) % seconds("3d") === 0 ? "3d" : "1d";
}

/** How many steps between scrapes a window holds: those that end within it, its own beginning left out. */
export function stepsIn(window: Duration, scrapeInterval: Duration): number {
  return Math.ceil(seconds(window) / seconds(scrapeInterval));
}

/** How far a tiled window looks for a record when the one at its place is missing. */
export const BRIDGE: Duration = "30m";

export function offsets(length: Duration, tile: Duration): Duration[] {
  return Array.from({ length: seconds(length) / seconds(tile) }, (_, index) =>
    duration(index * seconds(tile)),
  );
}
