import { seconds } from "../../components/core/duration.ts";
import { limitOf, pairsOf } from "../../components/slo/alerts.ts";
import type { RecordedFiring } from "../alert-review/firings.ts";
import type { Connection } from "../verify/connection.ts";
import { type Events, type Hour, type RecordedObjective, stepsBetween } from "./events.ts";
import type { Page } from "./result.ts";

/** Of an objective's pairs that page: the error ratio above which it burns too fast, and the long window in seconds. */
function limitsOf({ percent, period }: RecordedObjective) {
  return pairsOf("fastBurn").map((pair) => ({
    limit: Number(limitOf({ period, objective: String(percent) }, pair)),
    long: seconds(pair.long),
  }));
}

/** Errors that end for so long are over: the short window of the page, in seconds. */
const PAUSE = 300;
/** Fewer errors than these may be below the floor under which nothing pages. */
const FEW = 10;
/** Traffic that differs by more is not steady. */
const STEADY = 0.25;

/**
 * How long a page took, from the first step with errors above its limit, beside what is promised for errors that set in at that ratio at
 * once, in steady traffic and without errors before.
 */
export async function measuredPage(
  connection: Connection,
  objective: RecordedObjective,
  firing: RecordedFiring,
): Promise<Page> {
  const limits = limitsOf(objective);
  const longest = Math.max(...limits.map(({ long }) => long));
  const from = firing.from - 2 * longest;
  const steps = await stepsBetween(connection, objective, from, firing.from);
  const least = Math.min(...limits.map(({ limit }) => limit));
  const began = beginning(steps, least, firing.from);
  const at = moment(firing.from);
  const unknown = { at, began: null, seconds: null, errorRatio: null, promised: null };
  if (firing.isCutBefore)
    return { ...unknown, verdict: "not comparable", why: "it fired before the month began" };
  if (began === undefined)
    return { ...unknown, verdict: "not comparable", why: "no step before it is above the limit" };
  // A step is what was counted since the one before.
  const start = began - objective.interval;
  const burst = sumOf(steps.filter((step) => step.at >= began));
  const before = steps.filter((step) => step.at < began && step.at >= began - longest);
  const errorRatio = burst.total === 0 ? 0 : burst.errors / burst.total;
  const promises = limits
    .filter(({ limit }) => errorRatio > limit)
    .map(({ limit, long }) => (limit * long) / errorRatio + 2 * objective.interval);
  const promised = promises.length === 0 ? null : Math.min(...promises);
  const took = firing.from - start;
  const why = whyNot(burst, before, steps.length, errorRatio, objective, took);
  const verdict =
    promised === null || (why !== null && took > promised)
      ? "not comparable"
      : took <= promised
        ? "kept"
        : "broken";
  return {
    at,
    began: moment(start),
    seconds: took,
    errorRatio,
    promised,
    verdict,
    why: verdict !== "not comparable" ? null : (why ?? "at that ratio no page is promised"),
  };
}

/** The first step of the errors that led to a moment; steps below the limit may be between them, if they are few. */
function beginning(
  steps: readonly (Events & { readonly at: number })[],
  limit: number,
  to: number,
): number | undefined {
  let first: number | undefined;
  for (const { at, total, errors } of steps.toReversed()) {
    if ((first ?? to) - at > PAUSE) break;
    if (total > 0 && errors / total > limit) first = at;
  }
  return first;
}

/** Why a page that came late says nothing about the promise; null: it does. */
function whyNot(
  burst: Events,
  before: readonly Events[],
  known: number,
  errorRatio: number,
  { interval }: RecordedObjective,
  took: number,
): string | null {
  if (burst.errors * interval < FEW) return "too few errors: a page waits for the fifth";
  if (known === 0) return "no steps are recorded";
  const earlier = sumOf(before);
  const perStep = before.length === 0 ? 0 : earlier.total / before.length;
  const during = (burst.total * interval) / Math.max(interval, took);
  if (Math.abs(during / perStep - 1) > STEADY) return "the traffic was not steady";
  return earlier.errors > 0.1 * errorRatio * earlier.total ? "there were errors before" : null;
}

function sumOf(steps: readonly Events[]): Events {
  return steps.reduce(
    (sum, { total, errors }) => ({ total: sum.total + total, errors: sum.errors + errors }),
    { total: 0, errors: 0 },
  );
}

/**
 * Hours that are half as bad again as what pages in an hour, and in which no page fired: when they began. So much above, the page is due whatever
 * the order of events within the hour was.
 */
export function missedPages(
  objective: RecordedObjective,
  hours: readonly Hour[],
  firings: readonly RecordedFiring[],
): readonly string[] {
  const [first] = limitsOf(objective).toSorted((a, b) => a.long - b.long);
  if (first === undefined) return [];
  return hours
    .filter(
      ({ from, to, total, errors }) =>
        errors >= FEW &&
        errors > 1.5 * first.limit * total &&
        !firings.some((firing) => firing.from <= to && firing.to >= from),
    )
    .map(({ from }) => moment(from));
}

function moment(at: number): string {
  return new Date(at * 1000).toISOString();
}
