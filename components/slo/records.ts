import { type Duration, duration, seconds } from "../core/duration.ts";
import { type EventCount, eventRate } from "../signals/event-rate.ts";
import {
  above,
  count,
  dividedBy,
  type InstantVector,
  instant,
  labelled,
  lastOverTime,
  or,
  over,
  scalar,
  sum,
  times,
  vector,
} from "../signals/promql.ts";
import { RECORDS, recordOf } from "./conventions.ts";
import { decimal, minus, ratio } from "./fraction.ts";
import { errorBudget, type Slo, sloLabels } from "./model.ts";
import type { RecordingRule } from "./rule.ts";
import { BRIDGE, beginningsOf, type Window, type WindowSource, windowsOf } from "./windows.ts";

/**
 * What is recorded of an SLO, in an order in which each rule finds what it reads already there: a group's rules run one
 * after the other at one moment.
 */
export function recordingRules(slo: Slo, scrapeInterval: Duration): readonly RecordingRule[] {
  const windows = windowsOf(slo.period);
  return [
    ...windows.flatMap((window) => windowRules(slo, window, scrapeInterval)),
    ...budgetRules(slo),
    historyRule(slo),
  ];
}

function windowRules(slo: Slo, window: Window, scrapeInterval: Duration): readonly RecordingRule[] {
  const { length } = window;
  // Errors and totals apart: their quotient over a long window then weighs every request the same, whereas a mean of
  // quotients lets a quiet night count as much as a busy day.
  return [
    record(slo, RECORDS.total(length), windowTotal(slo, window, scrapeInterval)),
    record(slo, RECORDS.errors(length), windowErrors(slo, window, scrapeInterval)),
  ];
}

function windowTotal(slo: Slo, { length, source }: Window, scrapeInterval: Duration): InstantVector {
  return source.kind === "raw"
    ? rawRate(slo.signal.total, length, scrapeInterval)
    : tiledRate(slo, RECORDS.total, source);
}

function windowErrors(slo: Slo, { length, source }: Window, scrapeInterval: Duration): InstantVector {
  if (source.kind === "tiles") return tiledRate(slo, RECORDS.errors, source);
  const errors = rawRate(slo.signal.errors, length, scrapeInterval);
  // Before its first failure a service has no series of failures. That is zero errors and not none known.
  const none = times(scalar(0), sum(instant(recordOf(slo, RECORDS.total(length)))));
  return or(errors, none);
}

/**
 * Increase per second over exactly the window. A window of n scrapes holds n samples and so n - 1 steps; one scrape more
 * makes the steps as many as the window is long, and adjoining tiles share no step and lose none.
 */
function rawRate(events: EventCount, length: Duration, scrapeInterval: Duration): InstantVector {
  return eventRate(events, duration(seconds(length) + seconds(scrapeInterval)));
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
  const selector = recordOf(slo, recordName(tile));
  const [first, ...rest] = offsets.map((offset) =>
    labelled(
      bridged ? lastOverTime(over(selector, BRIDGE, offset)) : instant(selector, offset),
      "tile",
      offset,
    ),
  );
  if (first === undefined) throw new RangeError(`a window without tiles of ${tile}`);
  return dividedBy(sum(or(first, ...rest)), scalar(offsets.length));
}

function budgetRules(slo: Slo): readonly RecordingRule[] {
  const { objective, period } = slo;
  const total = instant(recordOf(slo, RECORDS.total(period)));
  const errors = instant(recordOf(slo, RECORDS.errors(period)));
  // Without a request there is no share of requests, but no error either.
  const errorRatio = or(dividedBy(errors, above(total, scalar(0))), times(scalar(0), total));
  const budget = errorBudget(objective);
  return [
    record(slo, RECORDS.errorRatio(period), errorRatio),
    record(
      slo,
      RECORDS.budgetSpent,
      dividedBy(instant(recordOf(slo, RECORDS.errorRatio(period))), scalar(decimal(budget))),
    ),
    record(slo, RECORDS.objective, vector(scalar(decimal(minus(ratio(1, 1), budget))))),
  ];
}

/**
 * The share of the period's tiles that begin within the recorded history. The newest tile of a new objective is there at
 * once, and holds days of which nothing is known; so what counts is whether anything was known when a tile began.
 */
function historyRule(slo: Slo): RecordingRule {
  const total = recordOf(slo, RECORDS.total("1h"));
  const beginnings = beginningsOf(slo.period);
  const [first, ...rest] = beginnings.map((offset) => labelled(instant(total, offset), "tile", offset));
  if (first === undefined) throw new RangeError(`a period of ${slo.period} without tiles`);
  const known = dividedBy(count(or(first, ...rest)), scalar(beginnings.length));
  return record(slo, RECORDS.historyCovered, or(known, times(scalar(0), sum(instant(total)))));
}

function record(slo: Slo, name: string, expr: InstantVector): RecordingRule {
  return { record: name, expr: expr.text, labels: sloLabels(slo) };
}
