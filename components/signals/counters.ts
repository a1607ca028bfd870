import { type InstantVector, labelled, or, type Selector } from "./promql.ts";

/**
 * Counters that one selector selects, or any of several. A series that two of them select counts once; metrics of different names are
 * series of their own.
 */
export type Counters = Selector | { readonly anyOf: readonly Selector[] };

/** The selectors of counters. */
export function selectorsOf(counters: Counters): readonly Selector[] {
  return "anyOf" in counters ? counters.anyOf : [counters];
}

/** Tells metrics apart in a vector of several: without it, those with the same labels would be one series. */
const COUNTER = "counter";

/** A vector of each selector, as one: a series that two of them have is there once. */
export function eitherOf(counters: Counters, of: (selector: Selector) => InstantVector): InstantVector {
  const selectors = selectorsOf(counters);
  const areOfOneMetric = new Set(selectors.map(({ metric }) => metric)).size === 1;
  const [first, ...others] = selectors.map((selector) =>
    areOfOneMetric ? of(selector) : labelled(of(selector), COUNTER, selector.metric),
  );
  return or(first as InstantVector, ...others);
}
