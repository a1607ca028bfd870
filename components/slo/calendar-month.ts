import { type Duration, seconds } from "../core/duration.ts";
import type { RecordingRule } from "../core/rules.ts";
import {
  dividedBy,
  type InstantVector,
  instant,
  labelled,
  minus,
  or,
  over,
  type Scalar,
  same,
  scalar,
  sum,
  sumOverTime,
  times,
  whenever,
} from "../signals/promql.ts";
import { isOddMonth, monthOf, secondsInMonth, secondsOfMonth } from "../signals/promql-time.ts";
import { historyOf, RECORDS, recordOf } from "./conventions.ts";
import type { Slo } from "./model.ts";
import { record } from "./record.ts";
import { bridgedTile } from "./tile.ts";
import { offsets, stepsIn } from "./windows.ts";

// The month of the calendar, in UTC. PromQL has no range that begins on the first, so windows are cut at it: each holds only what
// lies in the month that it ends in. A longer window adds up those of its tiles that end in its own month. The tile in which the
// month begins was cut when it was recorded; so the month is exact to a step, whatever its length is, and at any time of the day.

/** Longer than any month. */
const LONGEST: Duration = "33d";

/** A window that is put together from tiles. */
export interface MonthWindow {
  readonly length: Duration;
  readonly tile: Duration;
  /** Whether a tile's record is looked for some way back, as in the windows that are not cut. */
  readonly bridged: boolean;
}

export const MONTH_WINDOWS: readonly MonthWindow[] = [
  { length: "6h", tile: "1h", bridged: false },
  { length: "1d", tile: "6h", bridged: true },
  { length: "3d", tile: "1d", bridged: true },
  { length: LONGEST, tile: "3d", bridged: true },
];

interface Side {
  readonly step: string;
  readonly oddMonths: string;
  readonly inMonth: (window: Duration) => string;
  readonly month: string;
}

const SIDES: readonly Side[] = [
  {
    step: RECORDS.totalStep,
    oddMonths: RECORDS.totalOddMonths,
    inMonth: RECORDS.totalInMonth,
    month: RECORDS.totalOf("month"),
  },
  {
    step: RECORDS.errorsStep,
    oddMonths: RECORDS.errorsOddMonths,
    inMonth: RECORDS.errorsInMonth,
    month: RECORDS.errorsOf("month"),
  },
];

/** What is recorded of an SLO by the calendar: what lies in the month, of ever longer windows, and at last all of it. */
export function monthRules(slo: Slo, scrapeInterval: Duration): readonly RecordingRule[] {
  return SIDES.flatMap((side) => [
    record(
      slo,
      side.oddMonths,
      times(sum(instant(recordOf(slo, side.step))), isOddMonth(middle(scrapeInterval))),
    ),
    record(slo, side.inMonth("1h"), hourInMonth(slo, side, scrapeInterval)),
    ...MONTH_WINDOWS.map(({ length, tile, bridged }) => {
      const sumOfTiles = tilesInMonth(slo, side.inMonth(tile), { length, tile, bridged }, scrapeInterval);
      return length === LONGEST
        ? record(slo, side.month, perSecondOfMonth(sumOfTiles, tile, scrapeInterval))
        : record(slo, side.inMonth(length), dividedBy(sumOfTiles, scalar(seconds(length) / seconds(tile))));
    }),
  ]);
}

/** A step belongs to the month that its middle lies in. The step to midnight, which is recorded then, is of the month before. */
function middle(scrapeInterval: Duration): number {
  return seconds(scrapeInterval) / 2;
}

/** The steps of an hour that are of this month: all of those in odd months, or all others. */
function hourInMonth(slo: Slo, { step, oddMonths }: Side, scrapeInterval: Duration): InstantVector {
  const odd = sum(sumOverTime(over(historyOf(slo, oddMonths), "1h")));
  const all = sum(sumOverTime(over(historyOf(slo, step), "1h")));
  const isOdd = same(isOddMonth(middle(scrapeInterval)), scalar(1));
  return dividedBy(or(whenever(odd, isOdd), minus(all, odd)), scalar(stepsIn("1h", scrapeInterval)));
}

/** The tiles of a window that end in this month, together. */
function tilesInMonth(
  slo: Slo,
  tileRecord: string,
  { length, tile, bridged }: MonthWindow,
  scrapeInterval: Duration,
): InstantVector {
  const selector = historyOf(slo, tileRecord);
  const now = middle(scrapeInterval);
  const tiles = offsets(length, tile).map((offset) => {
    const found = bridged ? bridgedTile(selector, offset) : instant(selector, offset);
    const isThisMonth = same(monthOf(seconds(offset) + now), monthOf(now));
    return labelled(offset === "0s" ? found : whenever(found, isThisMonth), "tile", offset);
  });
  return sum(or(tiles[0] as InstantVector, ...tiles.slice(1)));
}

function perSecondOfMonth(
  sumOfTiles: InstantVector,
  tile: Duration,
  scrapeInterval: Duration,
): InstantVector {
  return dividedBy(times(scalar(seconds(tile)), sumOfTiles), secondsOfMonth(middle(scrapeInterval)));
}

/** The seconds of the month that have passed. */
export function secondsSoFar(scrapeInterval: Duration): Scalar {
  return secondsOfMonth(middle(scrapeInterval));
}

/**
 * The share of the whole month's budget that is spent, if traffic goes on as it was. Errors over those that may be so far would
 * call the budget spent after one failure in the first minutes.
 */
export function spentOfMonth(soFar: InstantVector, scrapeInterval: Duration): InstantVector {
  return dividedBy(times(secondsSoFar(scrapeInterval), soFar), secondsInMonth(middle(scrapeInterval)));
}
