import { PROMETHEUS_PYTHON_SECONDS } from "../histogram.ts";
import type { JobConvention } from "./job-convention.ts";

/** Needs workers that send task events: `celery worker --task-events`. The queue is without what workers have fetched. */
export const celeryExporter: JobConvention = {
  library: "celery-exporter 0.12.2",
  source: "recorded",
  server: {
    id: "worker",
    unit: "jobs",
    ended: {
      good: { metric: "celery_task_succeeded_total" },
      failed: { metric: "celery_task_failed_total" },
    },
    durations: {
      metric: "celery_task_runtime",
      unit: "seconds",
      boundaries: PROMETHEUS_PYTHON_SECONDS,
      byStatus: false,
    },
  },
  backlog: { metric: "celery_queue_length" },
  counts: {
    failed: { good: 0, failed: 1 },
    retried: { good: 1, failed: 0 },
    // Celery sends the event twice: findings/celery-task-over-its-time-limit-fails-twice.sh
    overtime: { good: 0, failed: 2 },
    lost: { good: 0, failed: 1 },
  },
  marks: { metric: "celery_task_succeeded_total", labels: ["name", "hostname", "queue_name"] },
};
