import type { PromtoolSeries } from "../../core/promtool.ts";

/** A stretch of traffic: how long, and what share of the events goes wrong. */
export interface Phase {
  readonly scrapes: number;
  readonly errorShare: number;
  /** Events of each scrape. Default: as many as make any share of them a whole number. */
  readonly events?: number;
  /** Set where none of the scrapes succeeds. What was counted meanwhile shows in the next one that does. */
  readonly lost?: true;
}

/** Turns what happened into the series that tell of it, by one way of telling. */
export interface Exporter {
  /**
   * A share of errors for so many scrapes that is `times` the limit, or as near to that as can be told. Above the limit it comes to
   * `leastErrors` at least.
   */
  beside(limit: number, times: number, scrapes: number, leastErrors: number): Phase;
  /** The number of scrapes, from `least` up to `most`, in which shares near the limit can be told. */
  lasting(limit: number, least: number, most: number, leastErrors: number): number;
  /** How many events go wrong in a phase. */
  errors(phase: Phase): number;
  /** Traffic of one phase after the other, by an exporter that has been there for long. */
  traffic(phases: readonly Phase[]): readonly PromtoolSeries[];
  /** Nothing but errors, from the first scrape of the first target on. */
  bornFailing(scrapes: number): readonly PromtoolSeries[];
  /** Nothing but so many errors, at the end of so many scrapes; none where errors are no events of their own. */
  lateErrors(errors: number, scrapes: number): readonly PromtoolSeries[] | undefined;
  /** Series that are there while nothing happens; none where each scrape is itself an event. */
  idle(scrapes: number): readonly PromtoolSeries[] | undefined;
}
