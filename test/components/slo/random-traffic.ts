import * as fc from "fast-check";
import { nativeHistogram } from "../../../components/signals/histogram.ts";
import type { ExampleSeries, SampledExamples } from "../../../components/signals/ratio.ts";

// Traffic as no one would think of it: pods that are born, restart, vanish and come back, scrapes that are lost, bursts and silence.

/** What one pod counts in one scrape; undefined where it is not scraped. */
type Scrape = { readonly good: number; readonly bad: number } | undefined;

/** A pod's counters, scrape by scrape. */
export type Pod = readonly Scrape[];

interface Stretch {
  readonly scrapes: number;
  /** Events of each scrape. */
  readonly good: number;
  readonly bad: number;
  readonly ends: "goes on" | "restarts" | "loses scrapes" | "is away";
  /** Scrapes that are lost, or that it is away for. */
  readonly without: number;
}

const amount = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 2_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1_000_000, max: 1_000_000_000 }) },
);

interface Limits {
  readonly good: fc.Arbitrary<number>;
  readonly bad: fc.Arbitrary<number>;
  readonly ends: readonly Stretch["ends"][];
  readonly without: number;
}

function stretch({ good, bad, ends, without }: Limits): fc.Arbitrary<Stretch> {
  return fc.record({
    scrapes: fc.integer({ min: 1, max: 200 }),
    good,
    bad,
    ends: fc.constantFrom(...ends),
    without: fc.integer({ min: 1, max: without }),
  });
}

/** The counters of a pod whose life begins after so many scrapes and repeats its stretches to the end. */
function live(birth: number, before: number, stretches: readonly Stretch[], length: number): Pod {
  const scrapes: Scrape[] = Array.from({ length: birth }, () => undefined);
  let held = { good: before, bad: before };
  while (scrapes.length < length)
    for (const { scrapes: amountOf, good, bad, ends, without } of stretches) {
      for (let scrape = 0; scrape < amountOf; scrape++) {
        held = { good: held.good + good, bad: held.bad + bad };
        scrapes.push(held);
      }
      if (ends === "loses scrapes" || ends === "is away")
        for (let lost = 0; lost < without; lost++) {
          held = { good: held.good + good, bad: held.bad + bad };
          scrapes.push(undefined);
        }
      if (ends === "restarts" || ends === "is away") held = { good: 0, bad: 0 };
    }
  return scrapes.slice(0, length);
}

function pod(limits: Limits, length: number, births: number): fc.Arbitrary<Pod> {
  return fc
    .tuple(
      fc.integer({ min: 0, max: births }),
      fc.constantFrom(0, 7, 1_000_000),
      fc.array(stretch(limits), { minLength: 1, maxLength: 8 }),
    )
    .map(([birth, before, stretches]) => live(birth, before, stretches, length));
}

/** Anything at all, from one to three pods. */
export const anything = (length: number): fc.Arbitrary<readonly Pod[]> =>
  fc.array(
    pod(
      {
        good: amount,
        bad: amount,
        ends: ["goes on", "restarts", "loses scrapes", "is away"],
        without: 60,
      },
      length,
      Math.floor(length / 2),
    ),
    { minLength: 1, maxLength: 3 },
  );

const NOTHING = fc.constant(0);

/** Pods that are there and do nothing: they restart, and a scrape or two is lost. */
export const idle = (length: number): fc.Arbitrary<readonly Pod[]> =>
  fc.array(
    pod(
      { good: NOTHING, bad: NOTHING, ends: ["goes on", "restarts", "loses scrapes"], without: 2 },
      length,
      0,
    ),
    { minLength: 1, maxLength: 3 },
  );

/** Pods that serve well and then are gone for good, all at once; or never were. */
export const vanishing = (length: number): fc.Arbitrary<readonly Pod[]> =>
  fc
    .tuple(
      fc.array(pod({ good: amount, bad: NOTHING, ends: ["goes on", "restarts"], without: 1 }, length, 20), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.oneof(fc.constant(0), fc.integer({ min: 100, max: length - 100 })),
    )
    .map(([pods, end]) =>
      pods.map((each) => each.map((scrape, index) => (index < end ? scrape : undefined))),
    );

/** When the scrapes are, in Unix seconds. */
export interface Times {
  readonly start: number;
  readonly step: number;
}

/** The series of some pods in promtool's notation, by the series that an event of each kind adds to. */
export function seriesOf(pods: readonly Pod[], examples: ExampleSeries, times: Times): readonly string[] {
  const { sampled } = examples;
  const lines = sampled === undefined ? counted(pods, examples) : looks(pods, examples.good, sampled, times);
  // A series is there from its first sample on.
  return lines.filter(({ values }) => values.some((each) => each !== "_")).map(written);
}

interface Line {
  readonly series: string;
  readonly values: readonly string[];
}

const written = ({ series, values }: Line) => `${series} ${values.join(" ")}`;

function counted(pods: readonly Pod[], { good, bad, native }: ExampleSeries): readonly Line[] {
  return pods.flatMap((scrapes, number) =>
    [...new Set([...good, ...bad])].map((series) => {
      const value = (scrape: Scrape) => {
        if (scrape === undefined) return "_";
        const held = {
          good: good.includes(series) ? scrape.good : 0,
          bad: bad.includes(series) ? scrape.bad : 0,
        };
        if (native === undefined) return String(held.good + held.bad);
        return nativeHistogram([
          [native.good, held.good],
          [native.bad, held.bad],
        ]);
      };
      return { series: series.replace('pod="a"', `pod="pod-${number}"`), values: scrapes.map(value) };
    }),
  );
}

/** Gauges of one target each: a scrape of a pod that counts errors is a bad look, and any other a good one. */
function looks(
  pods: readonly Pod[],
  gauges: readonly string[],
  { good, bad, since }: SampledExamples,
  { start, step }: Times,
): readonly Line[] {
  return gauges.map((series, number) => {
    const scrapes = pods[number % pods.length] ?? [];
    let before = Number.POSITIVE_INFINITY;
    const values = scrapes.map((scrape, index) => {
      if (scrape === undefined) return "_";
      const value = scrape.bad > before ? bad : good;
      before = scrape.bad;
      return String(since ? start + index * step - value : value);
    });
    return { series, values };
  });
}
