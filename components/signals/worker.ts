import { OTEL_SECONDS } from "./histogram.ts";
import { equal, metric, printSelector } from "./promql.ts";
import type { ExampleSeries, RatioSignal } from "./ratio.ts";
import { otherTargetsOf, type RequestServer } from "./request-server.ts";
import { type SampledSignal, sampledSignal } from "./sampled-signal.ts";

type Labels = Readonly<Record<string, string>>;

/**
 * A consumer of messages by OpenTelemetry's conventions: `messaging.process.duration`, whose attribute `error.type` is there only
 * where the processing failed.
 */
export const OTEL_WORKER: RequestServer = {
  id: "worker",
  unit: "messages",
  counter: "messaging_process_duration_seconds_count",
  statusLabel: "error_type",
  serverErrors: "any",
  serverErrorsInWords: "Messages whose processing ends with an error",
  statuses: { good: "", bad: "timeout" },
  durations: {
    metric: "messaging_process_duration_seconds",
    unit: "seconds",
    boundaries: OTEL_SECONDS,
    byStatus: true,
  },
};

/** Counters of a worker's own: of all jobs that came to an end, and of those that failed. */
export interface WorkerCounters {
  readonly total: string;
  readonly failed: string;
}

/** Jobs that came to an end, and those that failed. */
export function workerSuccess({ total, failed }: WorkerCounters, target: Labels): RatioSignal {
  return {
    id: "worker-success",
    unit: "jobs",
    description: `Jobs that ${failed} counts are errors, of all those that ${total} counts.`,
    total: metric(total, ...equal(target)),
    errors: metric(failed, ...equal(target)),
  };
}

export function workerExamples({ total, failed }: WorkerCounters, target: Labels): ExampleSeries {
  const series = (name: string, labels: Labels = target) => printSelector(metric(name, ...equal(labels)));
  return {
    good: [series(total)],
    bad: [series(total), series(failed)],
    others: otherTargetsOf(target).flatMap((labels) => [series(total, labels), series(failed, labels)]),
  };
}

/** The age of the oldest message that waits, in seconds; of several queues the one that is furthest behind. */
export function oldestMessage(name: string, target: Labels, limit: number): SampledSignal {
  const sampled = {
    gauge: metric(name, ...equal(target)),
    aggregate: "largest",
    bad: "above",
    limit,
  } as const;
  return sampledSignal({
    id: "worker-oldest-message",
    unit: "checks",
    description: `Checks that find a message older than ${limit} seconds, by ${name}, count as errors.`,
    failing: BEHIND,
    sampled,
    measures: [
      {
        ...sampled,
        kind: "gauge",
        id: "age",
        title: "Age of the oldest message",
        description: "How long the message has waited that has waited longest. The line is what is promised.",
        unit: "seconds",
      },
    ],
  });
}

/** How many messages wait, in all queues or partitions together. */
export function backlog(name: string, target: Labels, limit: number): SampledSignal {
  const sampled = { gauge: metric(name, ...equal(target)), aggregate: "sum", bad: "above", limit } as const;
  return sampledSignal({
    id: "worker-backlog",
    unit: "checks",
    description: `Checks that find more than ${limit} messages waiting, by ${name}, count as errors.`,
    failing: BEHIND,
    sampled,
    measures: [
      {
        ...sampled,
        kind: "gauge",
        id: "waiting",
        title: "Messages that wait",
        description:
          "How many messages wait, in all queues or partitions together. The line is what is promised.",
        unit: "count",
      },
    ],
  });
}

const BEHIND = { does: "is behind in", infinitive: "find it behind" };
