import { type Duration, seconds } from "../core/duration.ts";
import { JOBS } from "./jobs.ts";
import { equal, metric, type Selector } from "./promql.ts";
import { type SampledSignal, sampledSignal } from "./sampled-signal.ts";

/** When a CronJob last succeeded, as kube-state-metrics tells it. There is no such series before the first success. */
export function cronJobSuccess(namespace: string, cronjob: string): Selector {
  return metric(
    "kube_cronjob_status_last_successful_time",
    ...equal({ job: JOBS.kubeStateMetrics, namespace, cronjob }),
  );
}

/** How long ago a job last succeeded, by a time stamp in seconds since 1970; of several the newest. */
export function lastSuccess(timestamp: Selector, maxAge: Duration): SampledSignal {
  const sampled = { gauge: timestamp, aggregate: "since", bad: "above", limit: seconds(maxAge) } as const;
  return sampledSignal({
    id: "batch-last-success",
    unit: "checks",
    description: `Checks that find the last success, by ${timestamp.metric}, more than ${maxAge} ago count as errors.`,
    failing: { does: "is overdue in", infinitive: "find it overdue" },
    sampled,
    measures: [
      {
        ...sampled,
        kind: "gauge",
        id: "age",
        title: "Time since the last success",
        description: "It grows until a run succeeds. The line is what is promised.",
        unit: "seconds",
      },
    ],
  });
}
