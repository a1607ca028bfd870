import { type Duration, duration, seconds } from "../../core/duration.ts";
import type { PromtoolAlert, PromtoolAlertTest, PromtoolSeries } from "../../core/promtool.ts";
import { percent } from "../../core/share.ts";
import { printSelector } from "../../signals/promql.ts";
import type { ExampleSeries } from "../../signals/ratio.ts";
import { ABSENT_FOR, alertLabels, BUDGET_BANDS, BUDGET_FOR, limitOf } from "../alerts.ts";
import {
  absentAnnotations,
  type BurnFindings,
  budgetAnnotations,
  burnAnnotations,
  windowsText,
} from "../annotations.ts";
import { ALERTS, RECORDS, recordOf, type SloAlertKind } from "../conventions.ts";
import { toNumber } from "../fraction.ts";
import { errorBudget, type Slo } from "../model.ts";
import { beginningsOf, type WindowPair } from "../windows.ts";
import { burnFindings } from "./burning.ts";
import type { Exporter, Phase } from "./exporter.ts";
import { exporterOf } from "./exporters.ts";
import { otherObjectivesOf } from "./other-objectives.ts";
import { labelsOf } from "./recorded.ts";
import type { CaseContext, SloTestCase } from "./test-case.ts";

/** Cases of one SLO, each from series as an exporter reports them. */
export class Proof {
  private readonly slo: Slo;
  private readonly context: CaseContext;
  private readonly exporter: Exporter;

  constructor(slo: Slo, context: CaseContext, examples: ExampleSeries) {
    this.slo = slo;
    this.context = context;
    this.exporter = exporterOf(slo, examples, context.scrapeInterval);
  }

  burst(kind: "fastBurn", pair: WindowPair, times: number): SloTestCase {
    const scrapes = this.scrapes(seconds(pair.long));
    const after = this.near(pair, times, scrapes);
    const phases = [{ scrapes: 3 * scrapes, errorShare: 0 }, after];
    const fires = this.burns(pair, after);
    return this.traffic(
      `${fires ? "fires" : "does not fire"} if ${this.going(after)} for ${pair.long}, ${beside(times)} its limit`,
      kind,
      phases,
      fires ? { share: after.errorShare, pair } : undefined,
    );
  }

  /** A share that holds from the start, so that every window sees it. */
  steady(
    kind: "fastBurn" | "slowBurn",
    pair: WindowPair,
    times: number,
    expected: WindowPair | undefined = undefined,
  ): SloTestCase {
    const { minimumErrors } = this.slo;
    const limit = Number(limitOf(this.slo, pair));
    const [least, most] = [this.scrapes(seconds("1h")), this.scrapes(seconds(pair.long))];
    const phase = this.near(pair, times, this.exporter.lasting(limit, least, most, minimumErrors));
    const firing = expected !== undefined && this.burns(expected, phase) ? expected : undefined;
    return this.traffic(
      `${firing ? `fires ${windowsText(firing)}` : "does not fire"} if ${this.going(phase)} all the time, ${beside(times)} the limit of ${pair.long}`,
      kind,
      [phase],
      firing && { share: phase.errorShare, pair: firing },
    );
  }

  /** Without a single success there is no series of successes alone either. */
  totalOutage(pair: WindowPair): SloTestCase {
    const end = this.scrapes(seconds("5m"));
    return this.alertCase(
      "fastBurn",
      "fires within five minutes of a total outage that begins with the service",
      this.exporter.bornFailing(end),
      [[end, this.burning("fastBurn", this.everythingFailing(pair, end))]],
    );
  }

  /** The long windows still burn; the short ones say that it is over, and what keeps firing has had its time. */
  recovered(): SloTestCase {
    const phases = [
      { scrapes: this.scrapes(seconds("20m")), errorShare: 1 },
      { scrapes: this.scrapes(seconds("40m")), errorShare: 0 },
    ];
    return this.traffic(
      "does not fire 40 minutes after a total outage of 20 minutes",
      "fastBurn",
      phases,
      undefined,
    );
  }

  /** The floor under the number of errors, one below and at it. */
  fewErrors(pair: WindowPair): readonly SloTestCase[] {
    const { minimumErrors } = this.slo;
    if (minimumErrors < 2) return [];
    const end = this.scrapes(seconds(pair.long));
    const everything = this.everythingFailing(pair, end);
    const { unit } = this.slo.signal;
    const [tooFew, enough] = [minimumErrors - 1, minimumErrors].map((errors) =>
      this.exporter.lateErrors(errors, end),
    );
    if (tooFew === undefined || enough === undefined) return [];
    return [
      this.alertCase(
        "fastBurn",
        `does not fire if ${minimumErrors - 1} ${unit} fail and none succeeds`,
        tooFew,
        [[end, []]],
      ),
      this.alertCase("fastBurn", `fires if ${minimumErrors} ${unit} fail and none succeeds`, enough, [
        [end, this.burning("fastBurn", everything)],
      ]),
    ];
  }

  /** Series that are there and do not move are neither an error nor absent, and no errors are zero of them. */
  noTraffic(): readonly SloTestCase[] {
    const end = this.scrapes(seconds("20m"));
    const idle = this.exporter.idle(end);
    if (idle === undefined) return [];
    const silent = (["fastBurn", "slowBurn", "absent"] as const).map((kind) =>
      this.expectation(kind, end, []),
    );
    const { period } = this.slo;
    const nothing = [
      RECORDS.total("5m"),
      RECORDS.errors("5m"),
      RECORDS.errorRatio(period),
      // Of a month the days until now count, and today is known; of what rolls, nothing is known so early.
      ...(this.isMonthly ? [] : [RECORDS.historyCovered]),
    ].map((record) => ({
      expr: `${printSelector(recordOf(this.slo, record))} == bool 0`,
      eval_time: this.time(end),
      exp_samples: [{ labels: labelsOf(this.slo), value: 1 }],
    }));
    return [
      {
        ...this.alertCase(
          "fastBurn",
          `and the other alerts do not fire without ${this.slo.signal.unit}`,
          idle,
          [],
        ),
        alert_rule_test: silent,
        promql_expr_test: nothing,
      },
    ];
  }

  /** Nothing is known, whatever others record. */
  noSeries(): SloTestCase {
    const due = this.scrapes(seconds(ABSENT_FOR));
    const alert = {
      exp_labels: alertLabels(this.slo, "absent"),
      exp_annotations: absentAnnotations(this.slo, this.context),
    };
    const { service, name } = this.slo;
    return {
      ...this.alertCase(
        "absent",
        `fires after ${ABSENT_FOR} without a series`,
        otherObjectivesOf(this.slo, { evaluations: due }),
        [
          [due - 1, []],
          [due, [alert]],
        ],
      ),
      promql_expr_test: [
        {
          expr: `{__name__=~"slo:(sli|error|history).*", service=${JSON.stringify(service)}, slo=${JSON.stringify(name)}}`,
          eval_time: this.time(due),
          exp_samples: [],
        },
      ],
    };
  }

  /** What is spent of a young budget is the share of errors so far, by the share that may be. */
  spent(percentage: number): SloTestCase {
    const budget = toNumber(errorBudget(this.slo.objective));
    const wait = this.scrapes(seconds(BUDGET_FOR));
    const phases = this.isMonthly
      ? this.spendingOfMonth((budget * percentage) / 100, wait)
      : this.exporter.spending((budget * percentage) / 100, wait);
    const spent = sharesSoFar(phases).map((share, index) =>
      Number((this.weight(index + 1) * (share / budget)).toPrecision(12)),
    );
    const band = bandOf(spent.at(-1) ?? 0);
    // A band that was only passed through on the way was not held for long enough.
    const entered = 1 + spent.findLastIndex((share) => bandOf(share) !== band) + 1;
    const due = band === undefined ? spent.length : entered + wait;
    const findings = { spent: percent(spent[due - 1] ?? 0), covered: percent(this.covered(due)) };
    const expected = BUDGET_BANDS.flatMap(({ kind }) => {
      const alert = {
        exp_labels: alertLabels(this.slo, kind),
        exp_annotations: budgetAnnotations(this.slo, kind, this.context, findings),
      };
      const fires = kind === band?.kind;
      return [this.expectation(kind, due - 1, []), this.expectation(kind, due, fires ? [alert] : [])];
    });
    const found = this.traffic(
      `${band === undefined ? "does not fire" : "fires alone"} with ${percentage}% of the budget spent`,
      band?.kind ?? "half",
      phases,
      undefined,
    );
    // Other objectives have spent a little more.
    const others = otherObjectivesOf(this.slo, {
      records: [RECORDS.budgetSpent],
      evaluations: due,
      budgetSpent: (percentage + 2) / 100,
    });
    return {
      ...found,
      input_series: [...found.input_series, ...others],
      alert_rule_test: expected,
    };
  }

  /** How much of the period begins within a history of so many scrapes, of which the first one counts. */
  private covered(scrapes: number): number {
    const { period } = this.slo;
    const history = (scrapes - 1) * seconds(this.context.scrapeInterval);
    if (period === "month") {
      const days = 1 + Math.floor(this.elapsed(scrapes) / seconds("1d"));
      return Math.min(days, 1 + Math.floor(history / seconds("1d"))) / days;
    }
    const beginnings = beginningsOf(period);
    return beginnings.filter((beginning) => seconds(beginning) <= history).length / beginnings.length;
  }

  private traffic(
    title: string,
    kind: SloAlertKind,
    phases: readonly Phase[],
    found: { readonly share: number; readonly pair: WindowPair } | undefined,
  ): SloTestCase {
    const end = phases.reduce((sum, phase) => sum + phase.scrapes, 0);
    const alerts = found
      ? this.burning(
          kind === "slowBurn" ? "slowBurn" : "fastBurn",
          burnFindings(this.slo, found.pair, found.share, this.budgetSpent(phases)),
        )
      : [];
    return this.alertCase(kind, title, this.exporter.traffic(phases), [[end, alerts]]);
  }

  private budgetSpent(phases: readonly Phase[]): number {
    const length = phases.reduce((sum, phase) => sum + phase.scrapes, 0);
    const share = phases.reduce((sum, phase) => sum + phase.errorShare * phase.scrapes, 0) / length;
    return this.spentBy(share, length);
  }

  private spentBy(share: number, scrapes: number): number {
    return (this.weight(scrapes) * share) / toNumber(errorBudget(this.slo.objective));
  }

  private everythingFailing(pair: WindowPair, scrapes: number): BurnFindings {
    return burnFindings(this.slo, pair, 1, this.spentBy(1, scrapes));
  }

  private get isMonthly(): boolean {
    return this.slo.period === "month";
  }

  /** What part of the period's traffic has passed: promtool begins on the first of a January, and a rolling period is always full. */
  private weight(scrapes: number): number {
    return this.isMonthly ? this.elapsed(scrapes) / seconds("31d") : 1;
  }

  /** Seconds from midnight to the middle of a step. */
  private elapsed(scrapes: number): number {
    return (scrapes - 0.5) * seconds(this.context.scrapeInterval);
  }

  /** An outage at the beginning of the month that takes this share of all its requests with it, and calm. */
  private spendingOfMonth(share: number, wait: number): readonly Phase[] {
    return [
      { scrapes: Math.max(1, Math.round(this.scrapes(seconds("31d") * share))), errorShare: 1 },
      { scrapes: wait + 2, errorShare: 0 },
    ];
  }

  /** A share of errors beside a pair's limit. */
  private near(pair: WindowPair, times: number, scrapes: number): Phase {
    return this.exporter.beside(Number(limitOf(this.slo, pair)), times, scrapes, this.slo.minimumErrors);
  }

  /** Whether a share that holds from the start is one too many; where events are few, it may come to less than the floor. */
  private burns(pair: WindowPair, phase: Phase): boolean {
    const { minimumErrors } = this.slo;
    return phase.errorShare > Number(limitOf(this.slo, pair)) && this.exporter.errors(phase) >= minimumErrors;
  }

  /** How many events fail, in words. */
  private going({ errorShare }: Phase): string {
    return `${percent(errorShare)} of ${this.slo.signal.unit} fail`;
  }

  private burning(kind: "fastBurn" | "slowBurn", findings: BurnFindings): readonly PromtoolAlert[] {
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
    input: readonly PromtoolSeries[],
    expected: readonly (readonly [scrape: number, readonly PromtoolAlert[]])[],
  ): SloTestCase {
    const { service, name } = this.slo;
    return {
      name: `${ALERTS[kind]} of ${service} ${name} ${title}`,
      interval: this.context.scrapeInterval,
      input_series: input,
      alert_rule_test: expected.map(([at, alerts]) => this.expectation(kind, at, alerts)),
    };
  }

  private expectation(
    kind: SloAlertKind,
    scrape: number,
    alerts: readonly PromtoolAlert[],
  ): PromtoolAlertTest {
    return { eval_time: this.time(scrape), alertname: ALERTS[kind], exp_alerts: alerts };
  }

  private time(scrape: number): Duration {
    return duration(scrape * seconds(this.context.scrapeInterval));
  }

  /** So many seconds as a whole number of scrapes. */
  private scrapes(length: number): number {
    return Math.round(length / seconds(this.context.scrapeInterval));
  }
}

/** The share of errors after each scrape, of all events until then. */
function sharesSoFar(phases: readonly Phase[]): readonly number[] {
  let errors = 0;
  return phases
    .flatMap(({ scrapes, errorShare }) => Array<number>(scrapes).fill(errorShare))
    .map((share, index) => {
      errors += share;
      return errors / (index + 1);
    });
}

function bandOf(spent: number): (typeof BUDGET_BANDS)[number] | undefined {
  return BUDGET_BANDS.findLast(({ from }) => spent * 100 >= from);
}

function beside(times: number): string {
  return times > 1 ? "just above" : "just below";
}
