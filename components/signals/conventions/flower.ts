import { PROMETHEUS_PYTHON_SECONDS } from "../histogram.ts";
import type { JobConvention } from "./job-convention.ts";

/** Needs workers that send task events: `celery worker --task-events`. It does not know how long a queue is. */
export const flower: JobConvention = {
  library: "flower 2.2.0",
  source: "recorded",
  server: {
    id: "worker",
    unit: "jobs",
    ended: {
      good: { metric: "flower_events_total", labels: { type: "task-succeeded" } },
      failed: { metric: "flower_events_total", labels: { type: "task-failed" } },
    },
    durations: {
      metric: "flower_task_runtime_seconds",
      unit: "seconds",
      boundaries: PROMETHEUS_PYTHON_SECONDS,
      byStatus: false,
    },
  },
  counts: {
    failed: { good: 0, failed: 1 },
    retried: { good: 1, failed: 0 },
    overtime: { good: 0, failed: 2 },
    lost: { good: 0, failed: 1 },
  },
  marks: { metric: "flower_events_total", labels: ["task", "type", "worker"] },
};
