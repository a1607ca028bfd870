import { type Duration, duration, seconds } from "../../core/duration.ts";
import type { PromtoolAlert, PromtoolAlertTest, PromtoolSeries } from "../../core/promtool.ts";
import type { ExampleSeries } from "../../signals/ratio.ts";
import { alertLabels } from "../alerts.ts";
import { type BurnFindings, burnAnnotations } from "../annotations.ts";
import { ALERTS, type SloAlertKind } from "../conventions.ts";
import { toNumber } from "../fraction.ts";
import { errorBudget, keptFor, type Slo } from "../model.ts";
import type { WindowPair } from "../windows.ts";
import { burnFindings } from "./burning.ts";
import type { Exporter, Phase } from "./exporter.ts";
import { exporterOf } from "./exporters.ts";
import { firstRecord, knownSeconds } from "./known-seconds.ts";
import type { CaseContext, SloTestCase } from "./test-case.ts";

/** Writes cases of one SLO from series as an exporter reports them. */
export abstract class CaseWriter {
  protected readonly slo: Slo;
  protected readonly context: CaseContext;
  protected readonly exporter: Exporter;

  constructor(slo: Slo, context: CaseContext, examples: ExampleSeries) {
    this.slo = slo;
    this.context = context;
    this.exporter = exporterOf(slo, examples, context.scrapeInterval);
  }

  protected traffic(
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

  protected budgetSpent(phases: readonly Phase[]): number {
    const length = phases.reduce((sum, phase) => sum + phase.scrapes, 0);
    const share = phases.reduce((sum, phase) => sum + phase.errorShare * phase.scrapes, 0) / length;
    return this.spentBy(share, length);
  }

  /** `first`: the first scrape with a record, if the series do not exist from the start. */
  protected spentBy(share: number, scrapes: number, first?: number): number {
    return (this.weight(scrapes, first) * share) / toNumber(errorBudget(this.slo.objective));
  }

  protected get isMonthly(): boolean {
    return this.slo.period === "month";
  }

  /** The share of the period that is known after so many scrapes. promtool begins on the first of a January. */
  private weight(scrapes: number, first = firstRecord(this.slo)): number {
    const unit = seconds(this.context.scrapeInterval);
    const known = knownSeconds(this.slo, scrapes * unit, { unit, first });
    const most = this.isMonthly ? this.elapsed(scrapes) : Number.POSITIVE_INFINITY;
    return Math.min(known, most) / seconds(keptFor(this.slo.period));
  }

  /** Seconds from midnight to the middle of a step. */
  protected elapsed(scrapes: number): number {
    return (scrapes - 0.5) * seconds(this.context.scrapeInterval);
  }

  protected burning(kind: "fastBurn" | "slowBurn", findings: BurnFindings): readonly PromtoolAlert[] {
    return [
      {
        exp_labels: alertLabels(this.slo, kind),
        exp_annotations: burnAnnotations(this.slo, kind, this.context, findings),
      },
    ];
  }

  protected alertCase(
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

  protected expectation(
    kind: SloAlertKind,
    scrape: number,
    alerts: readonly PromtoolAlert[],
  ): PromtoolAlertTest {
    return { eval_time: this.time(scrape), alertname: ALERTS[kind], exp_alerts: alerts };
  }

  protected time(scrape: number): Duration {
    return duration(scrape * seconds(this.context.scrapeInterval));
  }

  /** So many seconds as a whole number of scrapes. */
  protected scrapes(length: number): number {
    return Math.round(length / seconds(this.context.scrapeInterval));
  }
}
