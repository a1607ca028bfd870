import { type Duration, seconds } from "../../core/duration.ts";
import { MONTH_WINDOWS } from "../calendar-month.ts";
import { RECORDS } from "../conventions.ts";
import { toNumber } from "../fraction.ts";
import { errorBudget, type Slo } from "../model.ts";
import { knownAt } from "./known-seconds.ts";
import type { Timeline } from "./timeline.ts";

/** A record, and what it has to be. */
export type Recorded = readonly [record: string, expected: number];

// promtool's time begins with 1970, and so on the first of a January.

/** What is recorded of a calendar month, at an evaluation of a timeline. */
export function recordsOfMonth(
  slo: Slo,
  timeline: Timeline,
  at: number,
  scrapeInterval: Duration,
): readonly Recorded[] {
  const { before, elapsed, all, bad } = monthUntil(timeline, at, scrapeInterval);
  const tiles = [...new Set(MONTH_WINDOWS.map(({ tile }) => tile))];
  return [
    ...tiles
      .filter((tile) => seconds(tile) >= seconds(timeline.unit))
      .flatMap((tile): readonly Recorded[] => {
        const events = timeline.after(Math.max(before, at - timeline.lengthOf(tile)), at);
        return [
          [RECORDS.totalInMonth(tile), events.all / seconds(tile)],
          [RECORDS.errorsInMonth(tile), events.bad / seconds(tile)],
        ];
      }),
    [RECORDS.totalOf("month"), all / elapsed],
    [RECORDS.errorsOf("month"), bad / elapsed],
    [RECORDS.errorRatio("month"), bad / all],
    [RECORDS.budgetSpent, spentOfMonth(slo, timeline, at, scrapeInterval)],
    [RECORDS.historyCovered, coveredOfMonth(slo, timeline, at, scrapeInterval)],
  ];
}

/** The share of the whole month's budget that is spent at an evaluation of a timeline. */
export function spentOfMonth(slo: Slo, timeline: Timeline, at: number, scrapeInterval: Duration): number {
  const { elapsed, length, all, bad } = monthUntil(timeline, at, scrapeInterval);
  const covered = coveredOfMonth(slo, timeline, at, scrapeInterval) * (elapsed / length);
  return (covered * (bad / all)) / toNumber(errorBudget(slo.objective));
}

/** The share of the month so far that is known at an evaluation of a timeline. */
export function coveredOfMonth(slo: Slo, timeline: Timeline, at: number, scrapeInterval: Duration): number {
  const { elapsed } = monthUntil(timeline, at, scrapeInterval);
  return Math.min(knownAt(slo, timeline, at), elapsed) / elapsed;
}

/** What happened in the month of an evaluation until then. */
function monthUntil(timeline: Timeline, at: number, scrapeInterval: Duration) {
  // A step belongs to the month that its middle lies in.
  const now = at * seconds(timeline.unit) - seconds(scrapeInterval) / 2;
  const { first, length } = monthAround(now);
  const before = Math.floor(first / seconds(timeline.unit));
  return { before, length, elapsed: now - first, ...timeline.after(before, at) };
}

/** The month that a moment lies in: when it began, and how long it is, in seconds. */
function monthAround(moment: number): { readonly first: number; readonly length: number } {
  const date = new Date(moment * 1000);
  const first = (month: number) => Date.UTC(date.getUTCFullYear(), month, 1) / 1000;
  const month = date.getUTCMonth();
  return { first: first(month), length: first(month + 1) - first(month) };
}
