import type { PromtoolSeries } from "../../core/promtool.ts";
import { nativeHistogram } from "../../signals/histogram.ts";
import type { ExampleSeries } from "../../signals/ratio.ts";
import type { Exporter, Phase } from "./exporter.ts";

/** Events of each scrape: many, so that any share of them is a whole number. */
const EVENTS = 1_000_000;

/**
 * What the counters hold when a case begins. Prometheus takes a counter near zero to have just been born and does not
 * extrapolate past its birth, which is up to a scrape less than the window.
 */
const BEFORE = 1_000_000_000;

/** For longer than any case lasts. */
const FOREVER = 10_000;

/** How many events of each kind there were. */
export interface Events {
  readonly good: number;
  readonly bad: number;
}

/** One series, and what it holds after so many events. */
interface Counter {
  readonly series: string;
  readonly counts: "good" | "bad" | "all";
  readonly value: (events: Events) => string;
}

/** Counters, and native histograms, which count just as well: they only look different. */
export class CountingExporter implements Exporter {
  private readonly counters: readonly Counter[];
  private readonly examples: ExampleSeries;

  /** Set where what is counted is the seconds of which a share is bad: those between two scrapes. */
  private readonly secondsEach: number | undefined;

  constructor(examples: ExampleSeries, secondsEach?: number) {
    this.examples = examples;
    this.secondsEach = secondsEach;
    const { good, bad } = examples;
    this.counters = [...new Set([...good, ...bad])].map((series) => {
      const counts = !bad.includes(series) ? "good" : good.includes(series) ? "all" : "bad";
      return { series, counts, value: (events) => this.valueOf(counts, events) };
    });
  }

  /** Cut to three digits, so that no rounding of what is shown is in doubt. */
  beside(limit: number, times: number, scrapes: number): Phase {
    return { scrapes, errorShare: Number(Math.min(limit * times, (limit + 1) / 2).toPrecision(3)) };
  }

  /** Seconds have to come to as many errors as anybody is told of. */
  lasting(limit: number, least: number, most: number, leastErrors: number): number {
    if (this.secondsEach === undefined) return least;
    return Math.min(most, Math.max(least, Math.ceil(leastErrors / (limit * this.secondsEach))));
  }

  errors({ scrapes, errorShare }: Phase): number {
    if (this.secondsEach !== undefined) return errorShare * this.secondsEach * scrapes;
    return Math.round(errorShare * EVENTS) * scrapes;
  }

  traffic(phases: readonly Phase[]): readonly PromtoolSeries[] {
    return [
      ...this.counters.map((counter) => ({ series: counter.series, values: climbing(counter, phases) })),
      ...this.others(),
    ];
  }

  bornFailing(scrapes: number): readonly PromtoolSeries[] {
    return this.withoutSuccess(
      ({ value }) => `${value({ good: 0, bad: 0 })}+${value({ good: 0, bad: EVENTS })}x${scrapes}`,
    );
  }

  lateErrors(errors: number, scrapes: number): readonly PromtoolSeries[] | undefined {
    if (this.secondsEach !== undefined) return undefined;
    return this.withoutSuccess(
      ({ value }) => `${value({ good: 0, bad: 0 })}x${scrapes - 3} ${value({ good: 0, bad: errors })}x2`,
    );
  }

  /** Nothing ever went wrong, so that what counts errors alone is not there either, unless it always is. */
  idle(scrapes: number): readonly PromtoolSeries[] | undefined {
    // The share of nothing is unknown.
    if (this.secondsEach !== undefined) return undefined;
    const { always = [] } = this.examples;
    const there = this.counters.filter(({ series, counts }) => counts !== "bad" || always.includes(series));
    return [
      ...there.map(({ series, value }) => ({ series, values: `${value({ good: 7, bad: 0 })}x${scrapes}` })),
      ...this.others(),
    ];
  }

  /** Series of successes alone do not exist before the first one, unless they always do. */
  private withoutSuccess(values: (counter: Counter) => string): readonly PromtoolSeries[] {
    const { always = [] } = this.examples;
    const input = this.counters.flatMap((counter) => {
      const { series, counts, value } = counter;
      if (counts !== "good") return [{ series, values: values(counter) }];
      return always.includes(series) ? [{ series, values: `${value({ good: 0, bad: 0 })}x${FOREVER}` }] : [];
    });
    return [...input, ...this.others()];
  }

  /** What each series of the examples holds after so many events, for a target of its own; a series of errors alone only if there were some. */
  held(events: Events): readonly { readonly series: string; readonly value: string }[] {
    return this.counters
      .filter(({ counts }) => counts !== "bad" || events.bad > 0)
      .map(({ series, value }) => ({ series, value: value(events) }));
  }

  private others(): PromtoolSeries[] {
    const values = `${this.valueOf("all", { good: 0, bad: 0 })}+${this.valueOf("all", { good: 0, bad: EVENTS })}x${FOREVER}`;
    return (this.examples.others ?? []).map((series) => ({ series, values }));
  }

  private valueOf(counts: Counter["counts"], { good, bad }: Events): string {
    const counted = { good: counts === "bad" ? 0 : good, bad: counts === "good" ? 0 : bad };
    const { native } = this.examples;
    if (native === undefined) return String(counted.good + counted.bad);
    return nativeHistogram([
      [native.good, counted.good],
      [native.bad, counted.bad],
    ]);
  }
}

/** promtool's notation of a counter that climbs by one step in each phase. */
function climbing({ value }: Counter, phases: readonly Phase[]): string {
  let held: Events = { good: BEFORE, bad: BEFORE };
  const parts = [value(held)];
  for (const { scrapes, errorShare, events = EVENTS, lost = false } of phases) {
    const bad = Math.round(errorShare * events);
    const step = { good: events - bad, bad };
    if (scrapes > 0)
      parts.push(lost ? `_x${scrapes}` : climb(value(after(held, step, 1)), value(step), scrapes));
    held = after(held, step, scrapes);
  }
  return parts.join(" ");
}

function climb(first: string, step: string, scrapes: number): string {
  return scrapes === 1 ? first : `${first}+${step}x${scrapes - 1}`;
}

function after({ good, bad }: Events, step: Events, scrapes: number): Events {
  return { good: good + step.good * scrapes, bad: bad + step.bad * scrapes };
}
