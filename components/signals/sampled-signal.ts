import { equal, metric, printSelector } from "./promql.ts";
import type { ExampleSeries, RatioSignal } from "./ratio.ts";
import { otherTargetsOf } from "./request-server.ts";
import type { Sampled } from "./samples.ts";

/** A signal of a gauge that is looked at once in each scrape. */
export interface SampledSignal extends RatioSignal {
  readonly sampled: Sampled;
}

/** A signal whose events are the looks at a gauge. */
export function sampledSignal(signal: Omit<SampledSignal, "total" | "errors">): SampledSignal {
  const { sampled, eventsPerScrape = 1 } = signal;
  return {
    ...signal,
    eventsPerScrape,
    total: { kind: "checks", sampled },
    errors: { kind: "bad checks", sampled },
  };
}

const TARGETS = Array.from({ length: 20 }, (_, index) => `target-${index + 1}`);

/** What the gauge shows on a target with these labels: a quarter on either side of the limit, or 1 and 0 where it says yes or no. */
export function sampledExamples(
  { sampled }: SampledSignal,
  labels: Readonly<Record<string, string>>,
): ExampleSeries {
  const { gauge, aggregate, bad, limit } = sampled;
  const series = (own: Readonly<Record<string, string>>) =>
    printSelector(metric(gauge.metric, ...equal({ ...labels, ...own })));
  const target = Object.fromEntries(gauge.matchers.map(({ label, value }) => [label, value]));
  // Of several targets, each of which is looked at, one alone may fail.
  const targets =
    aggregate === "each" ? TARGETS.map((instance) => series({ ...target, instance })) : [series(target)];
  return {
    good: targets,
    bad: targets,
    others: otherTargetsOf(target).map((own) => series(own)),
    sampled:
      bad === "below"
        ? { good: limit, bad: 0, since: false }
        : { good: limit * 0.85, bad: limit * 1.15, since: aggregate === "since" },
  };
}
