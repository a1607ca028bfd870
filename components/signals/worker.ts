import { OTEL_SECONDS } from "./histogram.ts";
import { type Gauge, printed, seriesOf } from "./job-server.ts";
import { equal, metric, printSelector } from "./promql.ts";
import type { ExampleSeries, RatioSignal } from "./ratio.ts";
import { otherTargetsOf, type RequestServer } from "./request-server.ts";
import { type SampledSignal, sampledSignal } from "./sampled-signal.ts";

type Labels = Readonly<Record<string, string>>;

/** Values of an outcome that mean success; an absent one is none. */
const SUCCESS =
  /|[Ss]uccess|SUCCESS|[Ss]ucceeded|[Ss]uccessful|[Oo]k|OK|UNSET|[Dd]one|[Cc]ompleted|[Pp]rocessed|[Aa]ck|[Aa]cked/;
const NO_ERROR = /|false|none|None|null|0/;

/**
 * A consumer of messages by OpenTelemetry's conventions: `messaging.process.duration`. Its attribute `error.type` exists only if the
 * processing failed.
 */
export const OTEL_WORKER: RequestServer = {
  id: "worker",
  unit: "messages",
  counter: "messaging_process_duration_seconds_count",
  statusLabel: "error_type",
  serverErrors: "any",
  // Labels by which other programs say how a message ended.
  known: {
    contradictions: [
      ...["outcome", "result", "status", "state", "otel_status_code"].map((label) => ({
        label,
        success: SUCCESS,
      })),
      ...["error", "exception"].map((label) => ({ label, success: NO_ERROR })),
      { label: "success", success: /|true|1/ },
    ],
  },
  serverErrorsInWords: "Messages whose processing ends with an error",
  statuses: { good: "", bad: "timeout" },
  durations: {
    metric: "messaging_process_duration_seconds",
    unit: "seconds",
    boundaries: OTEL_SECONDS,
    byStatus: true,
  },
};

/** The worker's own counters of all finished jobs and of failed jobs. */
export interface WorkerCounters {
  readonly total: string;
  readonly failed: string;
}

/** Finished jobs, and the failed ones. */
export function workerSuccess({ total, failed }: WorkerCounters, target: Labels): RatioSignal {
  return {
    id: "worker-success",
    unit: "jobs",
    description: `Jobs in ${failed} count as errors, of all jobs in ${total}.`,
    total: metric(total, ...equal(target)),
    errors: metric(failed, ...equal(target)),
    unclassified: {
      count: {
        kind: "excess",
        failed: metric(failed, ...equal(target)),
        total: metric(total, ...equal(target)),
      },
      expected: `${total} must count all jobs, the failed ones too.`,
    },
  };
}

export function workerExamples({ total, failed }: WorkerCounters, target: Labels): ExampleSeries {
  const series = (name: string, labels: Labels = target) => printSelector(metric(name, ...equal(labels)));
  return {
    good: [series(total)],
    bad: [series(total), series(failed)],
    unclassified: [series(failed)],
    others: otherTargetsOf(target).flatMap((labels) => [series(total, labels), series(failed, labels)]),
  };
}

/** Age of the oldest waiting message, in seconds; of several queues the highest. */
export function oldestMessage(gauge: Gauge, target: Labels, limit: number): SampledSignal {
  const sampled = {
    gauge: seriesOf(gauge, target),
    aggregate: "largest",
    bad: "above",
    limit,
  } as const;
  return sampledSignal({
    id: "worker-oldest-message",
    unit: "checks",
    description: `A check is an error if the oldest message (${printed(gauge)}) is older than ${limit} seconds.`,
    failing: BEHIND,
    sampled,
    measures: [
      {
        ...sampled,
        kind: "gauge",
        id: "age",
        title: "Age of the oldest message",
        description: "Age of the oldest message in the queue. The line is the maximum of the objective.",
        unit: "seconds",
      },
    ],
  });
}

/** Number of waiting messages, in all queues or partitions together. */
export function backlog(gauge: Gauge, target: Labels, limit: number): SampledSignal {
  const sampled = { gauge: seriesOf(gauge, target), aggregate: "sum", bad: "above", limit } as const;
  return sampledSignal({
    id: "worker-backlog",
    unit: "checks",
    description: `A check is an error if more than ${limit} messages are waiting (${printed(gauge)}).`,
    failing: BEHIND,
    sampled,
    measures: [
      {
        ...sampled,
        kind: "gauge",
        id: "waiting",
        title: "Waiting messages",
        description:
          "Waiting messages, in all queues or partitions together. The line is the maximum of the objective.",
        unit: "count",
      },
    ],
  });
}

const BEHIND = { does: "exceeds its limit in", infinitive: "exceed the limit" };
