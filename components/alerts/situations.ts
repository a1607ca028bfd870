import { seconds } from "../core/duration.ts";
import type {
  AlertCase,
  AlertParameters,
  ExpectedAlert,
  InputSeries,
  Situation,
  Threshold,
} from "./definition.ts";

// The words in which the catalogue writes its cases.

const HOUR = 3600;
const FIVE_MINUTES = 300;

interface Situated {
  readonly series: readonly InputSeries[];
  readonly holdsFrom?: number;
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

/** A case in which the alert must not fire, however long one looks. */
export function silent(when: string, build: (parameters: AlertParameters) => Situated): AlertCase {
  return {
    title: `stays silent when ${when}`,
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

/** A counter that grows by `usual` per second, but by `during` for five minutes after the first hour. */
export function burst(
  series: string,
  usual: number,
  during: number,
  { scrapeInterval }: AlertParameters,
): InputSeries {
  const step = seconds(scrapeInterval);
  const before = Math.ceil(HOUR / step);
  const long = Math.ceil(FIVE_MINUTES / step);
  const peak = usual * step * before;
  const after = peak + during * step * long;
  return {
    series,
    values: (count) =>
      [
        `0+${usual * step}x${before}`,
        `${peak + during * step}+${during * step}x${long - 1}`,
        `${after + usual * step}+${usual * step}x${Math.max(count - before - long, 1)}`,
      ].join(" "),
  };
}

/** Seconds from the start to the middle of a {@link burst}. */
export const DURING_BURST = 3600 + 240;

/** A value that jumps once, at the scrape with the given number (the first is 0). */
export function jump(series: string, before: number, after: number, scrape: number): InputSeries {
  return {
    series,
    values: (count) => `${before}x${scrape - 1} ${after}x${Math.max(count - scrape, 0)}`,
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

/** A value on the bad side of the limit, a tenth away from it at most: what the alert has to notice. */
export function beyond(limit: Threshold, { threshold }: AlertParameters): number {
  if (limit.comparison === "below") return below(threshold, limit);
  return limit.comparison === "at-least" ? threshold : above(threshold, limit);
}

/** A value on the good side of the limit, a tenth away from it at most: what the alert has to bear. */
export function within(limit: Threshold, { threshold }: AlertParameters): number {
  if (limit.comparison === "below") return above(threshold, limit);
  return limit.comparison === "at-least" ? threshold - 1 : below(threshold, limit);
}

function above(threshold: number, { unit }: Threshold): number {
  if (unit === "count") return threshold + 1;
  // A share ends at 1: what is nearer to it than a tenth goes half of the way.
  const step = unit === "share" ? Math.min(threshold / 10, (1 - threshold) / 2) : threshold / 10;
  return Number((threshold + step).toPrecision(4));
}

function below(threshold: number, { unit }: Threshold): number {
  return unit === "count" ? threshold - 1 : Number((threshold * 0.9).toPrecision(4));
}
