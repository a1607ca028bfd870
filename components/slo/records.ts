import { type Duration, seconds } from "../core/duration.ts";
import type { RecordingRule } from "../core/rules.ts";
import { countsAmong, eventRate } from "../signals/event-rate.ts";
import {
  above,
  atMost,
  dividedBy,
  type InstantVector,
  instant,
  labelled,
  or,
  over,
  scalar,
  sum,
  sumOverTime,
  times,
  vector,
} from "../signals/promql.ts";
import { monthRules, secondsSoFar, spentOfMonth } from "./calendar-month.ts";
import { historyOf, RECORDS, recordOf } from "./conventions.ts";
import { decimal, minus, ratio } from "./fraction.ts";
import { knownShare } from "./known-time.ts";
import { errorBudget, type Slo } from "./model.ts";
import { record } from "./record.ts";
import { bridgedTile } from "./tile.ts";
import { stepsIn, type Window, type WindowSource, windowsOf } from "./windows.ts";

/**
 * What is recorded of an SLO, in an order in which each rule finds what it reads already there: a group's rules run one
 * after the other at one moment.
 */
export function recordingRules(slo: Slo, scrapeInterval: Duration): readonly RecordingRule[] {
  const windows = windowsOf(slo.period);
  return [
    ...stepRules(slo, scrapeInterval),
    ...windows.flatMap((window) => windowRules(slo, window, scrapeInterval)),
    ...(slo.period === "month" ? monthRules(slo, scrapeInterval) : []),
    ...budgetRules(slo, scrapeInterval, coveredShare(slo, scrapeInterval)),
  ];
}

/**
 * What was counted in the newest step, from one scrape to the next, as a rate. An evaluation follows each scrape, so that each
 * step is recorded once: the steps of a month add up to what the counters grew by, whatever the traffic was like. The rate over
 * a longer range is not that exact. It is stretched to the ends of its range, except towards the birth of a counter; so it loses
 * up to a sixth of the errors that a fresh pod starts its life with, over two and a half minutes, and doubles what lies at a seam.
 *
 * - A lost scrape: the step before it is recorded once more, and then the mean of the two steps that went by. After more than two
 *   lost ones the counts of the gap belong to no step; nothing is counted twice.
 * - The end of a series: its last step is recorded up to twice more.
 * - The birth of a series: what it was born with is not counted, as in any rate.
 */
function stepRules(slo: Slo, scrapeInterval: Duration): readonly RecordingRule[] {
  // Errors and totals apart: their quotient over a long window then weighs every request the same, whereas a mean of
  // quotients lets a quiet night count as much as a busy day.
  const { total, errors } = slo.signal;
  // Before its first failure a service has no series of failures. That is zero errors and not none known.
  const all = sum(instant(recordOf(slo, RECORDS.totalStep)));
  const found = or(eventRate(errors, scrapeInterval, total, slo.arrival), times(scalar(0), all));
  // Two counters restart together, but one that climbs past where it was before the next scrape hides it: then more would fail than is
  // done, and the errors are all there is.
  const errorsStep = countsAmong(errors, total) ? found : or(atMost(found, all), all);
  return [
    record(slo, RECORDS.totalStep, eventRate(total, scrapeInterval, total, slo.arrival)),
    record(slo, RECORDS.errorsStep, errorsStep),
    ...unclassifiedRules(slo, scrapeInterval),
  ];
}

/** Events that count as good because nothing says that they failed. Without such events there is no series. */
function unclassifiedRules(slo: Slo, scrapeInterval: Duration): RecordingRule[] {
  const { unclassified } = slo.signal;
  if (unclassified === undefined) return [];
  const { count } = unclassified;
  return [record(slo, RECORDS.unclassifiedStep, eventRate(count, scrapeInterval, count, slo.arrival))];
}

function windowRules(slo: Slo, { length, source }: Window, scrapeInterval: Duration): RecordingRule[] {
  const rateOf = (step: string, windowRecord: (window: Duration) => string) =>
    source.kind === "steps"
      ? meanStep(slo, step, length, scrapeInterval)
      : tiledRate(slo, windowRecord, source);
  return [
    record(slo, RECORDS.total(length), rateOf(RECORDS.totalStep, RECORDS.total)),
    record(slo, RECORDS.errors(length), rateOf(RECORDS.errorsStep, RECORDS.errors)),
  ];
}

/**
 * The mean of a window's steps, where one that is not known counts as time without traffic: before the service existed, or
 * while Prometheus restarted. A record that is missing is never replaced by an older one, which would count that one twice.
 */
function meanStep(slo: Slo, step: string, length: Duration, scrapeInterval: Duration): InstantVector {
  const steps = sum(sumOverTime(over(historyOf(slo, step), length)));
  return dividedBy(steps, scalar(stepsIn(length, scrapeInterval)));
}

/**
 * The mean of the tiles' rates, where a tile without a record counts as time without traffic: before the service existed,
 * or while nobody scraped it. Tiles are told apart by a label, because `or` keeps only one of equals; without any tile the
 * sum is empty and not zero.
 */
function tiledRate(
  slo: Slo,
  recordName: (window: Duration) => string,
  { tile, offsets, bridged }: Extract<WindowSource, { kind: "tiles" }>,
): InstantVector {
  const selector = historyOf(slo, recordName(tile));
  const [first, ...rest] = offsets.map((offset) =>
    labelled(bridged ? bridgedTile(selector, offset) : instant(selector, offset), "tile", offset),
  );
  if (first === undefined) throw new RangeError(`a window without tiles of ${tile}`);
  return dividedBy(sum(or(first, ...rest)), scalar(offsets.length));
}

function coveredShare(slo: Slo, scrapeInterval: Duration): InstantVector {
  const { period } = slo;
  return knownShare(slo, period === "month" ? secondsSoFar(scrapeInterval) : scalar(seconds(period)));
}

/** The rules that read the period's records. `history` is the share of the period that has records, from 0 to 1. */
export function budgetRules(
  slo: Slo,
  scrapeInterval: Duration,
  history: InstantVector,
): readonly RecordingRule[] {
  const { objective, period } = slo;
  const total = instant(recordOf(slo, RECORDS.totalOf(period)));
  const errors = instant(recordOf(slo, RECORDS.errorsOf(period)));
  // Without a request there is no share of requests, but no error either.
  const errorRatio = or(dividedBy(errors, above(total, scalar(0))), times(scalar(0), total));
  const budget = errorBudget(objective);
  // What is not known yet counts as traffic that goes on without errors.
  const covered = instant(recordOf(slo, RECORDS.historyCovered));
  const soFar = dividedBy(instant(recordOf(slo, RECORDS.errorRatio(period))), scalar(decimal(budget)));
  return [
    record(slo, RECORDS.errorRatio(period), errorRatio),
    record(slo, RECORDS.historyCovered, history),
    record(
      slo,
      RECORDS.budgetSpent,
      times(covered, period === "month" ? spentOfMonth(soFar, scrapeInterval) : soFar),
    ),
    record(slo, RECORDS.objective, vector(scalar(decimal(minus(ratio(1, 1), budget))))),
  ];
}
