import { type Duration, duration, seconds } from "../../core/duration.ts";
import type { PromtoolQueryTest } from "../../core/promtool.ts";
import { printSelector, type Selector } from "../../signals/promql.ts";
import { RECORDS, recordOf } from "../conventions.ts";
import { toNumber } from "../fraction.ts";
import { errorBudget, isRolling, type RollingSlo, type Slo, sloLabels } from "../model.ts";
import { windowsOf } from "../windows.ts";
import { knownAt } from "./known-seconds.ts";
import { coveredOfMonth, type Recorded, recordsOfMonth, spentOfMonth } from "./recorded-month.ts";
import type { Timeline } from "./timeline.ts";

/** By how much a record may differ from what was counted: what floats add up to. */
const NEARLY = 1e-9;

/** What the records of an SLO must say of a timeline at one of its evaluations. */
export function recordsOf(
  slo: Slo,
  timeline: Timeline,
  at: number,
  scrapeInterval: Duration,
): readonly PromtoolQueryTest[] {
  return [
    ...windowsOf(slo.period)
      // Between two evaluations of a slow timeline there is nothing to tell shorter windows apart by.
      .filter(({ length }) => seconds(length) >= seconds(timeline.unit))
      .flatMap(({ length }): readonly Recorded[] => [
        [RECORDS.total(length), perSecond(timeline, length, at, "all")],
        [RECORDS.errors(length), perSecond(timeline, length, at, "bad")],
      ]),
    ...(isRolling(slo)
      ? recordsOfPeriod(slo, timeline, at)
      : recordsOfMonth(slo, timeline, at, scrapeInterval)),
  ].map(([record, expected]) => nearly(slo, record, expected, duration(at * seconds(timeline.unit))));
}

function recordsOfPeriod(slo: RollingSlo, timeline: Timeline, at: number): readonly Recorded[] {
  return [
    [RECORDS.errorRatio(slo.period), timeline.share(slo.period, at)],
    [RECORDS.budgetSpent, spentOfPeriod(slo, timeline, at)],
    [RECORDS.historyCovered, coveredOfPeriod(slo, timeline, at)],
  ];
}

/** The share of the budget that is spent at an evaluation of a timeline, if the unknown part of the period has traffic without errors. */
export function spentAt(slo: Slo, timeline: Timeline, at: number, scrapeInterval: Duration): number {
  return isRolling(slo) ? spentOfPeriod(slo, timeline, at) : spentOfMonth(slo, timeline, at, scrapeInterval);
}

/** The share of the period, or of the month so far, that is known at an evaluation of a timeline. */
export function coveredAt(slo: Slo, timeline: Timeline, at: number, scrapeInterval: Duration): number {
  return isRolling(slo)
    ? coveredOfPeriod(slo, timeline, at)
    : coveredOfMonth(slo, timeline, at, scrapeInterval);
}

function spentOfPeriod(slo: RollingSlo, timeline: Timeline, at: number): number {
  const share = timeline.share(slo.period, at);
  return (coveredOfPeriod(slo, timeline, at) * share) / toNumber(errorBudget(slo.objective));
}

function coveredOfPeriod(slo: RollingSlo, timeline: Timeline, at: number): number {
  return knownAt(slo, timeline, at) / seconds(slo.period);
}

/** What a record must nearly be at a moment. */
function nearly(slo: Slo, record: string, expected: number, moment: Duration): PromtoolQueryTest {
  const value = printSelector(recordOf(slo, record));
  return {
    expr: expected === 0 ? `${value} == bool 0` : `abs(${value} / ${expected} - 1) < bool ${NEARLY}`,
    eval_time: moment,
    exp_samples: [{ labels: labelsOf(slo), value: 1 }],
  };
}

/**
 * Events per second over a window. It is the mean of its steps, of which a slow timeline records one for each evaluation: that step
 * is as much as all that happened since the one before.
 */
function perSecond(timeline: Timeline, window: Duration, at: number, which: "all" | "bad"): number {
  return timeline.within(window, at)[which] / (timeline.lengthOf(window) * seconds(timeline.unit));
}

/** A record's series, as an input of a case. */
export function seriesOf(slo: Slo, record: string): string {
  const selector: Selector = recordOf(slo, record);
  return printSelector({
    ...selector,
    matchers: [...selector.matchers, { label: "team", operator: "=", value: slo.team }],
  });
}

/** The labels of a record as promtool writes them. */
export function labelsOf(slo: Slo): string {
  const labels = Object.entries(sloLabels(slo)).sort(([a], [b]) => a.localeCompare(b));
  return `{${labels.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(",")}}`;
}
