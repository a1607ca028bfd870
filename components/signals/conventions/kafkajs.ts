import { OTEL_SECONDS } from "../histogram.ts";
import { OTEL_WORKER } from "../worker.ts";
import type { JobConvention } from "./job-convention.ts";

/** Each try is counted, and KafkaJS tries a message whose handler throws again, without end. The exporter leaves units out of names. */
export const kafkajs: JobConvention = {
  library: "@opentelemetry/instrumentation-kafkajs 0.33.0",
  source: "recorded",
  server: {
    ...OTEL_WORKER,
    counter: "messaging_process_duration_count",
    durations: {
      metric: "messaging_process_duration",
      unit: "seconds",
      boundaries: OTEL_SECONDS,
      byStatus: true,
    },
  },
  counts: { retried: { good: 1, failed: 1 } },
  marks: {
    metric: "messaging_process_duration_count",
    labels: ["messaging_destination_name", "messaging_system"],
  },
};
