import { type Connection, QueryRefused } from "../../verify/connection.ts";
import type { Ranges } from "./firing.ts";

/** When something is evaluated: `count` times, every `step` seconds from `start` on, in Unix seconds. */
export interface Grid {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** The evaluations within a stretch of time that come every `step` seconds and `offset` seconds after a multiple of that. */
export function gridWithin(from: number, to: number, step: number, offset: number): Grid {
  const start = Math.ceil((from - offset) / step) * step + offset;
  return { start, step, count: Math.max(0, Math.floor((to - start) / step) + 1) };
}

/** The series with its labels, and when an expression gave it. */
export interface Presence {
  readonly labels: Readonly<Record<string, string>>;
  readonly ranges: Ranges;
}

/** A part of a series: what an expression gave at some evaluations, by their numbers. */
export interface Part {
  readonly labels: Readonly<Record<string, string>>;
  readonly at: readonly number[];
  readonly values: readonly number[];
}

/** Prometheus answers with at most 11,000 evaluations; fewer keep an answer with many series small. */
const AT_ONCE = 5_000;
/** A query that is refused for so few evaluations is refused for another reason than its size. */
const FEWEST = 20;

/** Evaluates an expression at every evaluation of a grid, part after part in the order of time. */
export async function* evaluated(
  { ask }: Connection,
  expr: string,
  grid: Grid,
): AsyncGenerator<{ readonly first: number; readonly count: number; readonly parts: readonly Part[] }> {
  let [first, most] = [0, AT_ONCE];
  while (first < grid.count) {
    const count = Math.min(most, grid.count - first);
    try {
      yield { first, count, parts: await partsOf(ask, expr, grid, first, count) };
    } catch (error) {
      if (!(error instanceof QueryRefused) || count <= FEWEST) throw error;
      most = Math.ceil(count / 4);
      continue;
    }
    first += count;
  }
}

async function partsOf(
  ask: Connection["ask"],
  query: string,
  { start, step }: Grid,
  first: number,
  count: number,
): Promise<readonly Part[]> {
  const from = start + first * step;
  const { result } = await ask<{
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly values?: readonly (readonly [number, string])[];
    }[];
  }>("query_range", {
    query,
    start: from.toFixed(3),
    end: (from + (count - 1) * step).toFixed(3),
    step: String(step),
  });
  return result.map(({ metric, values = [] }) => ({
    labels: metric,
    at: values.map(([time]) => Math.round((time - start) / step)),
    values: values.map(([, value]) => number(value)),
  }));
}

function number(text: string): number {
  return text === "+Inf"
    ? Number.POSITIVE_INFINITY
    : text === "-Inf"
      ? Number.NEGATIVE_INFINITY
      : Number(text);
}

/** When an expression gives which series; `without` are labels that do not count. */
export async function presenceOf(
  connection: Connection,
  expr: string,
  grid: Grid,
  without: ReadonlySet<string> = new Set(["__name__"]),
): Promise<readonly Presence[]> {
  const found = new Map<string, { readonly labels: Part["labels"]; readonly ranges: [number, number][] }>();
  for await (const { parts } of evaluated(connection, expr, grid))
    for (const { labels, at } of parts) {
      const kept = Object.fromEntries(
        Object.entries(labels)
          .filter(([name]) => !without.has(name))
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      );
      const key = JSON.stringify(kept);
      const series = found.get(key) ?? { labels: kept, ranges: [] };
      found.set(key, series);
      for (const index of at) {
        const last = series.ranges.at(-1);
        if (last !== undefined && index <= last[1] + 1) last[1] = Math.max(last[1], index);
        else series.ranges.push([index, index]);
      }
    }
  return [...found.values()];
}
