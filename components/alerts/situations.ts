import { type Duration, seconds } from "../core/duration.ts";
import type {
  AlertCase,
  AlertParameters,
  ExpectedAlert,
  InputSeries,
  Situation,
  Threshold,
} from "./definition.ts";

// The functions with which the catalogue describes its cases.

interface Situated {
  readonly series: readonly InputSeries[];
  readonly holdsFrom?: number;
  readonly stops?: Situation["stops"];
}

/** A case in which the alert must fire, for each of `alerts` once. `holdsFrom` is 0 unless given. */
export function fires(
  when: string,
  build: (parameters: AlertParameters) => Situated & { readonly alerts: readonly ExpectedAlert[] },
): AlertCase {
  return {
    title: `fires when ${when}`,
    build: (parameters): Situation => ({ holdsFrom: 0, ...build(parameters) }),
  };
}

/** A case in which the alert must not fire at any checked time. */
export function silent(when: string, build: (parameters: AlertParameters) => Situated): AlertCase {
  return {
    title: `does not fire when ${when}`,
    build: (parameters): Situation => ({ holdsFrom: 0, ...build(parameters), alerts: [] }),
  };
}

/** The same value at every scrape. */
export function steady(series: string, value: number): InputSeries {
  return { series, values: (count) => `${value}x${count}` };
}

/** A value that changes by the same amount at every scrape: a counter, or a disk that fills up. */
export function moving(series: string, start: number, step: number): InputSeries {
  return {
    series,
    values: (count) => `${start}${step < 0 ? "-" : "+"}${Math.abs(step)}x${count}`,
  };
}

/** A counter that starts at 0 and grows by `perSecond`. */
export function counting(
  series: string,
  perSecond: number,
  { scrapeInterval }: AlertParameters,
): InputSeries {
  return moving(series, 0, perSecond * seconds(scrapeInterval));
}

/** A counter that starts at 0 and grows once in `every` seconds: the n-th time, counted from 1, by `amount(n)`. */
export function inBursts(
  series: string,
  every: number,
  amount: (n: number) => number,
  { scrapeInterval }: AlertParameters,
): InputSeries {
  const step = seconds(scrapeInterval);
  const after = (bursts: number) =>
    Array.from({ length: bursts }, (_, index) => amount(index + 1)).reduce((sum, one) => sum + one, 0);
  return {
    series,
    values: (count) =>
      Array.from({ length: count + 1 }, (_, scrape) =>
        Number(after(Math.floor((scrape * step) / every)).toPrecision(12)),
      ).join(" "),
  };
}

/** A time range in which a value changes at a constant rate. */
interface Stage {
  readonly seconds: number;
  readonly perSecond: number;
}

/** A counter that increases at the rate of each stage in turn, and continues at the last rate; or a gauge that also decreases. */
export function staged(
  series: string,
  stages: readonly [Stage, ...Stage[]],
  { scrapeInterval }: AlertParameters,
  start = 0,
): InputSeries {
  const step = seconds(scrapeInterval);
  return {
    series,
    values: (count) => {
      const parts: string[] = [];
      let value = start;
      let left = count;
      for (const [index, stage] of stages.entries()) {
        const growth = tidy(stage.perSecond * step);
        const long = index === stages.length - 1 ? left : Math.min(Math.ceil(stage.seconds / step), left);
        parts.push(long === 0 ? "" : `${value}${growth < 0 ? "-" : "+"}${Math.abs(growth)}x${long - 1}`);
        value = tidy(value + growth * long);
        left -= long;
      }
      return [...parts.filter((part) => part !== ""), String(value)].join(" ");
    },
  };
}

/** So many scrapes, each of which adds so much to a gauge. */
export type Course = readonly [scrapes: number, perScrape: number];

/** A gauge that changes at each course in turn, and continues as in the last one. */
export function coursed(
  series: string,
  start: number,
  courses: readonly Course[],
  parameters: AlertParameters,
): InputSeries {
  const step = seconds(parameters.scrapeInterval);
  const stages = courses.map(
    ([scrapes, perScrape]): Stage => ({ seconds: scrapes * step, perSecond: perScrape / step }),
  );
  return staged(series, [{ seconds: 0, perSecond: 0 }, ...stages], parameters, start);
}

/** A gauge that falls in so many scrapes from one value to another, and then starts again, eight times. */
export function sawTooth(from: number, to: number, period: number): readonly Course[] {
  const fall = Math.round((from - to) / (period - 1));
  const tooth: readonly Course[] = [
    [period - 1, -fall],
    [1, fall * (period - 1)],
  ];
  return Array.from({ length: 8 }, () => tooth).flat();
}

/**
 * A gauge that dips for one scrape of each window of so many, each time to `share` of the dip before. The first dip is to `low`.
 */
export function lowerDips(high: number, low: number, share: number, window: number, scrapes: number): Dips {
  const lows = Array.from({ length: Math.floor(scrapes / window) + 1 }, (_, index) =>
    Math.round(low * share ** index),
  );
  return {
    courses: lows.flatMap((dip): Course[] => [
      [window - 2, 0],
      [1, dip - high],
      [1, high - dip],
    ]),
    last: scrapes % window === window - 1 ? (lows.at(-1) ?? high) : high,
  };
}

interface Dips {
  readonly courses: readonly Course[];
  /** The value at the last scrape. */
  readonly last: number;
}

/** Rounded, because floating-point errors would write twenty digits into a test. */
export function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** A value that jumps once, at the scrape with the given number, which is at least 1 (the first is 0). */
export function jump(series: string, before: number, after: number, scrape: number): InputSeries {
  return {
    series,
    values: (count) =>
      [
        `${before}x${Math.min(scrape - 1, count)}`,
        ...(count < scrape ? [] : [`${after}x${count - scrape}`]),
      ].join(" "),
  };
}

/** Seconds from the start to the second scrape: the first at which a rate exists. */
export function secondScrape({ scrapeInterval }: AlertParameters): number {
  return seconds(scrapeInterval);
}

/** Seconds from the start to the scrape with the given number (the first is 0). */
export function atScrape(scrape: number, { scrapeInterval }: AlertParameters): number {
  return scrape * seconds(scrapeInterval);
}

/** The scrape, counted from 0, at which an alert starts to fire whose condition is true from the second scrape on. */
export function dueScrape({ scrapeInterval, for: held }: AlertParameters): number {
  const step = seconds(scrapeInterval);
  return Math.ceil((step + seconds(held)) / step);
}

/**
 * When a query over `range` no longer sees the last increase of a counter, which was at the scrape with the given number: the sample
 * before that scrape has then left the range.
 */
export function forgets(
  scrape: number,
  range: Duration,
  parameters: AlertParameters,
): NonNullable<Situation["stops"]> {
  const by = atScrape(scrape - 1, parameters) + seconds(range);
  return { after: by - seconds(parameters.scrapeInterval), by };
}

/** The same for an alert that keeps firing for so long after its condition is false. */
export function kept(
  { after, by }: NonNullable<Situation["stops"]>,
  keepFiringFor: Duration,
  { scrapeInterval }: AlertParameters,
): NonNullable<Situation["stops"]> {
  const step = seconds(scrapeInterval);
  const longer = Math.ceil(seconds(keepFiringFor) / step) * step;
  return { after: after + longer, by: by + longer };
}

/** A value on the bad side of the limit, at most 10% away from it: the alert must fire. */
export function beyond(limit: Threshold, { threshold }: AlertParameters): number {
  if (limit.comparison === "below") return below(threshold, limit);
  return limit.comparison === "at-least" ? threshold : above(threshold, limit);
}

/** A value on the good side of the limit, at most 10% away from it: the alert must not fire. */
export function within(limit: Threshold, { threshold }: AlertParameters): number {
  if (limit.comparison === "below") return above(threshold, limit);
  return limit.comparison === "at-least" ? threshold - 1 : below(threshold, limit);
}

function above(threshold: number, { unit }: Threshold): number {
  if (unit === "count") return threshold + 1;
  // A share is at most 1: above 0.9, take half of the distance to 1.
  const step = unit === "share" ? Math.min(threshold / 10, (1 - threshold) / 2) : threshold / 10;
  return Number((threshold + step).toPrecision(4));
}

function below(threshold: number, { unit }: Threshold): number {
  return unit === "count" ? threshold - 1 : Number((threshold * 0.9).toPrecision(4));
}

/** The largest number out of `of` that may be bad without an alert, where `share` is the limit. */
export function tolerated(share: number, of: number): number {
  // A share is rarely exact in binary: floor(0.29 * 100) would be 28.
  return Math.floor(share * of + 1e-9);
}
