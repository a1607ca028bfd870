import { signalsOf } from "./platform-signal.ts";
import { PROMETHEUS } from "./selectors.ts";

/** What Prometheus sends on to a store of samples, where it does: without one there is nothing to be measured. */
export const REMOTE_WRITE_SIGNALS = signalsOf("prometheus", {
  remoteWriteDelay: {
    id: "remote-write-delay",
    row: "Samples sent on",
    title: "Delay of the store",
    unit: "s",
    description:
      "Age of the newest sample that each Prometheus sent on, against the newest that it has to send.",
    legend: "{{pod}}",
    query: () =>
      `max by (pod) (prometheus_remote_storage_queue_highest_timestamp_seconds{${PROMETHEUS}}` +
      ` - prometheus_remote_storage_queue_highest_sent_timestamp_seconds{${PROMETHEUS}})`,
    threshold: 300,
  },
  remoteWriteFailures: {
    id: "remote-write-failures",
    row: "Samples sent on",
    title: "Samples that the store refuses",
    unit: "percentunit",
    // samples_total counts what was tried, failures among it (asked of Prometheus 3.13).
    description:
      "Share of the samples that were sent on and refused for good: they are in no store, and are not sent again.",
    legend: "{{pod}}",
    query: (range) =>
      `sum by (pod) (rate(prometheus_remote_storage_samples_failed_total{${PROMETHEUS}}[${range}]))` +
      ` / (sum by (pod) (rate(prometheus_remote_storage_samples_total{${PROMETHEUS}}[${range}])) > 0)`,
    threshold: 0.01,
  },
});
