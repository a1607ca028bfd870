import { type Duration, seconds } from "../core/duration.ts";
import type { MeasuredGauge } from "./measures.ts";
import { equal, metric } from "./promql.ts";
import { type SampledSignal, sampledSignal } from "./sampled-signal.ts";

// What blackbox_exporter tells of each probe. A probe that could not be made, because the prober is down, is no failed probe: there
// is no sample of it. When a certificate ends is watched for every probe by the platform's alert ProbedCertificateExpiring.

type Labels = Readonly<Record<string, string>>;

/** How long a probe takes, from the look-up of the name to the end of the answer. */
function duration(target: Labels): MeasuredGauge {
  return {
    kind: "gauge",
    id: "duration",
    title: "Duration of probes",
    description: "How long a probe of each target takes, from its DNS lookup to the end of the answer.",
    unit: "seconds",
    gauge: metric("probe_duration_seconds", ...equal(target)),
    aggregate: "each",
  };
}

/** Probes of all targets, and those that failed. */
export function probeSuccess(target: Labels, targets: number): SampledSignal {
  const gauge = metric("probe_success", ...equal(target));
  return sampledSignal({
    eventsPerScrape: targets,
    id: "probe-success",
    unit: "probes",
    description: "Probes that fail count as errors.",
    sampled: { gauge, aggregate: "each", bad: "below", limit: 1 },
    measures: [
      {
        kind: "gauge",
        id: "targets",
        title: "Targets",
        description: "When each target answered as it should, and when not.",
        unit: "success",
        gauge,
        aggregate: "each",
      },
      duration(target),
    ],
  });
}

/** Probes of all targets, and those that took longer than a threshold, whether or not they succeeded. */
export function probeDuration(target: Labels, targets: number, threshold: Duration): SampledSignal {
  const measured = { ...duration(target), limit: seconds(threshold) };
  return sampledSignal({
    eventsPerScrape: targets,
    id: "probe-duration",
    unit: "probes",
    description: `Probes that take longer than ${threshold} count as errors.`,
    failing: { does: "is too slow for", infinitive: "be too slow" },
    sampled: { gauge: measured.gauge, aggregate: measured.aggregate, bad: "above", limit: measured.limit },
    measures: [measured],
  });
}
