import type { JobConvention } from "./job-convention.ts";

/** `queue.exportPrometheusMetrics()`. Its counters stay 0 unless each worker has `metrics: { maxDataPoints: … }`. */
export const bullmq: JobConvention = {
  library: "bullmq 6.7.0",
  source: "recorded",
  server: {
    id: "worker",
    unit: "jobs",
    ended: {
      good: { metric: "bullmq_job_completed_total" },
      failed: { metric: "bullmq_job_failed_total" },
    },
  },
  backlog: { metric: "bullmq_job_count", labels: { state: "waiting" } },
  counts: { failed: { good: 0, failed: 1 }, retried: { good: 1, failed: 0 } },
  marks: { metric: "bullmq_job_completed_total", labels: ["queue"] },
};
