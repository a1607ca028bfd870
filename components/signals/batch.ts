import { type Duration, seconds } from "../core/duration.ts";
import { JOBS } from "./jobs.ts";
import { equal, metric, type Selector } from "./promql.ts";
import { type SampledSignal, sampledSignal } from "./sampled-signal.ts";

/** When a CronJob last succeeded, from kube-state-metrics. The series does not exist before the first success. */
export function cronJobSuccess(namespace: string, cronjob: string): Selector {
  return metric(
    "kube_cronjob_status_last_successful_time",
    ...equal({ job: JOBS.kubeStateMetrics, namespace, cronjob }),
  );
}

/** Time since the last success of a job. The metric is a Unix timestamp in seconds; of several series the newest counts. */
export function lastSuccess(timestamp: Selector, maxAge: Duration): SampledSignal {
  const sampled = { gauge: timestamp, aggregate: "since", bad: "above", limit: seconds(maxAge) } as const;
  return sampledSignal({
    id: "batch-last-success",
    unit: "checks",
    description: `A check is an error if the last success (${timestamp.metric}) is more than ${maxAge} ago.`,
    failing: { does: "has no recent success in", infinitive: "find no recent success" },
    sampled,
    measures: [
      {
        ...sampled,
        kind: "gauge",
        id: "age",
        title: "Time since last success",
        description: "Time since the last successful run. The line is the maximum of the objective.",
        unit: "seconds",
      },
    ],
  });
}
