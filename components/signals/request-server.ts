import type { Duration } from "../core/duration.ts";
import type { EventCount } from "./event-rate.ts";
import { bucketLabel, type DurationHistogram, type HistogramForm, inUnitOf } from "./histogram.ts";
import type { MeasuredDurations } from "./measures.ts";
import {
  equal,
  type Matcher,
  matching,
  metric,
  notMatching,
  present,
  printSelector,
  type Selector,
  where,
} from "./promql.ts";
import type { ExampleSeries, RatioSignal } from "./ratio.ts";

/** How a server counts the requests that it is asked, and how long they take. */
export interface RequestServer {
  /** The start of the ids of its signals: `http`. */
  readonly id: string;
  /** What it is asked, in the plural. */
  readonly unit: string;
  /** Counts requests by status. That of a histogram is its `_count`. */
  readonly counter: string;
  readonly statusLabel: string;
  /** The statuses that are the server's own fault; `any` where the label is there for nothing else. A client's mistake spends nobody's budget. */
  readonly serverErrors: RegExp | "any";
  /** Which statuses these are, as the beginning of a sentence. */
  readonly serverErrorsInWords: string;
  /** A status of each kind, as an exporter writes it. */
  readonly statuses: { readonly good: string; readonly bad: string };
  readonly durations: RequestDurations;
}

/** A histogram of how long requests take. */
export interface RequestDurations extends DurationHistogram {
  /** Whether it tells requests apart by their status, under the same label as the counter. */
  readonly byStatus: boolean;
  /** Labels of the requests whose duration says something of the server. */
  readonly only?: Readonly<Record<string, string>>;
}

/** The labels of what is measured. */
type Labels = Readonly<Record<string, string>>;

/** Requests that the targets with these labels served, and those that failed by the server's fault. */
export function availability(server: RequestServer, target: Labels, form: HistogramForm): RatioSignal {
  const selector = metric(counterOf(server, form), ...equal(target));
  const count = (one: Selector): EventCount =>
    isOfNativeHistogram(server, form) ? { kind: "observations", histogram: one } : one;
  return {
    id: `${server.id}-availability`,
    unit: server.unit,
    description: `${server.serverErrorsInWords} count as errors.`,
    total: count(selector),
    errors: count(where(selector, failed(server))),
    // A histogram that only exists where somebody switched it on is drawn where a promise relies on it.
    ...(server.counter === `${server.durations.metric}_count` && {
      measures: [measuredDurations(server, target, form)],
    }),
  };
}

/** How long those requests take that the server did not fail. */
function measuredDurations(
  server: RequestServer,
  target: Labels,
  form: HistogramForm,
  threshold?: Duration,
): MeasuredDurations {
  const { unit, durations } = server;
  return {
    kind: "durations",
    form,
    histogram: metric(durations.metric, ...judgedRequests(server, target)),
    unit: durations.unit,
    of: durations.byStatus ? `${unit} without a server error` : unit,
    ...(threshold !== undefined && { limit: inUnitOf(durations, threshold) }),
  };
}

/**
 * Requests that the server did not fail, and those of them that took longer than a threshold. A request that failed spends the
 * budget of availability; that it failed quickly makes nothing quicker.
 */
export function latency(
  server: RequestServer,
  target: Labels,
  form: HistogramForm,
  threshold: Duration,
): RatioSignal {
  const requests = timedRequests(server, target, form, threshold);
  const judged = server.durations.byStatus ? " without a server error" : "";
  return {
    id: `${server.id}-latency`,
    unit: server.unit,
    description: `${capitalised(server.unit)}${judged} that take longer than ${threshold} count as errors.`,
    total: { kind: "timed", requests },
    errors: { kind: "too slow", requests },
    failing: { does: "is too slow for", infinitive: "be too slow" },
    measures: [measuredDurations(server, target, form, threshold)],
    ...(form === "native" && { caveat: INTERPOLATED }),
  };
}

/** Eight buckets for each power of two end where the next one is 2^(1/8) times as long. */
const INTERPOLATED =
  "The threshold lies within a bucket of the native histogram. The calculation assumes that the durations in this bucket are evenly distributed; in schema 3 the bucket is 9% wide.";

function timedRequests(server: RequestServer, target: Labels, form: HistogramForm, threshold: Duration) {
  const { durations } = server;
  const labels = equal({ ...target, ...durations.only });
  const judged = durations.byStatus ? served(server) : [];
  const limit = inUnitOf(durations, threshold);
  if (form === "native")
    return {
      form,
      all: metric(durations.metric, ...judgedRequests(server, target)),
      known: metric(durations.metric, ...labels),
      threshold: limit,
    } as const;
  const bucket = metric(`${durations.metric}_bucket`, ...labels, ...atMost(limit));
  return {
    form,
    all: metric(`${durations.metric}_count`, ...judgedRequests(server, target)),
    inTime: where(bucket, ...judged),
    known: bucket,
  } as const;
}

/** The requests whose duration says something of the server. */
function judgedRequests(server: RequestServer, target: Labels): Matcher[] {
  const { durations } = server;
  return [...equal({ ...target, ...durations.only }), ...(durations.byStatus ? served(server) : [])];
}

function failed({ statusLabel, serverErrors }: RequestServer): Matcher {
  return serverErrors === "any" ? present(statusLabel) : matching(statusLabel, serverErrors);
}

function served({ statusLabel, serverErrors }: RequestServer): Matcher[] {
  return serverErrors === "any" ? equal({ [statusLabel]: "" }) : [notMatching(statusLabel, serverErrors)];
}

function atMost(limit: number): Matcher[] {
  return equal({ le: bucketLabel(limit) });
}

/** What a request that goes well and one that fails are counted by, on a target with these labels. */
export function availabilityExamples(
  server: RequestServer,
  target: Labels,
  form: HistogramForm,
): ExampleSeries {
  const { good, bad } = server.statuses;
  const series = (status: string, labels: Labels = target) =>
    printSelector(
      metric(
        counterOf(server, form),
        ...equal({ ...labels, ...kindOf(server), ...labelled(server, status) }),
      ),
    );
  return {
    good: [series(good)],
    bad: [series(bad)],
    others: otherTargetsOf(target).map((labels) => series(bad, labels)),
    ...(isOfNativeHistogram(server, form) && { native: { good: 0.1, bad: 0.1 } }),
  };
}

/** What a quick and a slow request are counted by, on a target with these labels. */
export function latencyExamples(
  server: RequestServer,
  target: Labels,
  form: HistogramForm,
  threshold: Duration,
): ExampleSeries {
  const { durations, statuses } = server;
  const limit = inUnitOf(durations, threshold);
  const labelsOf = (status: string, labels: Labels) => ({
    ...labels,
    ...kindOf(server),
    ...(durations.byStatus && labelled(server, status)),
  });
  const series = (suffix: string, status: string, labels: Labels = target) =>
    printSelector(metric(durations.metric + suffix, ...equal(labelsOf(status, labels))));
  // Other targets have none in the bucket of the threshold: where they are counted, they are all slow.
  const suffix = form === "native" ? "" : "_count";
  const failed = durations.byStatus ? [series(suffix, statuses.bad)] : [];
  const others = [
    ...failed,
    ...otherTargetsOf(target).map((labels) => series(suffix, statuses.good, labels)),
  ];
  if (form === "native") {
    const all = [series("", statuses.good)];
    // A quarter beside the threshold, and so in another bucket.
    return { good: all, bad: all, others, native: { good: limit * 0.8, bad: limit * 1.25 } };
  }
  const all = series("_count", statuses.good);
  const inTime = printSelector(
    metric(
      `${durations.metric}_bucket`,
      ...equal({ ...labelsOf(statuses.good, target), le: bucketLabel(limit) }),
    ),
  );
  return { good: [all, inTime], bad: [all], always: [inTime], others };
}

/** The labels that targets are named by. */
const TARGET_LABELS = ["job", "namespace", "cronjob"];

/** Targets that differ in one of the labels that name this one. */
export function otherTargetsOf(target: Labels): readonly Labels[] {
  return TARGET_LABELS.filter((label) => Object.hasOwn(target, label)).map((label) => ({
    ...target,
    [label]: `another-${target[label]}`,
  }));
}

/** An empty label is no label. */
function labelled({ statusLabel }: RequestServer, status: string): Labels {
  return status === "" ? {} : { [statusLabel]: status };
}

function kindOf({ durations }: RequestServer): Labels {
  return durations.only ?? {};
}

/** Whether the counter is that of a histogram which, in its native form, has no series of its own for it. */
function isOfNativeHistogram({ counter, durations }: RequestServer, form: HistogramForm): boolean {
  return form === "native" && counter === `${durations.metric}_count`;
}

function counterOf(server: RequestServer, form: HistogramForm): string {
  return isOfNativeHistogram(server, form) ? server.durations.metric : server.counter;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
