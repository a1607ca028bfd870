import { equal, metric, printSelector } from "./promql.ts";
import type { ExampleSeries, RatioSignal } from "./ratio.ts";
import { otherTargetsOf } from "./request-server.ts";
import type { Sampled } from "./samples.ts";

/** A signal of a gauge that is checked once per scrape. */
export interface SampledSignal extends RatioSignal {
  readonly sampled: Sampled;
}

/** A signal whose events are the checks of a gauge. */
export function sampledSignal(
  signal: Omit<SampledSignal, "total" | "errors" | "unclassified">,
): SampledSignal {
  const { sampled, eventsPerScrape = 1 } = signal;
  return {
    ...signal,
    eventsPerScrape,
    total: { kind: "checks", sampled },
    errors: { kind: "bad checks", sampled },
    unclassified: {
      count: { kind: "unclear checks", sampled },
      expected:
        sampled.aggregate === "since"
          ? `${sampled.gauge.metric} must be a Unix time in seconds, and not in the future.`
          : `${sampled.gauge.metric} must be a number that is not negative.`,
    },
  };
}

const TARGETS = Array.from({ length: 20 }, (_, index) => `target-${index + 1}`);

/** Example values of the gauge on a target with these labels: 15% on either side of the limit, or the limit and 0. */
export function sampledExamples(
  { sampled }: SampledSignal,
  labels: Readonly<Record<string, string>>,
): ExampleSeries {
  const { gauge, aggregate, bad, limit } = sampled;
  const series = (own: Readonly<Record<string, string>>) =>
    printSelector(metric(gauge.metric, ...equal({ ...labels, ...own })));
  const target = Object.fromEntries(gauge.matchers.map(({ label, value }) => [label, value]));
  // Several targets, so that a single one can fail.
  const targets =
    aggregate === "each" ? TARGETS.map((instance) => series({ ...target, instance })) : [series(target)];
  return {
    good: targets,
    bad: targets,
    others: otherTargetsOf(target).map((own) => series(own)),
    sampled:
      bad === "below"
        ? { good: limit, bad: 0, unclear: -1, since: false }
        : {
            good: limit * 0.85,
            bad: limit * 1.15,
            unclear: aggregate === "since" ? -2 * 3600 : -1,
            since: aggregate === "since",
          },
  };
}
