import { type Duration, duration, seconds } from "../../core/duration.ts";
import type { ExampleSeries } from "../../signals/ratio.ts";
import { KEEP_FIRING, pairsOf } from "../alerts.ts";
import { ALERTS } from "../conventions.ts";
import type { Slo } from "../model.ts";
import { type BurnKind, burningPair, burnTest } from "./burning.ts";
import type { Exporter } from "./exporter.ts";
import { singleExporterOf } from "./exporters.ts";
import { withRecords } from "./history.ts";
import { Story } from "./story.ts";
import type { AlertTest, CaseContext, SloTestCase } from "./test-case.ts";

const KINDS: readonly BurnKind[] = ["page", "ticket"];

/** More than so many do not fall into a window that is looked at by the hour. */
const MOST_ERRORS = 12;

/** Cases of several moments for what is as much in each scrape, so that no flood drowns what was before. */
export class CalmStories {
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
    const [steep] = pairsOf("ticket");
    const story = new Story("1h");
    this.pass(story, 2, 0);
    story.passes(story.lengthOf(steep?.long ?? "1d"), 0);
    const checks: AlertTest[] = [];
    const check = () => {
      for (const kind of KINDS)
        checks.push(
          burnTest(this.slo, this.context, kind, story, burningPair(this.slo, kind, story, story.now)),
        );
    };
    for (let left = minimumErrors - 1; left > 0; left -= this.eventsEach)
      this.pass(story, 1, Math.min(left, this.eventsEach));
    check();
    this.pass(story, 1, 1);
    check();
    this.pass(story, story.lengthOf(steep?.short ?? "2h"), 0);
    check();
    this.pass(story, story.lengthOf("6h"), 0);
    check();
    const title = `The burn alerts {} tell of ${minimumErrors} ${this.slo.signal.unit} that go wrong, for as long as a short window holds them`;
    return [this.case(story, title, checks)];
  }

  /** Errors of some minutes: what is recorded of them, and how long alerts go on when their windows have forgotten them. */
  ending(): SloTestCase {
    const unit = this.context.scrapeInterval;
    const story = new Story(unit);
    this.pass(story, story.lengthOf("35m"), 0);
    this.pass(story, 1, this.eventsEach);
    this.pass(story, story.lengthOf("20m"), 0);
    this.pass(story, story.lengthOf("5m") + 1, this.eventsEach);
    const [, flat] = pairsOf("ticket");
    const asked = story.now;
    this.pass(story, story.lengthOf(flat?.short ?? "6h") + story.lengthOf(KEEP_FIRING.ticket), 0);
    const title = `${ALERTS.page} {} goes on for ${KEEP_FIRING.page} after some minutes of errors, and the ticket for ${KEEP_FIRING.ticket}`;
    const checks = KINDS.flatMap((kind) => this.end(kind, story, asked));
    return withRecords(this.case(story, title, checks), this.slo, story, unit, asked);
  }

  /** The last moment of an alert that burned at an evaluation, and the first without it. */
  private end(kind: BurnKind, story: Story, from: number): readonly AlertTest[] {
    let last = from;
    while (last < story.now && burningPair(this.slo, kind, story, last + 1) !== undefined) last++;
    const pair = burningPair(this.slo, kind, story, last);
    if (pair === undefined) return [burnTest(this.slo, this.context, kind, story, undefined, from)];
    const kept = Math.ceil(seconds(KEEP_FIRING[kind]) / seconds(story.unit));
    const at = (evaluation: number): Duration => duration(evaluation * seconds(story.unit));
    const firing = burnTest(this.slo, this.context, kind, story, pair, last);
    return [
      { ...firing, eval_time: at(last + kept) },
      burnTest(this.slo, this.context, kind, story, undefined, last + kept + 1),
    ];
  }

  /** Lets evaluations pass of which each has so many errors. */
  private pass(story: Story, evaluations: number, errors: number): void {
    story.passes(evaluations, this.eventsEach, errors / this.eventsEach);
  }

  private case(story: Story, title: string, checks: readonly AlertTest[]): SloTestCase {
    const { service, name } = this.slo;
    return {
      name: title.replace("{}", `of ${service} ${name}`),
      interval: this.context.scrapeInterval,
      input_series: this.exporter.traffic(story.scrapes(this.context.scrapeInterval)),
      alert_rule_test: checks,
    };
  }
}
