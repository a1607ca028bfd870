import { type Duration, seconds } from "../core/duration.ts";
import { equal, metric } from "./promql.ts";
import { type SampledSignal, sampledSignal } from "./sampled-signal.ts";

// What blackbox_exporter tells of each probe. A probe that could not be made, because the prober is down, is no failed probe: there
// is no sample of it. When a certificate ends is watched for every probe by the platform's alert ProbedCertificateExpiring.

type Labels = Readonly<Record<string, string>>;

/** Probes of all targets, and those that failed. */
export function probeSuccess(target: Labels, targets: number): SampledSignal {
  return sampledSignal({
    eventsPerScrape: targets,
    id: "probe-success",
    unit: "probes",
    description: "Probes that fail count as errors.",
    sampled: { gauge: metric("probe_success", ...equal(target)), look: "each", bad: "below", limit: 1 },
  });
}

/** Probes of all targets, and those that took longer than a threshold, whether or not they succeeded. */
export function probeDuration(target: Labels, targets: number, threshold: Duration): SampledSignal {
  return sampledSignal({
    eventsPerScrape: targets,
    id: "probe-duration",
    unit: "probes",
    description: `Probes that take longer than ${threshold} count as errors.`,
    failing: { does: "is too slow for", infinitive: "be too slow" },
    sampled: {
      gauge: metric("probe_duration_seconds", ...equal(target)),
      look: "each",
      bad: "above",
      limit: seconds(threshold),
    },
  });
}
