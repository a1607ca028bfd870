import { BEFORE, SCRAPES } from "./control-plane-hour.ts";
import { HOUR, SCRAPE } from "./incident.ts";

// Time as the recording counts it: seconds from the start of the hour, one scrape each half a minute.

/** Days of healthy history that are scraped. What was recorded in the days before that, the period of an objective, is written as it would be. */
const HISTORY_DAYS = 1;
const RECORDED_DAYS = 30;

/** Scrapes from the start of the scraped history to the end of the hour. */
const ALL_SCRAPES = (HISTORY_DAYS * 86_400 + HOUR * 60) / SCRAPE + 1;
/** Evaluations from the start of the recorded history to the first scrape. */
const PAST_EVALUATIONS = ((RECORDED_DAYS - HISTORY_DAYS) * 86_400) / SCRAPE;

/** Seconds from the start of the hour to that of the recorded history. */
export const RECORDED_FROM = -RECORDED_DAYS * 86_400;

/** Seconds from the start of the hour, of each scrape of the whole history. */
export const MOMENTS: readonly number[] = Array.from(
  { length: ALL_SCRAPES },
  (_, index) => (index - ALL_SCRAPES + 1) * SCRAPE + HOUR * 60,
);

/** Those of them that the control plane lived through. */
export const LIVED: readonly number[] = MOMENTS.slice(-SCRAPES);

/** Seconds from the start of the hour to the first scrape that the control plane lived through. */
export const LIVED_FROM = -BEFORE * 60;

/** A series: a value for each of the last scrapes, as many as it has; null where there is none. A text is a native histogram. */
export interface Line {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (number | string | null)[];
}

/** A record in promtool's notation, which had one value for so many evaluations up to the first scrape; by default for all of them. */
export function pastRecord(labels: Line["labels"], value: number, evaluations = PAST_EVALUATIONS): string {
  const missing = PAST_EVALUATIONS - evaluations;
  return `${selectorOf(labels)}${missing > 0 ? ` _x${missing}` : ""} ${value.toFixed(12)}x${evaluations - 1}`;
}

function selectorOf({ __name__: name = "", ...labels }: Line["labels"]): string {
  const text = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${text.join(",")}}`;
}

/** The line in promtool's notation, from the start of the recorded history on. */
export function notationOf({ labels, values }: Line): string {
  const runs: string[] = [`_x${PAST_EVALUATIONS + ALL_SCRAPES - values.length}`];
  for (let from = 0; from < values.length; ) {
    const value = values[from] ?? null;
    let to = from + 1;
    while (to < values.length && (values[to] ?? null) === value) to++;
    const length = to - from;
    runs.push(value === null ? staleOrMissing(from, length) : repeated(value, length));
    from = to;
  }
  return `${selectorOf(labels)} ${runs.join(" ")}`;
}

/** A series that ends is marked stale, as Prometheus marks one that is gone from its target. */
function staleOrMissing(from: number, length: number): string {
  if (from === 0) return `_x${length}`;
  return length === 1 ? "stale" : `stale _x${length - 1}`;
}

function repeated(value: number | string, length: number): string {
  const text = typeof value === "string" ? value : decimal(value);
  return length === 1 || typeof value === "string"
    ? Array.from({ length }, () => text).join(" ")
    : `${text}x${length - 1}`;
}

/** promtool's notation knows no exponents. */
function decimal(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "Inf" : "-Inf";
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(9).replace(/0+$/, "");
}

/** What a counter counts whose rate is `perSecond` at each moment, in whole numbers. */
export function counted(perSecond: (second: number) => number, moments: readonly number[]): number[] {
  let sum = 0;
  return moments.map((second) => {
    sum += perSecond(second) * SCRAPE;
    return Math.floor(sum);
  });
}

/** The same, where the counter counts seconds or shares of things. */
export function summed(perSecond: (second: number) => number, moments: readonly number[]): number[] {
  let sum = 0;
  return moments.map((second) => {
    sum += perSecond(second) * SCRAPE;
    return Number(sum.toFixed(6));
  });
}

/** The value at each scrape of the hour from its number. */
export function each<T>(value: (index: number) => T): T[] {
  return LIVED.map((_, index) => value(index));
}
