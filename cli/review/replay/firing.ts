/** Evaluations at which an expression gave a series, as ranges of their numbers; both ends belong to a range. */
export type Ranges = readonly (readonly [first: number, last: number])[];

/** How a rule turns what its expression gives into an alert that fires. All in seconds. */
export interface Holding {
  /** Between two evaluations. */
  readonly interval: number;
  readonly hold: number;
  readonly keep: number;
}

/** From the first evaluation at which an alert fires to the first at which it does not any more. */
export type Span = readonly [from: number, to: number];

/**
 * When an alert of one series fires: as Prometheus' `AlertingRule.Eval` has it (rules/alerting.go of 3.13). It is pending from the first
 * evaluation that gives the series, and fires at the first that comes `for` after that. It stops at the first that gives nothing, or, with
 * `keep_firing_for`, at the first that comes so long after that one. A series that is gone before it fires starts anew.
 */
export function firingsOf(present: Ranges, { interval, hold, keep }: Holding): readonly Span[] {
  const [held, kept] = [evaluations(hold, interval), evaluations(keep, interval)];
  const spans: Span[] = [];
  let open: { readonly from: number; to: number } | undefined;
  for (const [first, last] of present) {
    const goesOn = open !== undefined && first <= open.to;
    if (open !== undefined && goesOn) {
      open.to = last + 1 + kept;
      continue;
    }
    if (open !== undefined) spans.push([open.from, open.to]);
    open = first + held <= last ? { from: first + held, to: last + 1 + kept } : undefined;
  }
  if (open !== undefined) spans.push([open.from, open.to]);
  return spans;
}

/** So many evaluations after one the time has passed. A float is not taken for one more. */
function evaluations(time: number, interval: number): number {
  return Math.ceil(time / interval - 1e-9);
}
