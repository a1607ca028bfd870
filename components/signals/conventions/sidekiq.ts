import type { JobConvention } from "./job-convention.ts";

/**
 * By yabeda-sidekiq with yabeda-prometheus. Each process exposes how many jobs wait in the whole of Sidekiq, so that their sum over the
 * processes is no backlog; the age of the oldest is the same of all.
 */
export const sidekiq: JobConvention = {
  library: "yabeda-sidekiq",
  source: "https://github.com/yabeda-rb/yabeda-sidekiq",
  server: {
    id: "worker",
    unit: "jobs",
    ended: {
      good: { metric: "sidekiq_jobs_success_total" },
      failed: { metric: "sidekiq_jobs_failed_total" },
    },
    durations: {
      metric: "sidekiq_job_runtime_seconds",
      unit: "seconds",
      boundaries: [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 1800, 3600, 21_600,
      ],
      byStatus: false,
    },
  },
  oldestMessage: { metric: "sidekiq_queue_latency" },
  counts: {},
  marks: { metric: "sidekiq_jobs_success_total", labels: ["queue", "worker"] },
};
