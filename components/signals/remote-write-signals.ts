import { signalsOf } from "./platform-signal.ts";
import { PROMETHEUS } from "./selectors.ts";

/** Remote write to the long-term storage. Without remote write these metrics do not exist. */
export const REMOTE_WRITE_SIGNALS = signalsOf("prometheus", {
  remoteWriteDelay: {
    id: "remote-write-delay",
    row: "Remote write",
    title: "Remote write lag",
    unit: "s",
    description:
      "How far the newest sample sent by remote write is behind the newest sample in Prometheus. A growing value means that remote write is too slow or fails.",
    legend: "{{pod}}",
    query: () =>
      `max by (pod) (prometheus_remote_storage_queue_highest_timestamp_seconds{${PROMETHEUS}}` +
      ` - prometheus_remote_storage_queue_highest_sent_timestamp_seconds{${PROMETHEUS}})`,
    threshold: 300,
  },
  remoteWriteFailures: {
    id: "remote-write-failures",
    row: "Remote write",
    title: "Samples rejected by remote write",
    unit: "percentunit",
    // samples_total counts all samples that were tried, including failures (tested with Prometheus 3.13).
    description:
      "Share of the samples sent by remote write that the long-term storage rejected. Prometheus does not send them again.",
    legend: "{{pod}}",
    query: (range) =>
      `sum by (pod) (rate(prometheus_remote_storage_samples_failed_total{${PROMETHEUS}}[${range}]))` +
      ` / (sum by (pod) (rate(prometheus_remote_storage_samples_total{${PROMETHEUS}}[${range}])) > 0)`,
    threshold: 0.01,
  },
});
