/** A series as `promtool test rules` reads it. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/** A stretch of traffic: how long, and what share of the events goes wrong. */
export interface Phase {
  readonly scrapes: number;
  readonly errorShare: number;
}

/** A share of errors beside a limit, and for how many scrapes it has to hold to come out as that share. */
export type Beside = Phase;

/** Turns what happened into the series that tell of it, by one way of telling. */
export interface Exporter {
  /** A share that is `times` the limit or as near to it as can be told, in at least so many scrapes. */
  beside(limit: number, times: number, scrapes: number): Beside;
  /** Traffic of one phase after the other, by an exporter that has been there for long. */
  traffic(phases: readonly Phase[]): readonly InputSeries[];
  /** Nothing but errors, from the first scrape of the first target on. */
  bornFailing(scrapes: number): readonly InputSeries[];
  /** Nothing but so many errors, at the end of so many scrapes. */
  lateErrors(errors: number, scrapes: number): readonly InputSeries[];
  /** Series that are there while nothing happens; none where each scrape is itself an event. */
  idle(scrapes: number): readonly InputSeries[] | undefined;
}
