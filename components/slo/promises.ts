import { type Duration, seconds } from "../core/duration.ts";
import type { RecordingRule } from "../core/rules.ts";
import { samplesOfCounter, samplesOfFamily } from "../signals/counted-steps.ts";
import type { Severity } from "../signals/severity.ts";
import { alertingRules, limitOf, pairsOf } from "./alerts.ts";
import { MONTH_WINDOWS } from "./calendar-month.ts";
import { RECORDS } from "./conventions.ts";
import { compare, dividedBy, type Fraction, fraction, plus, ratio, times, toNumber } from "./fraction.ts";
import { samplesOfKnownTime } from "./known-time.ts";
import { errorBudget, type Slo } from "./model.ts";
import { recordingRules } from "./records.ts";
import { SAMPLES_OF_BRIDGED_TILE } from "./tile.ts";
import { lengthOf, type Period, stepsIn, type Window, type WindowPair, windowsOf } from "./windows.ts";

/** What an SLO's alerts promise, and what they cost. It follows from the windows alone; the tests hold Prometheus to it. */
export interface SloPromises {
  readonly service: string;
  readonly slo: string;
  readonly objective: string;
  readonly period: Period;
  /** False: a fast burn opens a ticket and does not page. */
  readonly pages: boolean;
  /** For each rate of errors that sets in at once, in steady traffic without errors before: what answers and is counted. */
  readonly detection: readonly Detection[];
  /**
   * Requests per hour from which the times hold. With fewer, the floor under the number of errors lets the page wait for
   * more of them; without a floor, one failed request would page.
   */
  readonly minimumTraffic: number;
  /** Events per hour where each scrape is one or more of them; the times hold for these. Undefined where events come as they come. */
  readonly steadyTraffic: number | undefined;
  readonly cost: SloCost;
  /** When no pod of the service is available, and nothing counts: of the service's alert. Left out: the service has none. */
  readonly withoutPods?: { readonly severity: Severity; readonly seconds: number };
}

export interface Detection {
  /** The share of requests that fail, from 0 to 1. */
  readonly errorRate: number;
  /** What is told first of this kind; undefined where errors at this rate never tell it. */
  readonly fastBurn: Notice | undefined;
  readonly slowBurn: Notice | undefined;
}

/** When something is told, counted from the first failing request. */
interface Notice {
  /** The rates are above the limit from here on. */
  readonly due: Moment;
  /** The alert is firing by here: a scrape has to see the errors, and an evaluation the scrape. */
  readonly atTheLatest: Moment;
}

export interface Moment {
  readonly seconds: number;
  /** The share of the period's budget that is spent by then, from 0 up. */
  readonly budgetSpent: number;
}

export interface SloCost {
  /** Series that the SLO adds, alerts aside. */
  readonly records: number;
  readonly alerts: number;
  /**
   * Samples that one evaluation reads of each series that counts events. The samples of `up` and of three other series of each target are
   * not included.
   */
  readonly samplesPerSeries: number;
  /** Samples that it reads besides of each series that counts errors. */
  readonly samplesPerErrorSeries: number;
  /** Samples that one evaluation reads of the SLO's own records. */
  readonly samplesOfRecords: number;
}

/** A full outage, one request in ten, one in a hundred. */
const ERROR_RATES = ["1", "0.1", "0.01"];

/** What is promised of an SLO that is scraped, and whose rules are evaluated, once in `scrapeInterval`. */
export function promisesOf(slo: Slo, scrapeInterval: Duration): SloPromises {
  const { service, name, objective, period, signal } = slo;
  const { eventsPerScrape } = signal;
  return {
    service,
    slo: name,
    objective,
    period,
    pages: slo.page ?? true,
    detection: ERROR_RATES.map((rate) => detection(slo, fraction(rate), scrapeInterval)),
    minimumTraffic: minimumTraffic(slo),
    steadyTraffic: eventsPerScrape && (eventsPerScrape * seconds("1h")) / seconds(scrapeInterval),
    cost: costOf(slo, scrapeInterval),
  };
}

function detection(slo: Slo, errorRate: Fraction, scrapeInterval: Duration): Detection {
  return {
    errorRate: toNumber(errorRate),
    fastBurn: notice(slo, "fastBurn", errorRate, scrapeInterval),
    slowBurn: notice(slo, "slowBurn", errorRate, scrapeInterval),
  };
}

function notice(
  slo: Slo,
  kind: WindowPair["alert"],
  errorRate: Fraction,
  scrapeInterval: Duration,
): Notice | undefined {
  const moments = pairsOf(kind).flatMap((pair) => momentOf(slo, pair, errorRate, scrapeInterval) ?? []);
  const [first] = moments.sort(compare);
  if (first === undefined) return undefined;
  const budget = times(errorBudget(slo.objective), ratio(seconds(lengthOf(slo.period)), 1));
  const moment = (after: Fraction): Moment => ({
    seconds: toNumber(after),
    budgetSpent: toNumber(dividedBy(times(after, errorRate), budget)),
  });
  const lag = times(ratio(2, 1), ratio(seconds(scrapeInterval) * 1000, 1000));
  return { due: moment(first), atTheLatest: moment(plus(first, lag)) };
}

/**
 * In steady traffic a window's share of errors climbs evenly until the errors fill it; the long window is the last. Where the traffic
 * is known, so is the time that it takes to come to as many errors as anybody is told of.
 */
function momentOf(
  slo: Slo,
  pair: WindowPair,
  errorRate: Fraction,
  scrapeInterval: Duration,
): Fraction | undefined {
  const limit = fraction(limitOf(slo, pair));
  if (compare(errorRate, limit) <= 0) return undefined;
  const long = ratio(seconds(pair.long), 1);
  const byShare = dividedBy(times(limit, long), errorRate);
  const { eventsPerScrape } = slo.signal;
  if (eventsPerScrape === undefined) return byShare;
  const perError = dividedBy(ratio(seconds(scrapeInterval) * 1000, eventsPerScrape * 1000), errorRate);
  const byFloor = times(ratio(slo.minimumErrors, 1), perError);
  if (compare(byFloor, long) > 0) return undefined;
  return compare(byFloor, byShare) > 0 ? byFloor : byShare;
}

function minimumTraffic(slo: Slo): number {
  const errors = ratio(Math.max(1, slo.minimumErrors), 1);
  const perHour = pairsOf("fastBurn").map((pair) =>
    toNumber(
      dividedBy(errors, times(fraction(limitOf(slo, pair)), ratio(seconds(pair.long), seconds("1h")))),
    ),
  );
  return Math.ceil(Math.max(...perHour));
}

function costOf(slo: Slo, scrapeInterval: Duration): SloCost {
  const windows = windowsOf(slo.period);
  const records = recordingRules(slo, scrapeInterval);
  const ofWindows = new Set(windows.flatMap(({ length }) => [RECORDS.total(length), RECORDS.errors(length)]));
  for (const { length } of MONTH_WINDOWS) {
    ofWindows.add(RECORDS.totalInMonth(length));
    ofWindows.add(RECORDS.errorsInMonth(length));
  }
  for (const name of [RECORDS.totalInMonth("1h"), RECORDS.errorsInMonth("1h")]) ofWindows.add(name);
  for (const name of [RECORDS.totalOf("month"), RECORDS.errorsOf("month")]) ofWindows.add(name);
  const isOfWindow = ({ record }: RecordingRule) => ofWindows.has(record);
  const alerts = alertingRules(slo, scrapeInterval, { runbookBaseUrl: "" });
  const { arrival = "scraped" } = slo;
  return {
    records: records.length,
    alerts: alerts.length,
    // Both steps look whether the series existed before.
    samplesPerSeries:
      samplesOfCounter(arrival, scrapeInterval) + 2 * samplesOfFamily(arrival, scrapeInterval),
    samplesPerErrorSeries: samplesOfCounter(arrival, scrapeInterval),
    samplesOfRecords: sum([
      ...windows.map((window) => 2 * samplesOfWindow(window, scrapeInterval)),
      ...(slo.period === "month" ? [2 * samplesOfMonth(scrapeInterval)] : []),
      samplesOfKnownTime(slo),
      // What no window reads is read at this moment only: one sample for each time a record is named.
      ...[
        ...records.filter((rule) => !isOfWindow(rule) && rule.record !== RECORDS.historyCovered),
        ...alerts,
      ].map(({ expr }) => expr.split("slo:").length - 1),
    ]),
  };
}

/** What the windows of the calendar read beside, of the errors, or of the totals. */
function samplesOfMonth(scrapeInterval: Duration): number {
  const tiles = MONTH_WINDOWS.map(
    ({ length, tile, bridged }) =>
      (seconds(length) / seconds(tile)) * (bridged ? SAMPLES_OF_BRIDGED_TILE : 1),
  );
  // Of an hour, its steps and those of odd months.
  return 2 * stepsIn("1h", scrapeInterval) + sum(tiles);
}

/** What a window reads of the errors, or of the totals. */
function samplesOfWindow({ length, source }: Window, scrapeInterval: Duration): number {
  if (source.kind === "steps") return stepsIn(length, scrapeInterval);
  return source.offsets.length * (source.bridged ? SAMPLES_OF_BRIDGED_TILE : 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
