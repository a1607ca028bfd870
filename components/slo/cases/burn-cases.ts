import { type Duration, duration, seconds } from "../../core/duration.ts";
import type { PromtoolAlertTest, PromtoolQueryTest } from "../../core/promtool.ts";
import { percent } from "../../core/share.ts";
import { scrapesBefore } from "../../signals/counted-steps.ts";
import { printSelector } from "../../signals/promql.ts";
import { FAILING } from "../../signals/ratio.ts";
import { KEEP_FIRING, limitOf, pairsOf } from "../alerts.ts";
import { windowsText } from "../annotations.ts";
import { ALERTS, RECORDS, recordOf } from "../conventions.ts";
import type { Slo } from "../model.ts";
import type { WindowPair } from "../windows.ts";
import { type BurnKind, burnTest } from "./burning.ts";
import type { Exporter } from "./exporter.ts";
import { withRecords } from "./history.ts";
import type { CaseContext, SloTestCase } from "./test-case.ts";
import { FLOOD, QUIET, Timeline } from "./timeline.ts";

/** How far beside a limit the cases lie: near enough to catch a limit that is off by a quarter. */
const ABOVE = 1.15;
const BELOW = 0.85;

/** Cases in which something happens over time and is asked about more than once. */
export class BurnCases {
  private readonly slo: Slo;
  private readonly context: CaseContext;
  private readonly exporter: Exporter;

  constructor(slo: Slo, context: CaseContext, exporter: Exporter) {
    this.slo = slo;
    this.context = context;
    this.exporter = exporter;
  }

  /**
   * Both windows of a pair on either side of its limit: only the short one above, then both, then only the long one. The alert
   * fires in the middle, goes on for as long as it should, and ends.
   */
  pair(kind: BurnKind, pair: WindowPair, unit: Duration): SloTestCase {
    const timeline = new Timeline(unit);
    const isSteeper = pair === pairsOf(kind)[0];
    const [short, long] = [timeline.lengthOf(pair.short), timeline.lengthOf(pair.long)];
    // The steeper pair is looked at while the flatter one is calm: what has left its long window floods the longer ones.
    const quiet = isSteeper ? long - 1 : 2 * short + Math.ceil(short / 2);
    const [above, below] = [this.beside(pair, ABOVE), this.beside(pair, BELOW)];
    // A little goes wrong all the time, so that each part of a window holds errors that could be missed.
    const usual = below / 10;
    if (isSteeper) timeline.passes(1, FLOOD);
    timeline.passes(quiet, QUIET, usual);

    const shortBefore = short - 1;
    const lacking = below * quiet - above * shortBefore - usual * (quiet - shortBefore);
    const events = Math.round((lacking / (above - below)) * QUIET);
    timeline.passes(
      1,
      events,
      (above * (shortBefore * QUIET + events) - usual * shortBefore * QUIET) / events,
    );
    const checks: PromtoolAlertTest[] = [this.silent(kind, timeline)];

    const { all, bad } = timeline.within(pair.long);
    const more = 20 * Math.max(all, QUIET);
    timeline.passes(1, more, Math.min(1, (above * (all + more) - bad) / more));
    checks.push(this.firing(kind, timeline, pair));

    const kept = Math.ceil(seconds(KEEP_FIRING[kind]) / seconds(unit));
    timeline.passes(short - 1, QUIET, below);
    const last = this.firing(kind, timeline, pair);
    timeline.passes(kept, QUIET, below);
    checks.push({ ...last, eval_time: this.time(timeline) });
    timeline.passes(1, QUIET, below);
    checks.push(this.silent(kind, timeline));

    const limit = percent(Number(limitOf(this.slo, pair)));
    const title = `${ALERTS[kind]} {} fires ${windowsText(pair)} if both windows are above ${limit}, and not if one is`;
    const found = this.case(title, timeline, checks);
    return isSteeper ? withRecords(found, this.slo, timeline, this.context.scrapeInterval) : found;
  }

  /** An outage that is drowned by successes: all windows forget it at once, and the alerts go on for their time. */
  ending(): SloTestCase {
    const unit = this.context.scrapeInterval;
    const timeline = new Timeline(unit);
    const few = QUIET / 1_000;
    timeline.passes(3, few, 1);
    const steep = { fastBurn: pairsOf("fastBurn")[0], slowBurn: pairsOf("slowBurn")[0] } as Record<
      BurnKind,
      WindowPair
    >;
    const last = {
      fastBurn: this.firing("fastBurn", timeline, steep.fastBurn),
      slowBurn: this.firing("slowBurn", timeline, steep.slowBurn),
    };
    timeline.passes(1, FLOOD);
    const over = timeline.now;
    const checks = (["fastBurn", "slowBurn"] as const).flatMap((kind) => {
      const kept = Math.ceil(seconds(KEEP_FIRING[kind]) / seconds(unit));
      timeline.passes(over + kept - 1 - timeline.now, few);
      const still = { ...last[kind], eval_time: this.time(timeline) };
      timeline.passes(1, few);
      return [still, this.silent(kind, timeline)];
    });
    const title = `${ALERTS.fastBurn} {} fires for ${KEEP_FIRING.fastBurn} after the end of an outage, and ${ALERTS.slowBurn} for ${KEEP_FIRING.slowBurn}`;
    return this.case(title, timeline, checks);
  }

  /** As few errors as the floor asks for, or one less, and nothing else: in a while only the flatter pair sees them. */
  fewErrors(): readonly SloTestCase[] {
    const { minimumErrors, signal } = this.slo;
    if (minimumErrors < 2) return [];
    const [steep, flat] = pairsOf("fastBurn") as [WindowPair, WindowPair];
    const [ticket] = pairsOf("slowBurn") as [WindowPair, WindowPair];
    const { infinitive } = signal.failing ?? FAILING;
    return [minimumErrors - 1, minimumErrors].map((errors) => {
      const timeline = new Timeline(this.context.scrapeInterval);
      const check = (kind: BurnKind, pair: WindowPair) =>
        errors < minimumErrors ? this.silent(kind, timeline) : this.firing(kind, timeline, pair);
      timeline.passes(2, 0);
      timeline.passes(1, errors, 1);
      const first = [check("fastBurn", steep), check("slowBurn", ticket)];
      timeline.passes(timeline.lengthOf(steep.short) + timeline.lengthOf(KEEP_FIRING.fastBurn), 0);
      const verb = errors < minimumErrors ? "does not fire" : "fires";
      const title = `${ALERTS.fastBurn} {} ${verb} if ${errors} ${signal.unit} ${infinitive} and there are no other ${signal.unit}`;
      return this.case(title, timeline, [...first, check("fastBurn", flat)]);
    });
  }

  /** The floor of the ticket's pairs, each looked at where the other is calm. */
  fewErrorsOfHours(): readonly SloTestCase[] {
    const { minimumErrors } = this.slo;
    if (minimumErrors < 2) return [];
    const [steep, flat] = pairsOf("slowBurn") as [WindowPair, WindowPair];
    const timeline = new Timeline("1h");
    timeline.passes(1, 0);
    timeline.passes(1, minimumErrors, 1);
    timeline.passes(timeline.lengthOf(steep.short) + 1, 0);
    const checks = [this.firing("slowBurn", timeline, flat)];
    timeline.passes(1, FLOOD);
    timeline.passes(1, 0);
    timeline.passes(1, minimumErrors, 1);
    // The flood drowns the flatter pair of the page, and has left the steeper one.
    checks.push(this.firing("fastBurn", timeline, pairsOf("fastBurn")[0] as WindowPair));
    timeline.passes(timeline.lengthOf(steep.long), 0);
    checks.push(this.silent("slowBurn", timeline));
    timeline.passes(1, minimumErrors, 1);
    checks.push(this.firing("slowBurn", timeline, steep));
    const title = `${ALERTS.slowBurn} {} fires on ${minimumErrors} failed ${this.slo.signal.unit}, in either pair of windows`;
    return [this.case(title, timeline, checks)];
  }

  /** What two lost scrapes hid is made good by the next; what more of them hid belongs to no step. */
  lostScrapes(): SloTestCase {
    const timeline = new Timeline(this.context.scrapeInterval);
    const steps = [RECORDS.totalStep, RECORDS.errorsStep].map((record) =>
      printSelector(recordOf(this.slo, record)),
    );
    const queries: PromtoolQueryTest[] = [];
    const ask = (expected: readonly number[]) => {
      for (const expr of steps)
        queries.push({
          expr: `count(${expr} > 0)`,
          eval_time: this.time(timeline),
          exp_samples: expected.map((value) => ({ labels: "{}", value })),
        });
    };
    timeline.passes(4, QUIET, 0.5);
    timeline.losesScrapes(2);
    timeline.passes(1, QUIET, 0.5);
    ask([1]);
    timeline.losesScrapes(2 + scrapesBefore(this.slo.arrival ?? "scraped", this.context.scrapeInterval));
    timeline.passes(1, QUIET, 0.5);
    ask([]);
    const found = this.case(
      "The records {} continue after two lost scrapes, and not after more",
      timeline,
      [],
    );
    return { ...found, promql_expr_test: queries };
  }

  private case(title: string, timeline: Timeline, checks: readonly PromtoolAlertTest[]): SloTestCase {
    const { service, name } = this.slo;
    return {
      name: `${title.replace("{}", `of ${service} ${name}`)}`,
      interval: this.context.scrapeInterval,
      input_series: this.exporter.traffic(timeline.scrapes(this.context.scrapeInterval)),
      alert_rule_test: checks,
    };
  }

  private silent(kind: BurnKind, timeline: Timeline): PromtoolAlertTest {
    return burnTest(this.slo, this.context, kind, timeline, undefined);
  }

  private firing(kind: BurnKind, timeline: Timeline, pair: WindowPair): PromtoolAlertTest {
    return burnTest(this.slo, this.context, kind, timeline, pair);
  }

  private time(timeline: Timeline): Duration {
    return duration(timeline.now * seconds(timeline.unit));
  }

  /** A share of errors beside a pair's limit, and below everything. */
  private beside(pair: WindowPair, times: number): number {
    const limit = Number(limitOf(this.slo, pair));
    return Math.min(limit * times, (limit + 1) / 2);
  }
}
