import { type Duration, duration, seconds } from "../../core/duration.ts";
import { printSelector } from "../../signals/promql.ts";
import { FAILING } from "../../signals/ratio.ts";
import { alertLabels, burnAnnotations, KEEP_FIRING, limitOf, pairsOf, windowsText } from "../alerts.ts";
import { ALERTS, RECORDS, recordOf } from "../conventions.ts";
import { toNumber } from "../fraction.ts";
import { errorBudget, type RollingSlo } from "../model.ts";
import type { WindowPair } from "../windows.ts";
import type { Exporter } from "./exporter.ts";
import { neighboursOf } from "./neighbours.ts";
import { recordsOf } from "./recorded.ts";
import { FLOOD, QUIET, Story } from "./story.ts";
import type { AlertTest, CaseContext, QueryTest, SloTestCase } from "./test-case.ts";

/** How far beside a limit the stories lie: near enough to catch a limit that is off by a quarter. */
const ABOVE = 1.15;
const BELOW = 0.85;

type BurnKind = "page" | "ticket";

/** Cases in which something happens over time and is asked about more than once. */
export class Stories {
  private readonly slo: RollingSlo;
  private readonly context: CaseContext;
  private readonly exporter: Exporter;

  constructor(slo: RollingSlo, context: CaseContext, exporter: Exporter) {
    this.slo = slo;
    this.context = context;
    this.exporter = exporter;
  }

  /**
   * Both windows of a pair on either side of its limit: only the short one above, then both, then only the long one. The alert
   * fires in the middle, goes on for as long as it should, and ends.
   */
  pair(kind: BurnKind, pair: WindowPair, unit: Duration): SloTestCase {
    const story = new Story(unit);
    const isSteeper = pair === pairsOf(kind)[0];
    const [short, long] = [story.lengthOf(pair.short), story.lengthOf(pair.long)];
    // The steeper pair is looked at while the flatter one is calm: what has left its long window floods the longer ones.
    const quiet = isSteeper ? long - 1 : 2 * short + Math.ceil(short / 2);
    if (isSteeper) story.passes(1, FLOOD);
    story.passes(quiet, QUIET);

    const [above, below] = [this.beside(pair, ABOVE), this.beside(pair, BELOW)];
    const shortBefore = short - 1;
    const events = Math.round(((below * quiet - above * shortBefore) / (above - below)) * QUIET);
    story.passes(1, events, (above * (shortBefore * QUIET + events)) / events);
    const checks: AlertTest[] = [this.silent(kind, story)];

    const { all, bad } = story.within(pair.long);
    const more = 20 * Math.max(all, QUIET);
    story.passes(1, more, Math.min(1, (above * (all + more) - bad) / more));
    checks.push(this.firing(kind, story, pair));

    const kept = Math.ceil(seconds(KEEP_FIRING[kind]) / seconds(unit));
    story.passes(short - 1, QUIET, below);
    const last = this.firing(kind, story, pair);
    story.passes(kept, QUIET, below);
    checks.push({ ...last, eval_time: this.time(story) });
    story.passes(1, QUIET, below);
    checks.push(this.silent(kind, story));

    const limit = shown(Number(limitOf(this.slo, pair)));
    const title = `${ALERTS[kind]} {} fires ${windowsText(pair)} beyond ${limit} in both windows, and not for one of them`;
    const found = this.case(title, story, checks);
    return isSteeper ? this.withRecords(found, story, readBy(unit)) : found;
  }

  /** An outage that is drowned by successes: all windows forget it at once, and the alerts go on for their time. */
  ending(): SloTestCase {
    const unit = this.context.scrapeInterval;
    const story = new Story(unit);
    const few = QUIET / 1_000;
    story.passes(3, few, 1);
    const steep = { page: pairsOf("page")[0], ticket: pairsOf("ticket")[0] } as Record<BurnKind, WindowPair>;
    const last = {
      page: this.firing("page", story, steep.page),
      ticket: this.firing("ticket", story, steep.ticket),
    };
    story.passes(1, FLOOD);
    const over = story.now;
    const checks = (["page", "ticket"] as const).flatMap((kind) => {
      const kept = Math.ceil(seconds(KEEP_FIRING[kind]) / seconds(unit));
      story.passes(over + kept - 1 - story.now, few);
      const still = { ...last[kind], eval_time: this.time(story) };
      story.passes(1, few);
      return [still, this.silent(kind, story)];
    });
    const title = `${ALERTS.page} {} goes on for ${KEEP_FIRING.page} after an outage, and the ticket for ${KEEP_FIRING.ticket}`;
    return this.case(title, story, checks);
  }

  /** As few errors as the floor asks for, or one less, and nothing else: in a while only the flatter pair sees them. */
  fewErrors(): readonly SloTestCase[] {
    const { minimumErrors, signal } = this.slo;
    if (minimumErrors < 2) return [];
    const [steep, flat] = pairsOf("page") as [WindowPair, WindowPair];
    const [ticket] = pairsOf("ticket") as [WindowPair, WindowPair];
    const { infinitive } = signal.failing ?? FAILING;
    return [minimumErrors - 1, minimumErrors].map((errors) => {
      const story = new Story(this.context.scrapeInterval);
      const check = (kind: BurnKind, pair: WindowPair) =>
        errors < minimumErrors ? this.silent(kind, story) : this.firing(kind, story, pair);
      story.passes(2, 0);
      story.passes(1, errors, 1);
      const first = [check("page", steep), check("ticket", ticket)];
      story.passes(story.lengthOf(steep.short) + story.lengthOf(KEEP_FIRING.page), 0);
      const verb = errors < minimumErrors ? "is silent" : "fires";
      const title = `${ALERTS.page} {} ${verb} when ${errors} ${signal.unit} ${infinitive} and nothing else happens`;
      return this.case(title, story, [...first, check("page", flat)]);
    });
  }

  /** The floor of the ticket's pairs, each looked at where the other is calm. */
  fewErrorsOfHours(): readonly SloTestCase[] {
    const { minimumErrors } = this.slo;
    if (minimumErrors < 2) return [];
    const [steep, flat] = pairsOf("ticket") as [WindowPair, WindowPair];
    const story = new Story("1h");
    story.passes(1, 0);
    story.passes(1, minimumErrors, 1);
    story.passes(story.lengthOf(steep.short) + 1, 0);
    const checks = [this.firing("ticket", story, flat)];
    story.passes(1, FLOOD);
    story.passes(1, 0);
    story.passes(1, minimumErrors, 1);
    // The flood drowns the flatter pair of the page, and has left the steeper one.
    checks.push(this.firing("page", story, pairsOf("page")[0] as WindowPair));
    story.passes(story.lengthOf(steep.long), 0);
    checks.push(this.silent("ticket", story));
    story.passes(1, minimumErrors, 1);
    checks.push(this.firing("ticket", story, steep));
    const title = `${ALERTS.ticket} {} fires when ${minimumErrors} ${this.slo.signal.unit} go wrong, in either pair of windows`;
    return [this.case(title, story, checks)];
  }

  /** What two lost scrapes hid is made good by the next; what more of them hid belongs to no step. */
  lostScrapes(): SloTestCase {
    const story = new Story(this.context.scrapeInterval);
    const steps = [RECORDS.totalStep, RECORDS.errorsStep].map((record) =>
      printSelector(recordOf(this.slo, record)),
    );
    const queries: QueryTest[] = [];
    const ask = (expected: readonly number[]) => {
      for (const expr of steps)
        queries.push({
          expr: `count(${expr} > 0)`,
          eval_time: this.time(story),
          exp_samples: expected.map((value) => ({ labels: "{}", value })),
        });
    };
    story.passes(4, QUIET, 0.5);
    story.losesScrapes(2);
    story.passes(1, QUIET, 0.5);
    ask([1]);
    story.losesScrapes(5);
    story.passes(1, QUIET, 0.5);
    ask([]);
    const found = this.case("The records {} bridge two lost scrapes and no more", story, []);
    return { ...found, promql_expr_test: queries };
  }

  /** The days of a whole period and some more, no two alike. */
  days(): SloTestCase {
    const story = new Story("1d");
    const { period } = this.slo;
    const length = story.lengthOf(period);
    const budget = toNumber(errorBudget(this.slo.objective));
    for (let day = 0; day < length + 4; day++) {
      const busy = 1 + ((day * 7) % 11);
      story.passes(1, busy * QUIET, Math.min(0.5, (budget * (1 + ((day * 5) % 13))) / 7));
    }
    const half = Math.ceil(length / 2) + 1;
    const days = this.case(`The budget {} is what the last ${period} say, day by day`, story, []);
    const found = this.withRecords(days, story, readBy("1d"));
    const once = recordsOf(this.slo, story, half);
    return { ...found, promql_expr_test: [...once, ...(found.promql_expr_test ?? [])] };
  }

  private case(title: string, story: Story, checks: readonly AlertTest[]): SloTestCase {
    const { service, name } = this.slo;
    return {
      name: `${title.replace("{}", `of ${service} ${name}`)}`,
      interval: this.context.scrapeInterval,
      input_series: this.exporter.traffic(story.scrapes(this.context.scrapeInterval)),
      alert_rule_test: checks,
    };
  }

  /** A case that also holds what is recorded in the end, beside neighbours that record as well. */
  private withRecords(found: SloTestCase, story: Story, names?: readonly string[]): SloTestCase {
    const apart = Math.round(seconds(story.unit) / seconds(this.context.scrapeInterval));
    const neighbours = neighboursOf(this.slo, {
      evaluations: story.now,
      apart,
      ...(names && { records: names }),
    });
    return {
      ...found,
      input_series: [...found.input_series, ...neighbours],
      promql_expr_test: recordsOf(this.slo, story, story.now),
    };
  }

  private silent(kind: BurnKind, story: Story): AlertTest {
    return { eval_time: this.time(story), alertname: ALERTS[kind], exp_alerts: [] };
  }

  private firing(kind: BurnKind, story: Story, pair: WindowPair): AlertTest {
    const spent = story.share(this.slo.period) / toNumber(errorBudget(this.slo.objective));
    const annotations = burnAnnotations(this.slo, kind, this.context, {
      errorShare: shown(story.share(pair.long)),
      windows: windowsText(pair),
      budgetLeft: shown(Math.max(0, 1 - spent)),
    });
    return {
      eval_time: this.time(story),
      alertname: ALERTS[kind],
      exp_alerts: [{ exp_labels: alertLabels(this.slo, kind), exp_annotations: annotations }],
    };
  }

  private time(story: Story): Duration {
    return duration(story.now * seconds(story.unit));
  }

  /** A share of errors beside a pair's limit, and below everything. */
  private beside(pair: WindowPair, times: number): number {
    const limit = Number(limitOf(this.slo, pair));
    return Math.min(limit * times, (limit + 1) / 2);
  }
}

/** The records that longer ones are made of and that a story of such units is the one to tell apart; by default all. */
function readBy(unit: Duration): readonly string[] | undefined {
  const read: Readonly<Record<string, readonly Duration[]>> = {
    "1h": ["1h", "6h"],
    "1d": ["1h", "1d", "3d"],
  };
  return read[unit]?.flatMap((window) => [RECORDS.total(window), RECORDS.errors(window)]);
}

/** A share as Prometheus' `humanizePercentage` shows it: four significant digits. */
function shown(share: number): string {
  return `${Number((share * 100).toPrecision(4))}%`;
}
