import { type Duration, seconds } from "../core/duration.ts";
import type { MeasuredGauge } from "./measures.ts";
import { equal, metric } from "./promql.ts";
import { type SampledSignal, sampledSignal } from "./sampled-signal.ts";

// Metrics of blackbox_exporter. If the prober itself is down there are no samples, so this does not count as failed probes. The
// platform's alert ProbedCertificateExpiring covers the certificates of all probes.

type Labels = Readonly<Record<string, string>>;

/** Duration of a probe, from the DNS lookup to the end of the response. */
function duration(target: Labels): MeasuredGauge {
  return {
    kind: "gauge",
    id: "duration",
    title: "Probe duration",
    description: "Duration of the probe of each target, from the DNS lookup to the end of the response.",
    unit: "seconds",
    gauge: metric("probe_duration_seconds", ...equal(target)),
    aggregate: "each",
  };
}

/** Probes of all targets, and the failed ones. */
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
        title: "Probe success",
        description: "When the probes of each target succeeded and when they failed.",
        unit: "success",
        gauge,
        aggregate: "each",
      },
      duration(target),
    ],
  });
}

/** Probes of all targets, and those that took longer than a threshold, both successful and failed ones. */
export function probeDuration(target: Labels, targets: number, threshold: Duration): SampledSignal {
  const measured = { ...duration(target), limit: seconds(threshold) };
  return sampledSignal({
    eventsPerScrape: targets,
    id: "probe-duration",
    unit: "probes",
    description: `Probes that take longer than ${threshold} count as errors.`,
    failing: { does: "exceeds the latency threshold for", infinitive: "exceed the latency threshold" },
    sampled: { gauge: measured.gauge, aggregate: measured.aggregate, bad: "above", limit: measured.limit },
    measures: [measured],
  });
}
