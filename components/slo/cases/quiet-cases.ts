import { type Duration, duration, seconds } from "../../core/duration.ts";
import type { PromtoolAlertTest } from "../../core/promtool.ts";
import type { ExampleSeries } from "../../signals/ratio.ts";
import { KEEP_FIRING, pairsOf } from "../alerts.ts";
import { ALERTS } from "../conventions.ts";
import type { Slo } from "../model.ts";
import { type BurnKind, burningPair, burnTest } from "./burning.ts";
import type { Exporter } from "./exporter.ts";
import { singleExporterOf } from "./exporters.ts";
import { withRecords } from "./history.ts";
import type { CaseContext, SloTestCase } from "./test-case.ts";
import { Timeline } from "./timeline.ts";

const KINDS: readonly BurnKind[] = ["fastBurn", "slowBurn"];

/** More than so many do not fall into a window that is looked at by the hour. */
const MOST_ERRORS = 12;

/** Cases of several moments for what is as much in each scrape, so that no flood drowns what was before. */
export class QuietCases {
  private readonly slo: Slo;
  private readonly context: CaseContext;
  private readonly exporter: Exporter;
  private readonly eventsEach: number;

  constructor(slo: Slo, context: CaseContext, examples: ExampleSeries, eventsEach: number) {
    this.slo = slo;
    this.context = context;
    this.exporter = singleExporterOf(slo, examples, context.scrapeInterval);
    this.eventsEach = eventsEach;
  }

  /**
   * As few errors as the floor asks for, hours after all was well, and then nothing but good events: the floor of each pair, what only
   * a long window still holds, and what of several pairs is told.
   */
  fewErrors(): readonly SloTestCase[] {
    const { minimumErrors } = this.slo;
    if (minimumErrors < 2 || minimumErrors > MOST_ERRORS) return [];
    const [steep] = pairsOf("slowBurn");
    const timeline = new Timeline("1h");
    this.pass(timeline, 2, 0);
    timeline.passes(timeline.lengthOf(steep?.long ?? "1d"), 0);
    const checks: PromtoolAlertTest[] = [];
    const check = () => {
      for (const kind of KINDS)
        checks.push(
          burnTest(
            this.slo,
            this.context,
            kind,
            timeline,
            burningPair(this.slo, kind, timeline, timeline.now),
          ),
        );
    };
    for (let left = minimumErrors - 1; left > 0; left -= this.eventsEach)
      this.pass(timeline, 1, Math.min(left, this.eventsEach));
    check();
    this.pass(timeline, 1, 1);
    check();
    this.pass(timeline, timeline.lengthOf(steep?.short ?? "2h"), 0);
    check();
    this.pass(timeline, timeline.lengthOf("6h"), 0);
    check();
    const title = `The burn rate alerts {} fire on ${minimumErrors} failed ${this.slo.signal.unit}, as long as a short window contains them`;
    return [this.case(timeline, title, checks)];
  }

  /** Errors of some minutes: what is recorded of them, and how long alerts go on when their windows have forgotten them. */
  ending(): SloTestCase {
    const unit = this.context.scrapeInterval;
    const timeline = new Timeline(unit);
    this.pass(timeline, timeline.lengthOf("35m"), 0);
    this.pass(timeline, 1, this.eventsEach);
    this.pass(timeline, timeline.lengthOf("20m"), 0);
    this.pass(timeline, timeline.lengthOf("5m") + 1, this.eventsEach);
    const [, flat] = pairsOf("slowBurn");
    const asked = timeline.now;
    this.pass(timeline, timeline.lengthOf(flat?.short ?? "6h") + timeline.lengthOf(KEEP_FIRING.slowBurn), 0);
    const title = `${ALERTS.fastBurn} {} fires for ${KEEP_FIRING.fastBurn} after some minutes of errors, and ${ALERTS.slowBurn} for ${KEEP_FIRING.slowBurn}`;
    const checks = KINDS.flatMap((kind) => this.end(kind, timeline, asked));
    return withRecords(this.case(timeline, title, checks), this.slo, timeline, unit, asked);
  }

  /** The last moment of an alert that burned at an evaluation, and the first without it. */
  private end(kind: BurnKind, timeline: Timeline, from: number): readonly PromtoolAlertTest[] {
    let last = from;
    while (last < timeline.now && burningPair(this.slo, kind, timeline, last + 1) !== undefined) last++;
    const pair = burningPair(this.slo, kind, timeline, last);
    if (pair === undefined) return [burnTest(this.slo, this.context, kind, timeline, undefined, from)];
    const kept = Math.ceil(seconds(KEEP_FIRING[kind]) / seconds(timeline.unit));
    const at = (evaluation: number): Duration => duration(evaluation * seconds(timeline.unit));
    const firing = burnTest(this.slo, this.context, kind, timeline, pair, last);
    return [
      { ...firing, eval_time: at(last + kept) },
      burnTest(this.slo, this.context, kind, timeline, undefined, last + kept + 1),
    ];
  }

  /** Lets evaluations pass of which each has so many errors. */
  private pass(timeline: Timeline, evaluations: number, errors: number): void {
    timeline.passes(evaluations, this.eventsEach, errors / this.eventsEach);
  }

  private case(timeline: Timeline, title: string, checks: readonly PromtoolAlertTest[]): SloTestCase {
    const { service, name } = this.slo;
    return {
      name: title.replace("{}", `of ${service} ${name}`),
      interval: this.context.scrapeInterval,
      input_series: this.exporter.traffic(timeline.scrapes(this.context.scrapeInterval)),
      alert_rule_test: checks,
    };
  }
}
