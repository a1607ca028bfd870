import { type Duration, duration, seconds } from "../core/duration.ts";
import type { ExampleSeries } from "../signals/http.ts";
import {
  ABSENT_FOR,
  absentAnnotations,
  alertLabels,
  BUDGET_BANDS,
  BUDGET_FOR,
  type BurnFindings,
  budgetAnnotations,
  burnAnnotations,
  limitOf,
  pairsOf,
  type SloAlertKind,
  windowsText,
} from "./alerts.ts";
import { ALERTS } from "./conventions.ts";
import { toNumber } from "./fraction.ts";
import { errorBudget, type Slo } from "./model.ts";
import type { WindowPair } from "./windows.ts";

/** What the cases need to know of where the SLO is watched. */
export interface CaseContext {
  readonly scrapeInterval: Duration;
  readonly runbookBaseUrl: string;
  /** What a good and a bad event are counted by. Where nobody says it, only the alert for missing series is proven. */
  readonly examples: ExampleSeries | undefined;
}

/** One case for `promtool test rules`, with the fields that promtool reads. */
export interface SloTestCase {
  readonly name: string;
  readonly interval: Duration;
  readonly input_series: readonly InputSeries[];
  readonly alert_rule_test: readonly AlertTest[];
}

interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/** The alerts of one name that must be firing at one moment. */
interface AlertTest {
  readonly eval_time: Duration;
  readonly alertname: string;
  readonly exp_alerts: readonly ExpectedAlert[];
}

interface ExpectedAlert {
  readonly exp_labels: Readonly<Record<string, string>>;
  readonly exp_annotations: Readonly<Record<string, string>>;
}

/** Requests of each scrape: many, so that any share of them is a whole number. */
const REQUESTS = 1_000_000;

/**
 * What the counters hold when a case begins. Prometheus takes a counter near zero to have just been born and does not
 * extrapolate past its birth, which is up to a scrape less than the window.
 */
const BEFORE = 1_000_000_000;

/** A series that never moves, for longer than any case lasts. */
const STILL = "0x10000";

/** How far beside a limit the cases lie: near enough to catch a limit or a window that is off by a quarter. */
const ABOVE = 1.15;
const BELOW = 0.85;

/** The proof of an SLO's alerts: each fires and each stays silent, from series as an exporter reports them. */
export function sloTestCases(slo: Slo, context: CaseContext): readonly SloTestCase[] {
  const [pageSteep, pageFlat] = pairsOf("page") as [WindowPair, WindowPair];
  const [ticketSteep, ticketFlat] = pairsOf("ticket") as [WindowPair, WindowPair];
  const { examples } = context;
  const proof = new Proof(slo, context, examples ?? { good: [], bad: [] });
  if (examples === undefined) return [proof.noSeries()];
  return [
    // A burst that fills the hour and leaves the pair of six hours calm, then rates that fill every window alike.
    proof.burst("page", pageSteep, ABOVE),
    proof.burst("page", pageSteep, BELOW),
    proof.steady("page", pageFlat, ABOVE, pageFlat),
    proof.steady("page", pageFlat, BELOW),
    proof.steady("ticket", ticketSteep, ABOVE, ticketSteep),
    proof.steady("ticket", ticketSteep, BELOW, ticketFlat),
    proof.steady("ticket", ticketFlat, ABOVE, ticketFlat),
    proof.steady("ticket", ticketFlat, BELOW),
    proof.totalOutage(pageSteep),
    proof.recovered(),
    ...proof.fewErrors(pageSteep),
    proof.noTraffic(),
    proof.noSeries(),
    ...SPENT.map((percent) => proof.spent(percent)),
  ];
}

/** Percent of the budget, on either side of each limit. */
const SPENT = [45, 57, 85, 95, 108];

/** A stretch of traffic: how long, and what share of the requests fails. */
interface Phase {
  readonly seconds: number;
  readonly errorShare: number;
}

class Proof {
  private readonly slo: Slo;
  private readonly context: CaseContext;
  private readonly examples: ExampleSeries;

  constructor(slo: Slo, context: CaseContext, examples: ExampleSeries) {
    this.slo = slo;
    this.context = context;
    this.examples = examples;
  }

  burst(kind: "page", pair: WindowPair, times: number): SloTestCase {
    const share = this.near(pair, times);
    const phases = [
      { seconds: 3 * seconds(pair.long), errorShare: 0 },
      { seconds: seconds(pair.long), errorShare: share },
    ];
    const fires = times > 1;
    return this.traffic(
      `${fires ? "fires" : "is silent"} when ${shownShare(share)} of requests fail for ${pair.long}, ${beside(times)} its limit`,
      kind,
      phases,
      fires ? { share, pair } : undefined,
    );
  }

  /** A share that holds from the start, so that every window sees it. */
  steady(
    kind: "page" | "ticket",
    pair: WindowPair,
    times: number,
    firing: WindowPair | undefined = undefined,
  ): SloTestCase {
    const share = this.near(pair, times);
    return this.traffic(
      `${firing ? `fires ${windowsText(firing)}` : "is silent"} when ${shownShare(share)} of requests fail all the time, ${beside(times)} the limit of ${pair.long}`,
      kind,
      [{ seconds: seconds("1h"), errorShare: share }],
      firing && { share, pair: firing },
    );
  }

  /** Without a single success there is no series of successes alone either. */
  totalOutage(pair: WindowPair): SloTestCase {
    const end = this.rounded(seconds("5m"));
    return this.alertCase(
      "page",
      "fires within five minutes of a total outage that began with the service",
      this.input({ bad: `0+${REQUESTS}x${this.scrapes(end)}` }),
      [[end, this.burning("page", { errorShare: "100%", windows: windowsText(pair), budgetLeft: "0%" })]],
    );
  }

  /** The long windows still burn; the short ones say that it is over, and what keeps firing has had its time. */
  recovered(): SloTestCase {
    const phases = [
      { seconds: seconds("20m"), errorShare: 1 },
      { seconds: seconds("40m"), errorShare: 0 },
    ];
    return this.traffic("is silent forty minutes after a total outage of twenty", "page", phases, undefined);
  }

  /** The floor under the number of errors, one below and at it. */
  fewErrors(pair: WindowPair): readonly SloTestCase[] {
    const { minimumErrors } = this.slo;
    if (minimumErrors < 2) return [];
    const end = this.rounded(seconds(pair.long));
    const last = this.scrapes(end);
    const failing = (errors: number) => this.input({ bad: `0x${last - 3} ${errors}x2` });
    const everything = { errorShare: "100%", windows: windowsText(pair), budgetLeft: "0%" };
    return [
      this.alertCase(
        "page",
        `is silent when ${minimumErrors - 1} requests fail and none succeeds`,
        failing(minimumErrors - 1),
        [[end, []]],
      ),
      this.alertCase(
        "page",
        `fires when ${minimumErrors} requests fail and none succeeds`,
        failing(minimumErrors),
        [[end, this.burning("page", everything)]],
      ),
    ];
  }

  /** Series that are there and do not move are neither an error nor absent. */
  noTraffic(): SloTestCase {
    const end = this.rounded(seconds("1h"));
    const still = `7x${this.scrapes(end)}`;
    const silent = (["page", "ticket", "absent"] as const).map((kind) => this.expectation(kind, end, []));
    return {
      ...this.alertCase("page", "is silent, as are the others, while nobody asks for anything", [], []),
      input_series: this.input({ good: still, bad: still }),
      alert_rule_test: silent,
    };
  }

  noSeries(): SloTestCase {
    const due = this.rounded(seconds(ABSENT_FOR));
    const alert = {
      exp_labels: alertLabels(this.slo, "absent"),
      exp_annotations: absentAnnotations(this.slo, this.context),
    };
    return this.alertCase(
      "absent",
      `fires after ${ABSENT_FOR} without a series`,
      [],
      [
        [due - this.interval, []],
        [due, [alert]],
      ],
    );
  }

  /** What is spent of a young budget is the share of errors, all the time, by the share that may be. */
  spent(percent: number): SloTestCase {
    const share = Number(((toNumber(errorBudget(this.slo.objective)) * percent) / 100).toPrecision(6));
    // The first scrape counts nothing yet, so that the condition first holds at the second.
    const due = this.rounded(seconds(BUDGET_FOR)) + this.interval;
    const findings = { spent: `${percent}%`, covered: "0%" };
    const expected = BUDGET_BANDS.flatMap(({ kind, from, to = Number.POSITIVE_INFINITY }) => {
      const alert = {
        exp_labels: alertLabels(this.slo, kind),
        exp_annotations: budgetAnnotations(this.slo, kind, this.context, findings),
      };
      const fires = percent >= from && percent < to;
      return [
        this.expectation(kind, due - this.interval, []),
        this.expectation(kind, due, fires ? [alert] : []),
      ];
    });
    const phases = [{ seconds: due, errorShare: share }];
    const firing = BUDGET_BANDS.findLast(({ from }) => percent >= from);
    return {
      ...this.traffic(
        `is ${firing === undefined ? "silent" : "the one that fires"} with ${percent}% of the budget spent`,
        firing?.kind ?? "half",
        phases,
        undefined,
      ),
      alert_rule_test: expected,
    };
  }

  private traffic(
    title: string,
    kind: SloAlertKind,
    phases: readonly Phase[],
    found: { readonly share: number; readonly pair: WindowPair } | undefined,
  ): SloTestCase {
    const end = phases.reduce((sum, phase) => sum + this.rounded(phase.seconds), 0);
    const alerts = found
      ? this.burning(kind === "ticket" ? "ticket" : "page", {
          errorShare: shownShare(found.share),
          windows: windowsText(found.pair),
          budgetLeft: shownShare(this.budgetLeft(phases)),
        })
      : [];
    const count = (step: (errorShare: number) => number) => counter(phases, step, (s) => this.scrapes(s));
    const bad = (share: number) => Math.round(share * REQUESTS);
    const events = { good: count((share) => REQUESTS - bad(share)), bad: count(bad) };
    // A series that counts both kinds of events climbs by all of them.
    const all = count(() => REQUESTS);
    return this.alertCase(kind, title, this.input(events, all), [[end, alerts]]);
  }

  private budgetLeft(phases: readonly Phase[]): number {
    const length = phases.reduce((sum, phase) => sum + phase.seconds, 0);
    const share = phases.reduce((sum, phase) => sum + phase.errorShare * phase.seconds, 0) / length;
    return Math.max(0, 1 - share / toNumber(errorBudget(this.slo.objective)));
  }

  /** A share of requests beside a pair's limit, cut to three digits so that no rounding of what is shown is in doubt. */
  private near(pair: WindowPair, times: number): number {
    const limit = Number(limitOf(this.slo, pair));
    return Number(Math.min(limit * times, (limit + 1) / 2).toPrecision(3));
  }

  private burning(kind: "page" | "ticket", findings: BurnFindings): readonly ExpectedAlert[] {
    return [
      {
        exp_labels: alertLabels(this.slo, kind),
        exp_annotations: burnAnnotations(this.slo, kind, this.context, findings),
      },
    ];
  }

  private alertCase(
    kind: SloAlertKind,
    title: string,
    input: readonly InputSeries[],
    expected: readonly (readonly [number, readonly ExpectedAlert[]])[],
  ): SloTestCase {
    const { service, name } = this.slo;
    return {
      name: `${ALERTS[kind]} of ${service} ${name} ${title}`,
      interval: this.context.scrapeInterval,
      input_series: input,
      alert_rule_test: expected.map(([at, alerts]) => this.expectation(kind, at, alerts)),
    };
  }

  private expectation(kind: SloAlertKind, at: number, alerts: readonly ExpectedAlert[]): AlertTest {
    return { eval_time: duration(at), alertname: ALERTS[kind], exp_alerts: alerts };
  }

  /** The series of what happened. One that counts good and bad events alike counts `all`. */
  private input(events: { readonly good?: string; readonly bad: string }, all = events.bad): InputSeries[] {
    const { good, bad, always = [] } = this.examples;
    const both = good.filter((series) => bad.includes(series));
    const of = (series: readonly string[], values: string | undefined) =>
      series
        .filter((each) => !both.includes(each) && (values !== undefined || always.includes(each)))
        .map((each) => ({ series: each, values: values ?? STILL }));
    return [
      ...both.map((series) => ({ series, values: all })),
      ...of(good, events.good),
      ...of(bad, events.bad),
    ];
  }

  private get interval(): number {
    return seconds(this.context.scrapeInterval);
  }

  private scrapes(length: number): number {
    return Math.round(length / this.interval);
  }

  /** A whole number of scrapes. */
  private rounded(length: number): number {
    return this.scrapes(length) * this.interval;
  }
}

/** promtool's notation of a counter that climbs by one step in each phase. */
function counter(
  phases: readonly Phase[],
  step: (errorShare: number) => number,
  scrapes: (length: number) => number,
): string {
  const parts = [String(BEFORE)];
  let value = BEFORE;
  for (const phase of phases) {
    const climb = step(phase.errorShare);
    const count = scrapes(phase.seconds);
    parts.push(`${value + climb}+${climb}x${count - 1}`);
    value += climb * count;
  }
  return parts.join(" ");
}

function beside(times: number): string {
  return times > 1 ? "15% above" : "15% below";
}

/** A share as Prometheus' `humanizePercentage` shows it: four significant digits. */
function shownShare(share: number): string {
  return `${Number((share * 100).toPrecision(4))}%`;
}
