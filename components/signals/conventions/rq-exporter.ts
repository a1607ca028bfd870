import type { JobConvention } from "./job-convention.ts";

/** Each try that fails counts as a failed job. It has the sum of all durations, and no buckets. */
export const rqExporter: JobConvention = {
  library: "rq-exporter 3.1.0",
  source: "recorded",
  server: {
    id: "worker",
    unit: "jobs",
    ended: {
      good: { metric: "rq_workers_success_total" },
      failed: { metric: "rq_workers_failed_total" },
    },
  },
  backlog: { metric: "rq_jobs", labels: { status: "queued" } },
  counts: {
    failed: { good: 0, failed: 1 },
    retried: { good: 1, failed: 1 },
    overtime: { good: 0, failed: 1 },
    lost: { good: 0, failed: 1 },
  },
  marks: { metric: "rq_workers_success_total", labels: ["name", "queues"] },
};
