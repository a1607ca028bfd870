import { type Duration, seconds } from "../../core/duration.ts";
import type { PromtoolSeries } from "../../core/promtool.ts";
import type { ExampleSeries, SampledExamples } from "../../signals/ratio.ts";
import type { Exporter, Phase } from "./exporter.ts";

/** What a scrape sees; undefined where there is nothing to see yet. */
type Check = "good" | "bad" | undefined;

/** Scrapes in a row that see the same. */
interface Run {
  readonly check: Check;
  readonly scrapes: number;
}

/** Scrapes in a row that see as many errors. */
interface Seen {
  readonly errors: number | undefined;
  readonly scrapes: number;
}

const UNSEEN: Run = { check: undefined, scrapes: 1 };

/** For longer than any case lasts. */
const FOREVER = 10_000;

/** How far beside its limit a share may lie that stands for one near it. */
const NEAR = 0.25;

/** Gauges, of which each scrape is an event. Shares of errors are then shares of scrapes, and there are only so many of them. */
export class SamplingExporter implements Exporter {
  private readonly examples: ExampleSeries;
  private readonly values: SampledExamples;
  private readonly interval: number;

  constructor(examples: ExampleSeries, values: SampledExamples, scrapeInterval: Duration) {
    this.examples = examples;
    this.values = values;
    this.interval = seconds(scrapeInterval);
  }

  /** The whole number of errors that lies nearest, and beyond the limit on the same side. */
  beside(limit: number, times: number, scrapes: number, leastErrors: number): Phase {
    const checks = scrapes * this.series.length;
    const wanted = Math.round(limit * times * checks);
    const errors =
      times > 1
        ? Math.max(wanted, Math.floor(limit * checks) + 1, leastErrors)
        : Math.min(wanted, Math.ceil(limit * checks) - 1);
    return { scrapes, errorShare: Math.min(1, errors / checks) };
  }

  /** Until a whole number of errors comes near the limit on either side. */
  lasting(limit: number, least: number, most: number, leastErrors: number): number {
    const isNear = (scrapes: number) => {
      const share = limit * scrapes * this.series.length;
      return (
        Math.max(Math.floor(share) + 1, leastErrors) <= share * (1 + NEAR) &&
        Math.ceil(share) - 1 >= share * (1 - NEAR)
      );
    };
    let scrapes = least;
    while (scrapes < most && !isNear(scrapes)) scrapes = Math.min(most, scrapes + least);
    return scrapes;
  }

  errors({ scrapes, errorShare }: Phase): number {
    return Math.round(errorShare * scrapes * this.series.length);
  }

  traffic(phases: readonly Phase[]): readonly PromtoolSeries[] {
    const seen = phases.map((phase) => seenIn(phase, this.errors(phase)));
    return [
      // The first scrape sees nothing yet: a case counts whole steps.
      ...this.series.map((series, index) => ({
        series,
        values: this.notation([
          UNSEEN,
          ...seen.flatMap((stretches) =>
            stretches.map(({ errors, scrapes }) => ({ check: checkOf(index, errors), scrapes })),
          ),
        ]),
      })),
      ...this.others(),
    ];
  }

  bornFailing(scrapes: number): readonly PromtoolSeries[] {
    return this.series.map((series) => ({
      series,
      values: this.notation([UNSEEN, { check: "bad", scrapes }]),
    }));
  }

  lateErrors(errors: number, scrapes: number): readonly PromtoolSeries[] {
    const checks: Run[] = [
      { check: undefined, scrapes: scrapes + 1 - errors },
      { check: "bad", scrapes: errors },
    ];
    return [
      ...this.series.slice(0, 1).map((series) => ({ series, values: this.notation(checks) })),
      ...this.others(),
    ];
  }

  idle(): undefined {
    return undefined;
  }

  private get series(): readonly string[] {
    return this.examples.good;
  }

  /** Of time stamps the newest counts, so that only a newer other objective would change anything. */
  private others(): PromtoolSeries[] {
    const values = this.run(this.values.since ? "good" : "bad", 0, FOREVER);
    return (this.examples.others ?? []).map((series) => ({ series, values }));
  }

  /** Runs of the same look as promtool writes them. */
  private notation(checks: readonly Run[]): string {
    const joined: Run[] = [];
    for (const { check, scrapes } of checks) {
      const last = joined.at(-1);
      if (last !== undefined && last.check === check)
        joined.splice(-1, 1, { check, scrapes: last.scrapes + scrapes });
      else if (scrapes > 0) joined.push({ check, scrapes });
    }
    let from = 0;
    return joined
      .map(({ check, scrapes }) => {
        from += scrapes;
        return this.run(check, from - scrapes, scrapes);
      })
      .join(" ");
  }

  private run(check: Check, from: number, length: number): string {
    if (check === undefined) return `_x${length}`;
    const value = this.values[check];
    if (!this.values.since) return `${value}x${length - 1}`;
    // The time since a moment stays the same where the moment moves along.
    const moment = from * this.interval - value;
    return `${moment}+${this.interval}x${length - 1}`;
  }
}

/** What the series of a number sees in a scrape of so many errors, or of nothing at all. */
function checkOf(series: number, errors: number | undefined): Check {
  if (errors === undefined) return undefined;
  return series < errors ? "bad" : "good";
}

/** The scrapes of a phase, and how many errors each of them sees; undefined where it sees nothing. */
function seenIn({ scrapes, events }: Phase, errors: number): readonly Seen[] {
  if (events === 0) return [{ errors: undefined, scrapes }];
  if (errors === 0) return [{ errors, scrapes }];
  return errorsOfScrapes(scrapes, errors).map((each) => ({ errors: each, scrapes: 1 }));
}

/** How many errors each of some scrapes sees: evenly spread, and with the last at its end, where every window sees it. */
function errorsOfScrapes(scrapes: number, errors: number): readonly number[] {
  const seen = Array<number>(scrapes).fill(0);
  for (let error = 0; error < errors; error++) {
    const scrape = scrapes - 1 - Math.floor((error * scrapes) / errors);
    seen[scrape] = (seen[scrape] ?? 0) + 1;
  }
  return seen;
}
