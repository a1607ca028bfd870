import { type InstantVector, or, type Selector } from "./promql.ts";

/** Counters that one selector selects, or any of several. A series that two of them select counts once. */
export type Counters = Selector | { readonly anyOf: readonly Selector[] };

/** The selectors of counters. */
export function selectorsOf(counters: Counters): readonly Selector[] {
  return "anyOf" in counters ? counters.anyOf : [counters];
}

/** A vector of each selector, as one: a series that two of them have is there once. */
export function eitherOf(counters: Counters, of: (selector: Selector) => InstantVector): InstantVector {
  const [first, ...others] = selectorsOf(counters).map(of);
  return or(first as InstantVector, ...others);
}
