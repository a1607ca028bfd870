import { type Duration, seconds } from "../../core/duration.ts";
import type { Phase } from "./exporter.ts";

/** Events of a quiet stretch: so many that the strictest objective lets whole events of them fail. */
export const QUIET = 1_000_000_000;

/** So many events at once that whatever else a window holds is next to nothing. */
export const FLOOD = 1_000_000 * QUIET;

/** How many events there were, and how many of them were bad. */
interface Happened {
  readonly all: number;
  readonly bad: number;
}

/**
 * What happened, one evaluation after the other, and what a window holds of it at any moment. Between two evaluations lie one
 * scrape, or an hour, or a day of them.
 */
export class Timeline {
  readonly phases: Phase[] = [];
  /** Between two evaluations. */
  readonly unit: Duration;

  constructor(unit: Duration) {
    this.unit = unit;
  }

  /** Evaluations so far. */
  get now(): number {
    return this.phases.reduce((sum, { scrapes }) => sum + scrapes, 0);
  }

  /** Evaluations at the beginning of which nothing is known. */
  get unseen(): number {
    const [first] = this.phases;
    return first?.lost ? first.scrapes : 0;
  }

  /** Lets so many evaluations pass, each with so many events of which this share is bad. */
  passes(evaluations: number, events: number, errorShare = 0): void {
    // A whole number of events fails, and it is these that windows are held against.
    const bad = Math.round(errorShare * events);
    this.phases.push({ scrapes: evaluations, events, errorShare: events === 0 ? 0 : bad / events });
  }

  /** Lets so many evaluations pass before anything is known of. */
  passesUnseen(evaluations: number): void {
    this.phases.push({ scrapes: evaluations, events: 0, errorShare: 0, lost: true });
  }

  /** Lets so many evaluations pass without a scrape that succeeds, while as many events go on as in each before. */
  losesScrapes(evaluations: number): void {
    const { events = 0, errorShare } = this.phases.at(-1) ?? { errorShare: 0 };
    this.phases.push({ scrapes: evaluations, events, errorShare, lost: true });
  }

  /** Evaluations that a window is long; the shortest windows of a slow timeline hold the newest one. */
  lengthOf(window: Duration): number {
    return Math.max(1, Math.ceil(seconds(window) / seconds(this.unit)));
  }

  /** Events within a window that ends at an evaluation, by default the newest. */
  within(window: Duration, at = this.now): Happened {
    return this.after(at - this.lengthOf(window), at);
  }

  /** Events after one evaluation, up to another. */
  after(first: number, at: number): Happened {
    const held = { all: 0, bad: 0 };
    let before = 0;
    for (const { scrapes, events = 0, errorShare } of this.phases) {
      const end = before + scrapes;
      const amount = Math.max(0, Math.min(end, at) - Math.max(before, first));
      held.all += amount * events;
      held.bad += amount * Math.round(errorShare * events);
      before = end;
    }
    return held;
  }

  /** The share of a window's events that are bad; none where there are no events. */
  share(window: Duration, at = this.now): number {
    const { all, bad } = this.within(window, at);
    return all === 0 ? 0 : bad / all;
  }

  /** The phases scrape by scrape. Where many lie between two evaluations, only the last two are there to be counted by. */
  scrapes(interval: Duration): readonly Phase[] {
    const each = Math.round(seconds(this.unit) / seconds(interval));
    if (each === 1) return this.phases;
    return this.phases.flatMap(({ scrapes, ...phase }) => {
      if (phase.lost) return [{ ...phase, scrapes: each * scrapes }];
      return Array.from({ length: scrapes }, (): Phase[] => [
        { scrapes: each - 2, errorShare: 0, events: 0, lost: true },
        { scrapes: 1, errorShare: 0, events: 0 },
        { ...phase, scrapes: 1 },
      ]).flat();
    });
  }
}
