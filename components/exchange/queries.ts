import { isCounter } from "../signals/counter-names.ts";
import type { CustomEvents } from "../signals/custom.ts";
import { type EventCount, eventQuery } from "../signals/event-rate.ts";
import type { RatioSignal } from "../signals/ratio.ts";
import { counting, isOneSeries, queryMistake, WINDOW } from "../signals/windowed-query.ts";
import { decimal, fraction, ratio, times } from "../slo/fraction.ts";
import { bareSelector, complement, fixedRanges, quotient, withWindow } from "./query-shape.ts";

/** Whether rules can read the query over their windows, and both queries count alike. */
export function isReadable(...queries: readonly string[]): boolean {
  return (
    queries.every((query) => queryMistake(query) === undefined) && new Set(queries.map(counting)).size === 1
  );
}

/** Whether a query has a value for each of several groups, which an objective adds up. */
export function isGrouped(query: string): boolean {
  return !isOneSeries(query);
}

/**
 * The events behind a ratio of errors: a quotient is taken apart, so that every event weighs the same over long windows too.
 * What is no quotient stays a ratio.
 */
export function eventsOfRatio(ratioQuery: string): CustomEvents {
  const query = ratioQuery.trim();
  const errors = quotient(query);
  if (errors && isReadable(errors.numerator, errors.denominator))
    return { errors: errors.numerator, total: errors.denominator };
  const rest = complement(query);
  const good = rest === undefined ? undefined : quotient(rest);
  if (good && isReadable(good.numerator, good.denominator))
    return { good: good.numerator, total: good.denominator };
  return { errorRatio: query };
}

/** The events behind a ratio of successes. */
export function eventsOfSuccessRatio(ratioQuery: string): CustomEvents {
  const query = ratioQuery.trim();
  const good = quotient(query);
  if (good && isReadable(good.numerator, good.denominator))
    return { good: good.numerator, total: good.denominator };
  return { errorRatio: `1 - (${query})` };
}

/** What a signal is measured by, as queries with room for the window. */
export function eventsOf({ total, errors }: RatioSignal): CustomEvents {
  if ("kind" in errors && errors.kind === "share of seconds") return { errorRatio: errors.ratio };
  if ("kind" in errors && errors.kind === "rest") return { good: errors.good, total: errors.total };
  return { errors: asQuery(errors), total: asQuery(total) };
}

function asQuery(count: EventCount): string {
  return "kind" in count && count.kind === "query" ? count.query : eventQuery(count);
}

/** Errors as one query, where a format knows no successes. Without a success there is no series of them. */
export function errorsQuery(events: Exclude<CustomEvents, { readonly errorRatio: string }>): string {
  return "errors" in events
    ? events.errors
    : `(${events.total}) - ((${events.good}) or (${events.total}) * 0)`;
}

/** The counts of a file that knows errors alone: what {@link errorsQuery} made of successes is taken back. */
export function eventsOfCounts(errorsText: string, totalText: string): CustomEvents {
  const [errors, total] = [errorsText.trim(), totalText.trim()];
  const [before, after] = [`(${total}) - ((`, `) or (${total}) * 0)`];
  return errors.startsWith(before) && errors.endsWith(after)
    ? { good: errors.slice(before.length, -after.length), total }
    : { errors, total };
}

/** Events per second of a counter. */
function rateOf(selector: string): string {
  return `sum(rate(${selector}[${WINDOW}]))`;
}

/** The mean of a gauge that is in events per second already. */
function meanOf(selector: string): string {
  return `sum(avg_over_time(${selector}[${WINDOW}]))`;
}

/** A query without room for the window, given that room; `range` is the fixed one that stood there. */
export interface Widened {
  readonly query: string;
  readonly range?: string;
}

/**
 * A query as OpenSLO holds it, with room for the window: a selector becomes its rate or its mean, and a range of fixed length
 * gives way. `undefined` where neither is there.
 */
export function widened(text: string, counter: boolean | undefined): Widened | undefined {
  const query = text.trim();
  if (query.includes("{{")) return { query };
  const selector = bareSelector(query);
  if (selector !== undefined) {
    if (counter ?? isCounter(/^[\w:]*/.exec(selector)?.[0] ?? "")) return { query: rateOf(selector) };
    return counter === false ? { query: meanOf(selector) } : undefined;
  }
  const [range, ...others] = [...new Set(fixedRanges(query))];
  return range !== undefined && others.length === 0 ? { query: withWindow(query), range } : undefined;
}

/** The selector behind {@link rateOf} or {@link meanOf}, and whether it is a counter; `undefined` for any other query. */
export function narrowed(query: string): { readonly query: string; readonly counter: boolean } | undefined {
  const [, name, selector = ""] =
    /^sum\((rate|avg_over_time)\((.*)\[\{\{\.window\}\}\]\)\)$/s.exec(query) ?? [];
  if (name === undefined || bareSelector(selector) !== selector) return undefined;
  return { query: selector, counter: name === "rate" };
}

/** A number of percent as a definition writes it; `undefined` for one that it cannot hold. */
export function percentFrom(number: number): string | undefined {
  const text = String(number);
  return /^\d{1,2}(?:\.\d{1,4})?$/.test(text) ? text : undefined;
}

/** A share from 0 to 1 as percent. */
export function percentFromShare(share: number): string | undefined {
  const text = String(share);
  if (!/^0(?:\.\d{1,6})?$/.test(text)) return undefined;
  return decimal(times(fraction(text), ratio(100, 1)));
}

/** How the series of an imported service are scraped: by whoever wrote its queries. The job is said where all queries ask for one. */
export function scrapeOf(queries: readonly string[]): {
  readonly kind: "elsewhere";
  readonly job?: string;
} {
  const jobs = new Set(
    queries.flatMap((query) => [...query.matchAll(/\bjob\s*=\s*"([^\s"\\{}*]+)"/g)].map(([, job]) => job)),
  );
  const [job] = jobs;
  return { kind: "elsewhere", ...(job !== undefined && jobs.size === 1 && { job }) };
}
