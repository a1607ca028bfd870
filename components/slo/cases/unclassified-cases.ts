import { type Duration, duration, seconds } from "../../core/duration.ts";
import type { PromtoolAlert, PromtoolSeries } from "../../core/promtool.ts";
import { scrapesBefore } from "../../signals/counted-steps.ts";
import { nativeHistogram } from "../../signals/histogram.ts";
import { printSelector } from "../../signals/promql.ts";
import type { ExampleSeries, Unclassified } from "../../signals/ratio.ts";
import { alertLabels, UNCLASSIFIED } from "../alerts.ts";
import { unclassifiedAnnotations } from "../annotations.ts";
import { ALERTS, RECORDS, recordOf } from "../conventions.ts";
import { foundSentence, labelsText } from "../found.ts";
import { toNumber } from "../fraction.ts";
import { errorBudget, type Slo } from "../model.ts";
import { otherObjectivesOf } from "./other-objectives.ts";
import type { CaseContext, SloTestCase, SloTests } from "./test-case.ts";
import { lastTrue, type Phase, type Step, unclearIn } from "./unclassified-states.ts";

/** So many events of each scrape that the strictest objective lets whole events of them fail. */
const EVENTS = 1_000_000_000;

/** So many at once that whatever else a window holds is next to nothing. */
const FLOOD = 1_000_000 * EVENTS;

/** For longer than any case lasts. */
const FOREVER = 10_000;

/** Scrapes from one evaluation to the next in cases of hours. */
const APART = 5;

/** Cases of the alert on events that are neither good nor bad. What it does at each evaluation is worked out event by event. */
class UnclassifiedCases {
  private readonly slo: Slo;
  private readonly unclassified: Unclassified;
  private readonly context: CaseContext;
  private readonly examples: ExampleSeries;
  private readonly budget: number;
  /** Scrapes from one evaluation to the next. */
  private readonly apart: number;

  constructor(
    slo: Slo,
    unclassified: Unclassified,
    context: CaseContext,
    examples: ExampleSeries,
    apart: number,
  ) {
    this.slo = slo;
    this.unclassified = unclassified;
    this.context = context;
    this.examples = examples;
    this.budget = toNumber(errorBudget(slo.objective));
    this.apart = apart;
  }

  /** Cases of minutes. */
  brief(): readonly SloTestCase[] {
    const { budget } = this;
    const { unit } = this.slo.signal;
    // A flood of good events ends it at once, and the alert goes on for its time.
    const end = this.isSampled ? [] : [{ all: FLOOD, unclear: 0 }, ...this.steps(["31m", 0])];
    return [
      this.case(`the outcome of all ${unit} is unknown`, [...this.steps(["20m", 1]), ...end]),
      this.case("that of just more than may fail is unknown", this.steps(["20m", 1.15 * budget])),
      this.case("that of just fewer than may fail is unknown", this.steps(["20m", 0.85 * budget])),
      ...this.few(),
      ...(this.isSampled ? [] : [this.lostScrapes()]),
    ];
  }

  /** Each window below the limit while the other is above it. */
  long(): readonly SloTestCase[] {
    const { budget } = this;
    const tooFew = Math.min(1, (0.85 * budget * 205) / 30);
    return [
      this.case(
        "that of too few in six hours is unknown",
        this.steps(["150m", 0], ["30m", tooFew], ["25m", 0]),
      ),
      this.case(
        "that of just fewer than may fail is unknown in the last hour",
        this.steps(["30m", Math.min(1, 20 * budget)], ["130m", 0.85 * budget]),
      ),
      this.case(
        "that of enough in six hours is unknown, and of too few later",
        this.steps(["30m", Math.min(1, 20 * budget)], ["4h", 0], ["3h", 1.2 * budget]),
      ),
    ];
  }

  /** The minimum number of such events, one below and at it. */
  private few(): readonly SloTestCase[] {
    const { minimumErrors, signal } = this.slo;
    if (minimumErrors < 2) return [];
    return [minimumErrors - 1, minimumErrors].map((events) => {
      const some = this.isSampled
        ? Array.from({ length: events }, () => ({ all: 1, unclear: 1 }))
        : [{ all: this.isExcess ? 0 : events, unclear: events }];
      const later = { all: this.isSampled ? 1 : 0, unclear: 0 };
      // Gauges cannot be flooded, so the alert ends when these checks have left the shorter window.
      const after = this.isSampled && events === minimumErrors ? "95m" : "20m";
      const rest = Array.from({ length: this.evaluations(after) }, () => later);
      return this.case(`that of ${events} ${signal.unit} is unknown`, [...some, ...rest]);
    });
  }

  /** As for the other records: two lost scrapes are made good by the next, and what more of them hid belongs to no step. */
  private lostScrapes(): SloTestCase {
    const { service, name, arrival = "scraped" } = this.slo;
    const { native, good, unclassified = [] } = this.examples;
    const many = 2 + scrapesBefore(arrival, this.context.scrapeInterval);
    const value = (count: number) =>
      native === undefined ? String(count) : nativeHistogram([[native.good, count]]);
    const lost = (each: number) => [
      ...[1, 2, 3].map((scrape) => value(scrape * each)),
      "_x2",
      value(6 * each),
      `_x${many}`,
      value((7 + many) * each),
    ];
    const record = printSelector(recordOf(this.slo, RECORDS.unclassifiedStep));
    const asked = (scrape: number, found: readonly number[]) => ({
      expr: `count(${record} > 0)`,
      eval_time: duration(scrape * this.unit),
      exp_samples: found.map((count) => ({ labels: "{}", value: count })),
    });
    return {
      name: `The record of unclassified events of ${service} ${name} continues after two lost scrapes, and not after more`,
      interval: this.context.scrapeInterval,
      input_series: [
        ...good.map((series) => ({ series, values: lost(EVENTS).join(" ") })),
        ...unclassified.map((series) => ({ series, values: lost(2 * EVENTS).join(" ") })),
      ],
      alert_rule_test: [],
      promql_expr_test: [asked(5, [1]), asked(6 + many, [])],
    };
  }

  private get isSampled(): boolean {
    return this.examples.sampled !== undefined;
  }

  private get isExcess(): boolean {
    const { count } = this.unclassified;
    return "kind" in count && count.kind === "excess";
  }

  /** Steps of each phase. Where a scrape is one event, those of an unknown outcome are spread evenly. */
  private steps(...phases: readonly Phase[]): readonly Step[] {
    return phases.flatMap(([length, share]) =>
      Array.from({ length: this.evaluations(length) }, (_, index) =>
        this.isSampled
          ? { all: 1, unclear: Math.floor((index + 1) * share) - Math.floor(index * share) }
          : { all: EVENTS, unclear: Math.round(EVENTS * share) },
      ),
    );
  }

  private case(title: string, steps: readonly Step[]): SloTestCase {
    const { service, name } = this.slo;
    const states = this.states(steps);
    // Both sides of each change, and the end.
    const asked = states.flatMap((state, at) =>
      (state === undefined) !== (states[at - 1] === undefined) ? [Math.max(0, at - 1), at] : [],
    );
    const fires = states.some((state) => state !== undefined);
    const alertsAt = (state: number | undefined) => (state === undefined ? [] : [this.alert(state, steps)]);
    return {
      name: `${ALERTS.unclassified} of ${service} ${name} ${fires ? "fires" : "does not fire"} if ${title}`,
      interval: this.context.scrapeInterval,
      input_series: [
        ...(this.isSampled ? this.gauge(steps) : this.counters(steps)),
        ...this.others(),
        ...otherObjectivesOf(this.slo, {
          records: [RECORDS.unclassifiedStep, RECORDS.total("1h"), RECORDS.total("6h")],
          evaluations: steps.length,
          apart: this.apart,
        }),
      ],
      alert_rule_test: [...new Set([...asked, steps.length])].map((at) => ({
        eval_time: duration(at * this.unit),
        alertname: ALERTS.unclassified,
        exp_alerts: alertsAt(states[at]),
      })),
    };
  }

  /** Counters that climb by each step, from a value that they have had for long. */
  private counters(steps: readonly Step[]): readonly PromtoolSeries[] {
    const { good, unclassified = [] } = this.examples;
    return [
      ...good.map((series) => ({
        series,
        values: this.climbing(steps.map(({ all, unclear }) => (this.isExcess ? all : all - unclear))),
      })),
      ...unclassified.map((series) => ({
        series,
        values: this.climbing(steps.map(({ all, unclear }) => (this.isExcess ? all + unclear : unclear))),
      })),
    ];
  }

  /** Other targets, with many events of an unknown outcome, or with a value that hides an impossible one. */
  private others(): readonly PromtoolSeries[] {
    const { others = [], sampled, native } = this.examples;
    if (sampled?.since) return [];
    const step = native === undefined ? String(EVENTS) : nativeHistogram([[native.good, EVENTS]]);
    const values = sampled === undefined ? `${step}+${step}x${FOREVER}` : `${sampled.good}x${FOREVER}`;
    return others.map((series) => ({ series, values }));
  }

  private climbing(increments: readonly number[]): string {
    const { native } = this.examples;
    const written = (count: number) =>
      native === undefined ? String(count) : nativeHistogram([[native.good, count]]);
    let held = EVENTS;
    const parts = [written(held)];
    for (const [increment, times] of runs(increments)) {
      const first = held + increment;
      if (this.apart === 1)
        parts.push(times === 1 ? written(first) : `${written(first)}+${written(increment)}x${times - 1}`);
      // Only the last two scrapes before an evaluation: the step between them is all that happened since the one before.
      else
        for (let time = 0; time < times; time++) {
          const before = held + increment * time;
          parts.push(`_x${this.apart - 2} ${written(before)} ${written(before + increment)}`);
        }
      held += increment * times;
    }
    return parts.join(" ");
  }

  /** One gauge. The first scrape finds nothing yet. */
  private gauge(steps: readonly Step[]): readonly PromtoolSeries[] {
    const { good, sampled } = this.examples;
    if (sampled === undefined) return [];
    const values = steps.map(({ unclear }, index) => {
      const value = unclear > 0 ? sampled.unclear : sampled.good;
      const seen = sampled.since ? (index + 1) * this.unit - value : value;
      return this.apart === 1 ? `${seen}` : `_x${this.apart - 1} ${seen}`;
    });
    return good.slice(0, 1).map((series) => ({ series, values: ["_", ...values].join(" ") }));
  }

  private states(steps: readonly Step[]): readonly (number | undefined)[] {
    return lastTrue(steps, this.unit, this.budget, this.slo.minimumErrors);
  }

  /** The texts are those of the last evaluation in which the condition was true. */
  private alert(at: number, steps: readonly Step[]): PromtoolAlert {
    const events = unclearIn(steps, at, this.evaluations(UNCLASSIFIED.long));
    return {
      exp_labels: alertLabels(this.slo, "unclassified"),
      exp_annotations: unclassifiedAnnotations(this.slo, this.unclassified, this.context, {
        events: String(events),
        found: this.found(steps[at - 1]),
      }),
    };
  }

  private found(step: Step | undefined): string {
    const { sampled, unclassified = [] } = this.examples;
    if (sampled !== undefined) return step?.unclear ? foundSentence(String(sampled.unclear)) : "";
    return this.isExcess ? "" : foundSentence(labelsText(unclassified[0] ?? ""));
  }

  /** Seconds from one evaluation to the next. */
  private get unit(): number {
    return this.apart * seconds(this.context.scrapeInterval);
  }

  private evaluations(length: Duration): number {
    return Math.ceil(seconds(length) / this.unit);
  }
}

/** Equal values in a row, and how many there are. */
function runs(values: readonly number[]): readonly (readonly [value: number, times: number])[] {
  const found: [number, number][] = [];
  for (const value of values) {
    const last = found.at(-1);
    if (last?.[0] === value) last[1]++;
    else found.push([value, 1]);
  }
  return found;
}

/** The cases of an objective's alert on events of an unknown outcome, if it has one. */
export function unclassifiedTests(
  slo: Slo,
  context: CaseContext,
  examples: ExampleSeries,
): { readonly brief: readonly SloTestCase[]; readonly long: readonly SloTests[] } {
  const { unclassified } = slo.signal;
  if (unclassified === undefined) return { brief: [], long: [] };
  const cases = (apart: number) => new UnclassifiedCases(slo, unclassified, context, examples, apart);
  return {
    brief: cases(1).brief(),
    long: [{ evaluated: duration(APART * seconds(context.scrapeInterval)), cases: cases(APART).long() }],
  };
}
