import { duration, seconds } from "../../core/duration.ts";
import type { PromtoolQueryTest, PromtoolSeries } from "../../core/promtool.ts";
import { labelsOfUp } from "../../signals/counted-steps.ts";
import type { Counters } from "../../signals/counters.ts";
import { equal, metric, printSelector } from "../../signals/promql.ts";
import { RECORDS, recordOf } from "../conventions.ts";
import type { Slo } from "../model.ts";
import type { CountingExporter, Events } from "./counting-exporter.ts";
import type { CaseContext, SloTestCase } from "./test-case.ts";

/** One target, scrape by scrape. */
interface Target {
  readonly name: string;
  /** What its counters hold; undefined without a sample. */
  readonly held: (scrape: number) => Events | undefined;
  /** Its `up`; undefined without a sample. Default: 1 if there are counters. */
  readonly up?: (scrape: number) => 0 | 1 | undefined;
  /** Whether a scrape finds only new series, as after a change of the scrape configuration. */
  readonly isNewLoop?: (scrape: number) => boolean;
  /** A label that the counters get at a scrape, which makes other series of them. */
  readonly renamedAt?: number;
  /** The start of the process in seconds since 1970. Default: not known. */
  readonly processStart?: number;
  /** What its scrapes must count, by scrape; at all others nothing. */
  readonly counted: Readonly<Record<number, Events>>;
}

/** A counter that has been counting for a long time: counted by mistake, it would show. */
const LONG = { good: 1_000_000, bad: 50_000 };
const SINCE_START = { good: 40, bad: 20 };
const NONE = { good: 0, bad: 0 };

/** Cases of counters that begin, return and end: what of their first value counts. */
export class TargetCases {
  private readonly slo: Slo;
  private readonly interval: number;
  private readonly context: CaseContext;
  private readonly exporter: CountingExporter;
  private readonly family: Counters;

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
      ]),
      this.case("do not count a target that returns", at, [
        steady("known", at + 4),
        ...[3, 6, 10].flatMap((minutes) => this.returning(at, minutes)),
        { ...returningAt(at, () => 0), name: "down-before", counted: {} },
      ]),
    ];
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
      input_series: targets.flatMap((target) => this.seriesOf(target, scrapes)),
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

  private seriesOf(target: Target, scrapes: readonly number[]): readonly PromtoolSeries[] {
    const values = new Map<string, string[]>();
    for (const scrape of scrapes) {
      const events = target.held(scrape);
      for (const { series, value } of events ? this.exporter.held(events) : []) {
        const renamed = target.renamedAt !== undefined && scrape >= target.renamedAt;
        const name = named(series, target.name, renamed ? { renamed: "yes" } : {});
        const found = values.get(name) ?? [];
        values.set(name, [...found, ...Array<string>(scrape - found.length).fill("_"), value]);
      }
    }
    const ofTarget = (name: string, value: (scrape: number) => number | undefined): PromtoolSeries[] => {
      const found = scrapes.map((scrape) => value(scrape));
      if (found.every((each) => each === undefined)) return [];
      const labels = [...labelsOfUp(this.family), ...equal({ pod: target.name })];
      return [
        {
          series: printSelector(metric(name, ...labels)),
          values: found.map((each) => each ?? "_").join(" "),
        },
      ];
    };
    const up = target.up ?? ((scrape: number) => (target.held(scrape) ? 1 : undefined));
    const scraped = (scrape: number) => (up(scrape) === 1 ? 20 : undefined);
    return [
      ...[...values].map(([series, found]) => ({ series, values: `${found.join(" ")} stale` })),
      ...ofTarget("up", up),
      ...ofTarget("scrape_samples_post_metric_relabeling", scraped),
      ...ofTarget("scrape_series_added", (scrape) =>
        scraped(scrape) === undefined ? undefined : target.isNewLoop?.(scrape) ? 20 : 19,
      ),
      ...ofTarget("process_start_time_seconds", (scrape) =>
        target.held(scrape) ? target.processStart : undefined,
      ),
    ];
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

/** A series of the examples as another pod has it. */
function named(series: string, pod: string, more: Readonly<Record<string, string>>): string {
  const labels = [
    `pod="${pod}"`,
    ...Object.entries(more).map(([label, value]) => `${label}="${value}"`),
  ].join(",");
  const others = series.replace(/,?\s*pod="[^"]*"/, "");
  return others.includes("{")
    ? others.replace(/\{,?\s*/, `{${labels},`).replace(",}", "}")
    : `${others}{${labels}}`;
}
