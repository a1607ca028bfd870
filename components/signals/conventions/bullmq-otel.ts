import { OTEL_MILLISECONDS } from "../histogram.ts";
import type { JobConvention } from "./job-convention.ts";

/** With `enableMetrics: true`, by the Prometheus exporter of OpenTelemetry for JavaScript, which leaves units out of names. */
export const bullmqOtel: JobConvention = {
  library: "bullmq-otel 2.0.1",
  source: "recorded",
  server: {
    id: "worker",
    unit: "jobs",
    ended: {
      good: { metric: "bullmq_jobs_completed_total" },
      failed: { metric: "bullmq_jobs_failed_total" },
    },
    durations: {
      metric: "bullmq_job_duration",
      unit: "milliseconds",
      boundaries: OTEL_MILLISECONDS,
      byStatus: false,
      only: { label: "bullmq_job_state", values: /completed/, example: "completed" },
    },
  },
  counts: { failed: { good: 0, failed: 1 }, retried: { good: 1, failed: 0 } },
  marks: { metric: "bullmq_jobs_completed_total", labels: ["bullmq_job_name", "bullmq_queue_name"] },
};
