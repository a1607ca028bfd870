import { duration, seconds } from "../../core/duration.ts";
import { type ExampleSeries, FAILING } from "../../signals/ratio.ts";
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
  type SloAlertKind,
  windowsText,
} from "../alerts.ts";
import { ALERTS } from "../conventions.ts";
import { toNumber } from "../fraction.ts";
import { errorBudget, type Slo } from "../model.ts";
import type { WindowPair } from "../windows.ts";
import { CountingExporter } from "./counting-exporter.ts";
import type { Exporter, InputSeries, Phase } from "./exporter.ts";
import type { AlertTest, CaseContext, ExpectedAlert, SloTestCase } from "./test-case.ts";

/** Cases of one SLO, each from series as an exporter reports them. */
export class Proof {
  private readonly slo: Slo;
  private readonly context: CaseContext;
  private readonly exporter: Exporter;

  constructor(slo: Slo, context: CaseContext, examples: ExampleSeries) {
    this.slo = slo;
    this.context = context;
    this.exporter = new CountingExporter(examples);
  }

  burst(kind: "page", pair: WindowPair, times: number): SloTestCase {
    const after = this.near(pair, times, seconds(pair.long));
    const phases = [{ scrapes: 3 * this.scrapes(seconds(pair.long)), errorShare: 0 }, after];
    const fires = times > 1;
    return this.traffic(
      `${fires ? "fires" : "is silent"} when ${this.going(after)} for ${pair.long}, ${beside(times)} its limit`,
      kind,
      phases,
      fires ? { share: after.errorShare, pair } : undefined,
    );
  }

  /** A share that holds from the start, so that every window sees it. */
  steady(
    kind: "page" | "ticket",
    pair: WindowPair,
    times: number,
    firing: WindowPair | undefined = undefined,
  ): SloTestCase {
    const phase = this.near(pair, times, seconds("1h"));
    return this.traffic(
      `${firing ? `fires ${windowsText(firing)}` : "is silent"} when ${this.going(phase)} all the time, ${beside(times)} the limit of ${pair.long}`,
      kind,
      [phase],
      firing && { share: phase.errorShare, pair: firing },
    );
  }

  /** Without a single success there is no series of successes alone either. */
  totalOutage(pair: WindowPair): SloTestCase {
    const end = this.scrapes(seconds("5m"));
    return this.alertCase(
      "page",
      "fires within five minutes of a total outage that began with the service",
      this.exporter.bornFailing(end),
      [[end, this.burning("page", { errorShare: "100%", windows: windowsText(pair), budgetLeft: "0%" })]],
    );
  }

  /** The long windows still burn; the short ones say that it is over, and what keeps firing has had its time. */
  recovered(): SloTestCase {
    const phases = [
      { scrapes: this.scrapes(seconds("20m")), errorShare: 1 },
      { scrapes: this.scrapes(seconds("40m")), errorShare: 0 },
    ];
    return this.traffic("is silent forty minutes after a total outage of twenty", "page", phases, undefined);
  }

  /** The floor under the number of errors, one below and at it. */
  fewErrors(pair: WindowPair): readonly SloTestCase[] {
    const { minimumErrors } = this.slo;
    if (minimumErrors < 2) return [];
    const end = this.scrapes(seconds(pair.long));
    const everything = { errorShare: "100%", windows: windowsText(pair), budgetLeft: "0%" };
    const { unit } = this.slo.signal;
    return [
      this.alertCase(
        "page",
        `is silent when ${minimumErrors - 1} ${unit} ${this.infinitive} and none else`,
        this.exporter.lateErrors(minimumErrors - 1, end),
        [[end, []]],
      ),
      this.alertCase(
        "page",
        `fires when ${minimumErrors} ${unit} ${this.infinitive} and none else`,
        this.exporter.lateErrors(minimumErrors, end),
        [[end, this.burning("page", everything)]],
      ),
    ];
  }

  /** Series that are there and do not move are neither an error nor absent. */
  noTraffic(): readonly SloTestCase[] {
    const end = this.scrapes(seconds("1h"));
    const idle = this.exporter.idle(end);
    if (idle === undefined) return [];
    const silent = (["page", "ticket", "absent"] as const).map((kind) => this.expectation(kind, end, []));
    return [
      {
        ...this.alertCase("page", "is silent, as are the others, while nothing happens", idle, []),
        alert_rule_test: silent,
      },
    ];
  }

  noSeries(): SloTestCase {
    const due = this.scrapes(seconds(ABSENT_FOR));
    const alert = {
      exp_labels: alertLabels(this.slo, "absent"),
      exp_annotations: absentAnnotations(this.slo, this.context),
    };
    return this.alertCase(
      "absent",
      `fires after ${ABSENT_FOR} without a series`,
      [],
      [
        [due - 1, []],
        [due, [alert]],
      ],
    );
  }

  /** What is spent of a young budget is the share of errors, all the time, by the share that may be. */
  spent(percent: number): SloTestCase {
    const budget = toNumber(errorBudget(this.slo.objective));
    const share = Number(((budget * percent) / 100).toPrecision(6));
    // The first scrape counts nothing yet, so that the condition first holds at the second.
    const due = this.scrapes(seconds(BUDGET_FOR)) + 1;
    const findings = { spent: `${percent}%`, covered: "0%" };
    const expected = BUDGET_BANDS.flatMap(({ kind, from, to = Number.POSITIVE_INFINITY }) => {
      const alert = {
        exp_labels: alertLabels(this.slo, kind),
        exp_annotations: budgetAnnotations(this.slo, kind, this.context, findings),
      };
      const fires = percent >= from && percent < to;
      return [this.expectation(kind, due - 1, []), this.expectation(kind, due, fires ? [alert] : [])];
    });
    const firing = BUDGET_BANDS.findLast(({ from }) => percent >= from);
    return {
      ...this.traffic(
        `is ${firing === undefined ? "silent" : "the one that fires"} with ${percent}% of the budget spent`,
        firing?.kind ?? "half",
        [{ scrapes: due, errorShare: share }],
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
    const end = phases.reduce((sum, phase) => sum + phase.scrapes, 0);
    const alerts = found
      ? this.burning(kind === "ticket" ? "ticket" : "page", {
          errorShare: shownShare(found.share),
          windows: windowsText(found.pair),
          budgetLeft: shownShare(this.budgetLeft(phases)),
        })
      : [];
    return this.alertCase(kind, title, this.exporter.traffic(phases), [[end, alerts]]);
  }

  private budgetLeft(phases: readonly Phase[]): number {
    const length = phases.reduce((sum, phase) => sum + phase.scrapes, 0);
    const share = phases.reduce((sum, phase) => sum + phase.errorShare * phase.scrapes, 0) / length;
    return Math.max(0, 1 - share / toNumber(errorBudget(this.slo.objective)));
  }

  /** A share of errors beside a pair's limit, for at least so many seconds. */
  private near(pair: WindowPair, times: number, least: number): Phase {
    return this.exporter.beside(Number(limitOf(this.slo, pair)), times, this.scrapes(least));
  }

  /** What goes wrong, in words: "1.66% of requests fail". */
  private going({ errorShare }: Phase): string {
    return `${shownShare(errorShare)} of ${this.slo.signal.unit} ${this.infinitive}`;
  }

  private get infinitive(): string {
    return (this.slo.signal.failing ?? FAILING).infinitive;
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
    expected: readonly (readonly [scrape: number, readonly ExpectedAlert[]])[],
  ): SloTestCase {
    const { service, name } = this.slo;
    return {
      name: `${ALERTS[kind]} of ${service} ${name} ${title}`,
      interval: this.context.scrapeInterval,
      input_series: input,
      alert_rule_test: expected.map(([at, alerts]) => this.expectation(kind, at, alerts)),
    };
  }

  private expectation(kind: SloAlertKind, scrape: number, alerts: readonly ExpectedAlert[]): AlertTest {
    const at = scrape * seconds(this.context.scrapeInterval);
    return { eval_time: duration(at), alertname: ALERTS[kind], exp_alerts: alerts };
  }

  /** So many seconds as a whole number of scrapes. */
  private scrapes(length: number): number {
    return Math.round(length / seconds(this.context.scrapeInterval));
  }
}

function beside(times: number): string {
  return times > 1 ? "just above" : "just below";
}

/** A share as Prometheus' `humanizePercentage` shows it: four significant digits. */
function shownShare(share: number): string {
  return `${Number((share * 100).toPrecision(4))}%`;
}
