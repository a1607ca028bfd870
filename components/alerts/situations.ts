import { type Duration, seconds } from "../core/duration.ts";
import type {
  AlertCase,
  AlertParameters,
  ExpectedAlert,
  InputSeries,
  Situation,
  Threshold,
} from "./definition.ts";

// The words in which the catalogue writes its cases.

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

/** A stretch of time in which a counter grows evenly. */
interface Stage {
  readonly seconds: number;
  readonly perSecond: number;
}

/** A counter that grows at one pace after the other, and goes on at the last. */
export function staged(
  series: string,
  stages: readonly [Stage, ...Stage[]],
  { scrapeInterval }: AlertParameters,
): InputSeries {
  const step = seconds(scrapeInterval);
  return {
    series,
    values: (count) => {
      const parts: string[] = [];
      let value = 0;
      let left = count;
      for (const [index, stage] of stages.entries()) {
        const growth = tidy(stage.perSecond * step);
        const long = index === stages.length - 1 ? left : Math.min(Math.ceil(stage.seconds / step), left);
        parts.push(long === 0 ? "" : `${value}+${growth}x${long - 1}`);
        value = tidy(value + growth * long);
        left -= long;
      }
      return [...parts.filter((part) => part !== ""), String(value)].join(" ");
    },
  };
}

/** Without the noise of floating point, which would write twenty digits into a test. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

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

/** The scrape, counted from 0, at whose evaluation an alert is due whose condition holds from the second scrape on. */
export function dueScrape({ scrapeInterval, for: held }: AlertParameters): number {
  const step = seconds(scrapeInterval);
  return Math.ceil((step + seconds(held)) / step);
}

/**
 * When a query that looks back over `range` has forgotten a counter that last grew at the scrape with the given number: the sample before
 * that scrape has then left the range.
 */
export function forgets(
  scrape: number,
  range: Duration,
  parameters: AlertParameters,
): NonNullable<Situation["stops"]> {
  const by = atScrape(scrape - 1, parameters) + seconds(range);
  return { after: by - seconds(parameters.scrapeInterval), by };
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

/** The most of so many that may be bad without an alert, where a share of them is tolerated. */
export function tolerated(share: number, of: number): number {
  // A share is rarely exact in binary: 0.29 of 100 would be 28.
  return Math.floor(share * of + 1e-9);
}
