import type { ExampleSeries } from "../../components/signals/ratio.ts";

/** What goes wrong with the requests of a service, each as a share from 0 to 1. */
export interface RequestShares {
  readonly bad: number;
  readonly unclassified: number;
  /** Of those that are answered well. */
  readonly slow: number;
}

/**
 * The requests of a service whose objectives read native histograms. They are exposed as classic histograms, from which Prometheus of the lab makes
 * native ones with the same buckets (convert_classic_histograms_to_nhcb): the text format has no other.
 */
export class NativeRequests {
  readonly #good: string;
  readonly #bad: string | undefined;
  readonly #unclassified: string | undefined;
  readonly #fast: number;
  readonly #slow: number;
  readonly #bounds: readonly number[];
  /** Requests by series and duration. */
  readonly #counts = new Map<string, Map<number, number>>();

  /** `examples`: those of all objectives on native histograms of a service, of their statuses and of their durations. */
  constructor(examples: readonly ExampleSeries[]) {
    const ofStatuses = examples.find(({ good, bad }) => good[0] !== bad[0]);
    const ofDurations = examples.find(({ good, bad }) => good[0] === bad[0]);
    this.#good = (ofStatuses ?? ofDurations)?.good[0] ?? "";
    this.#bad = ofStatuses?.bad[0];
    this.#unclassified = ofStatuses?.unclassified?.[0];
    this.#fast = (ofDurations ?? ofStatuses)?.native?.good ?? 0;
    this.#slow = (ofDurations ?? ofStatuses)?.native?.bad ?? 0;
    // The threshold is as far from the one as from the other, by ratio, and a bucket ends there: nothing has to be estimated.
    const threshold = Number(Math.sqrt(this.#fast * this.#slow).toPrecision(12));
    this.#bounds = [...new Set([this.#fast, threshold, this.#slow])].sort((a, b) => a - b);
    for (const series of [this.#good, this.#bad])
      if (series !== undefined) this.#counts.set(series, new Map());
  }

  count(events: number, { bad, unclassified, slow }: RequestShares): void {
    const answered = events * (1 - bad - unclassified);
    this.#add(this.#good, this.#fast, answered * (1 - slow));
    this.#add(this.#good, this.#slow, answered * slow);
    this.#add(this.#bad, this.#fast, events * bad);
    this.#add(this.#unclassified, this.#fast, events * unclassified);
  }

  #add(series: string | undefined, duration: number, amount: number): void {
    if (series === undefined || amount === 0) return;
    const counts = this.#counts.get(series) ?? new Map<number, number>();
    counts.set(duration, (counts.get(duration) ?? 0) + amount);
    this.#counts.set(series, counts);
  }

  /** Its lines in an exposition. */
  lines(): readonly string[] {
    const [name = ""] = this.#good.split("{");
    const series = [...this.#counts].flatMap(([of, counts]) => {
      const labels = of.slice(name.length + 1, -1);
      const upTo = (bound: number) =>
        [...counts].reduce((sum, [duration, amount]) => sum + (duration <= bound ? amount : 0), 0);
      const all = Math.round(upTo(Number.POSITIVE_INFINITY));
      const sum = [...counts].reduce((total, [duration, amount]) => total + duration * amount, 0);
      return [
        ...this.#bounds.map(
          (bound) => `${name}_bucket{${labels},le="${bound}"} ${Math.min(all, Math.round(upTo(bound)))}`,
        ),
        `${name}_bucket{${labels},le="+Inf"} ${all}`,
        `${name}_sum{${labels}} ${sum}`,
        `${name}_count{${labels}} ${all}`,
      ];
    });
    return [`# TYPE ${name} histogram`, ...series];
  }
}
