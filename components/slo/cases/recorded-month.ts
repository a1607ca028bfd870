import { type Duration, seconds } from "../../core/duration.ts";
import { MONTH_WINDOWS } from "../calendar-month.ts";
import { RECORDS } from "../conventions.ts";
import { toNumber } from "../fraction.ts";
import { errorBudget, type Slo } from "../model.ts";
import type { Story } from "./story.ts";

/** A record, and what it has to be. */
export type Recorded = readonly [record: string, expected: number];

// promtool's time begins with 1970, and so on the first of a January.

const DAY = seconds("1d");

/** What is recorded of a calendar month, at an evaluation of a story. */
export function recordsOfMonth(
  slo: Slo,
  story: Story,
  at: number,
  scrapeInterval: Duration,
): readonly Recorded[] {
  const { before, elapsed, all, bad } = monthUntil(story, at, scrapeInterval);
  const tiles = [...new Set(MONTH_WINDOWS.map(({ tile }) => tile))];
  return [
    ...tiles
      .filter((tile) => seconds(tile) >= seconds(story.unit))
      .flatMap((tile): readonly Recorded[] => {
        const events = story.after(Math.max(before, at - story.lengthOf(tile)), at);
        return [
          [RECORDS.totalInMonth(tile), events.all / seconds(tile)],
          [RECORDS.errorsInMonth(tile), events.bad / seconds(tile)],
        ];
      }),
    [RECORDS.totalOf("month"), all / elapsed],
    [RECORDS.errorsOf("month"), bad / elapsed],
    [RECORDS.errorRatio("month"), bad / all],
    [RECORDS.budgetSpent, spentOfMonth(slo, story, at, scrapeInterval)],
    [RECORDS.historyCovered, daysKnown(story, at, elapsed) / (1 + Math.floor(elapsed / DAY))],
  ];
}

/** The share of the whole month's budget that is spent at an evaluation of a story. */
export function spentOfMonth(slo: Slo, story: Story, at: number, scrapeInterval: Duration): number {
  const { elapsed, length, all, bad } = monthUntil(story, at, scrapeInterval);
  return ((elapsed / length) * (bad / all)) / toNumber(errorBudget(slo.objective));
}

/** What happened in the month of an evaluation until then. */
function monthUntil(story: Story, at: number, scrapeInterval: Duration) {
  // A step belongs to the month that its middle lies in.
  const now = at * seconds(story.unit) - seconds(scrapeInterval) / 2;
  const { first, length } = monthAround(now);
  const before = Math.floor(first / seconds(story.unit));
  return { before, length, elapsed: now - first, ...story.after(before, at) };
}

/** The month that a moment lies in: when it began, and how long it is, in seconds. */
function monthAround(moment: number): { readonly first: number; readonly length: number } {
  const date = new Date(moment * 1000);
  const first = (month: number) => Date.UTC(date.getUTCFullYear(), month, 1) / 1000;
  const month = date.getUTCMonth();
  return { first: first(month), length: first(month + 1) - first(month) };
}

/** The days of this month on which, at this hour, something was known. */
function daysKnown({ unit, unseen }: Story, at: number, elapsed: number): number {
  let known = 0;
  for (let day = 0; day * DAY < elapsed; day++) if (at - (day * DAY) / seconds(unit) > unseen) known++;
  return known;
}
