import { duration, seconds } from "../../core/duration.ts";
import type { PromtoolQueryTest } from "../../core/promtool.ts";
import type { Counters } from "../../signals/counters.ts";
import { printSelector } from "../../signals/promql.ts";
import { RECORDS, recordOf } from "../conventions.ts";
import type { Slo } from "../model.ts";
import type { CountingExporter, Events } from "./counting-exporter.ts";
import { LONG, seriesOf, type Target } from "./target-series.ts";
import type { CaseContext, SloTestCase } from "./test-case.ts";

const SINCE_START = { good: 40, bad: 20 };
const NONE = { good: 0, bad: 0 };

/** Cases of counters that begin, return and end: what of their first value counts. */
export class TargetCases {
  private readonly slo: Slo;
  private readonly interval: number;
  private readonly context: CaseContext;
  readonly exporter: CountingExporter;
  readonly family: Counters;

  constructor(slo: Slo, context: CaseContext, exporter: CountingExporter, family: Counters) {
    this.slo = slo;
    this.context = context;
    this.interval = seconds(context.scrapeInterval);
    this.exporter = exporter;
    this.family = family;
  }

  all(): readonly SloTestCase[] {
    const at = this.after(11) + 2;
    return [
      this.case("count the first errors of a target that was scraped before", at, [
        steady("known", at + 4),
        {
          name: "with-its-first-errors",
          held: (scrape) => ({ good: 500, bad: scrape < at ? 0 : 20 }),
          counted: { [at]: { good: 0, bad: 20 } },
          // `up` says the same of a target: without it, the other series do.
          up: () => undefined,
        },
      ]),
      this.case("count the first events of a target that has answered before", at, [
        steady("known", at + 4),
        { ...silentUntil(at, SINCE_START), name: "without-events-before", counted: { [at]: SINCE_START } },
        {
          ...silentUntil(at, SINCE_START),
          name: "after-two-lost-scrapes",
          up: (scrape) => (scrape === at - 1 || scrape === at - 2 ? 0 : 1),
          counted: { [at]: SINCE_START },
        },
      ]),
      this.case("do not count what was counted before the labels changed", at, [
        steady("known", at + 4),
        {
          name: "renamed",
          held: () => LONG,
          renamedAt: at,
          isNewLoop: (scrape) => scrape === at,
          counted: {},
        },
        {
          ...silentUntil(at, LONG),
          name: "renamed-without-events",
          isNewLoop: (scrape) => scrape === at,
          counted: {},
        },
        ...[this.interval, 180, 360].map((ago) => this.renamedYoung(at, Math.ceil(ago / this.interval))),
      ]),
      this.case("do not count a target without `up` that was not scraped before", at, [
        steady("known", at + 4),
        {
          name: "after-a-lost-scrape",
          held: (scrape) => (scrape === at - 1 ? undefined : LONG),
          renamedAt: at,
          up: () => undefined,
          upElsewhere: () => undefined,
          counted: {},
        },
        {
          ...newAt(at, LONG),
          name: "not-scraped",
          up: () => undefined,
          upElsewhere: (scrape) => (scrape < at ? undefined : 1),
          counted: {},
        },
      ]),
      this.case("count what a restarted process has counted", at, [
        {
          name: "restarted",
          held: (scrape) => (scrape < at ? LONG : SINCE_START),
          counted: { [at]: SINCE_START },
        },
      ]),
      this.case("count the last events of a target once", at, [
        steady("known", at + 4),
        {
          name: "ended",
          held: (scrape) => (scrape > at ? undefined : scrape < at ? LONG : plus(LONG, SINCE_START)),
          counted: { [at]: SINCE_START },
        },
      ]),
      this.case("count the events of a new target beside others", at, [
        steady("known", at + 4),
        { ...newAt(at, SINCE_START), name: "new", counted: { [at]: SINCE_START } },
        {
          ...newAt(at, SINCE_START),
          name: "of-a-new-process",
          processStart: at * this.interval - 550,
          counted: { [at]: SINCE_START },
        },
        {
          ...newAt(at, LONG),
          name: "of-an-old-process",
          processStart: at * this.interval - 700,
          counted: {},
        },
      ]),
      this.case("do not count what a new Prometheus finds", 2, [
        { ...newAt(0, LONG), name: "first", counted: {} },
        { ...newAt(2, LONG), name: "second", counted: {} },
      ]),
      this.case("do not count the targets of a new job", at, [
        { ...newAt(at, LONG), name: "new", counted: {} },
        // Neither has answered ten minutes ago and now.
        {
          name: "down-at-first",
          held: () => undefined,
          up: (scrape) => (scrape < at - 2 ? 0 : 1),
          counted: {},
        },
        { name: "down-now", held: () => undefined, up: (scrape) => (scrape < at - 2 ? 1 : 0), counted: {} },
      ]),
      this.case("do not count a target that returns", at, [
        steady("known", at + 4),
        ...[3, 6, 10].flatMap((minutes) => this.returning(at, minutes)),
        { ...returningAt(at, () => 0), name: "down-before", counted: {} },
      ]),
    ];
  }

  /** A target that exists for so many scrapes, of which it answered the first, and that then answers with other labels. */
  private renamedYoung(at: number, scrapes: number): Target {
    const first = at - scrapes;
    return {
      name: `renamed-after-${scrapes}-scrapes`,
      held: (scrape) => (scrape === first || scrape >= at ? LONG : undefined),
      up: (scrape) => (scrape < first ? undefined : scrape === first || scrape >= at ? 1 : 0),
      renamedAt: at,
      isNewLoop: (scrape) => scrape === first || scrape === at,
      upElsewhere: () => undefined,
      // It was new once.
      counted: { [first]: LONG },
    };
  }

  /** A target that answered so many minutes ago, and neither before nor afterwards. */
  private returning(at: number, minutes: number): readonly Target[] {
    const last = at - this.after(minutes);
    // So short a time ago is a lost scrape.
    if (at - last <= 4) return [];
    const up = (scrape: number) => (scrape < last ? undefined : scrape === last ? 1 : 0);
    return [{ ...returningAt(at, up), name: `answered-${minutes}m-ago`, counted: {} }];
  }

  private after(minutes: number): number {
    return Math.ceil((minutes * 60) / this.interval);
  }

  private case(title: string, at: number, targets: readonly Target[]): SloTestCase {
    const scrapes = Array.from({ length: at + 5 }, (_, scrape) => scrape);
    const asked = [at - 1, at, at + 1, at + 2].filter((scrape) => scrape > 0);
    return {
      name: `The records of ${this.slo.service} ${this.slo.name} ${title}`,
      interval: this.context.scrapeInterval,
      input_series: targets.flatMap((target) => seriesOf(target, scrapes, this)),
      alert_rule_test: [],
      promql_expr_test: asked.flatMap((scrape) => this.expected(targets, scrape)),
    };
  }

  /** No data is no event here: whether a step without a counted target is 0 or unknown makes no difference to a window. */
  private expected(targets: readonly Target[], scrape: number): readonly PromtoolQueryTest[] {
    const counted = targets.map((target) => target.counted[scrape] ?? NONE).reduce(plus, NONE);
    return [
      [RECORDS.totalStep, counted.good + counted.bad] as const,
      [RECORDS.errorsStep, counted.bad] as const,
    ].map(([record, events]) => ({
      expr: `round(sum(${printSelector(recordOf(this.slo, record))}) * ${this.interval} or vector(0), 0.001)`,
      eval_time: duration(scrape * this.interval),
      exp_samples: [{ labels: "{}", value: events }],
    }));
  }
}

/** A target that counts nothing new. */
function steady(name: string, until: number): Target {
  return { name, held: (scrape) => (scrape <= until ? LONG : undefined), counted: {} };
}

/** A target that answers from the start, and whose counters exist from a scrape on. */
function silentUntil(at: number, events: Events) {
  return { held: (scrape: number) => (scrape < at ? undefined : events), up: () => 1 as const };
}

/** A target that exists from a scrape on. */
function newAt(at: number, events: Events) {
  return {
    held: (scrape: number) => (scrape < at ? undefined : events),
    isNewLoop: (scrape: number) => scrape === at,
  };
}

/** A target that answers again from a scrape on, with counters that it may have had before. */
function returningAt(at: number, before: (scrape: number) => 0 | 1 | undefined) {
  return {
    held: (scrape: number) => (scrape < at ? undefined : LONG),
    up: (scrape: number) => (scrape < at ? before(scrape) : 1),
  };
}

function plus(one: Events, other: Events): Events {
  return { good: one.good + other.good, bad: one.bad + other.bad };
}
