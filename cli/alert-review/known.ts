import { type Connection, QueryRefused } from "../verify/connection.ts";

const HOUR = 3600;
/** A range query has at most 11,000 points. */
const MOST_POINTS = 10_000;

/**
 * The share of a period, from 0 to 1, at which a server has the series `up`: it scraped then, and evaluated rules. Looked at once an hour, in less than a
 * day 24 times, each with the five minutes that a query looks back. Undefined: it never has that series, or refuses the query.
 */
export async function knownShare({ ask }: Connection, from: number, to: number): Promise<number | undefined> {
  const step = Math.max(Math.min(HOUR, (to - from) / 24), Math.ceil((to - from) / MOST_POINTS));
  const start = from + step;
  try {
    const { result } = await ask<{ readonly result: readonly { readonly values?: readonly unknown[] }[] }>(
      "query_range",
      { query: "count(up)", start: start.toFixed(3), end: to.toFixed(3), step: String(step) },
    );
    const found = result[0]?.values?.length ?? 0;
    return found === 0 ? undefined : Math.min(1, found / (Math.floor((to - start) / step) + 1));
  } catch (error) {
    if (error instanceof QueryRefused) return undefined;
    throw error;
  }
}
