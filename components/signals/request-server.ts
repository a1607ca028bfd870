import type { Duration } from "../core/duration.ts";
import type { EventCount } from "./event-rate.ts";
import { bucketLabel, type DurationHistogram, type HistogramForm, inUnitOf } from "./histogram.ts";
import type { MeasuredDurations } from "./measures.ts";
import { equal, type Matcher, matching, metric, printSelector, type Selector, where } from "./promql.ts";
import type { ExampleSeries, RatioSignal } from "./ratio.ts";
import { expectedOf, failed, type Statuses, served, unknownExample, withoutKnownStatus } from "./statuses.ts";

/** The metrics of a server for its requests and their durations. */
export interface RequestServer extends Statuses {
  /** The start of the ids of its signals: `http`. */
  readonly id: string;
  /** The name of the requests, in the plural. */
  readonly unit: string;
  /** The counter of requests by status; the `_count` of a histogram, if there is no other. */
  readonly counter: string;
  /** The statuses of server errors in words, as the beginning of a sentence. */
  readonly serverErrorsInWords: string;
  /** An example of each kind, as an exporter writes it. */
  readonly statuses: { readonly good: string; readonly bad: string };
  /** None if nothing tells how many requests were quicker than a threshold. */
  readonly durations?: RequestDurations;
}

/** A server that has a histogram of durations. */
export type TimedServer = (RequestServer | UnlabelledDurations) & { readonly durations: RequestDurations };

/** Whose histogram, if there is one, does not say how a request ended. */
export interface UnlabelledDurations extends Pick<RequestServer, "id" | "unit"> {
  readonly durations?: RequestDurations & { readonly byStatus: false };
}

export function isTimed<S extends RequestServer | UnlabelledDurations>(server: S): server is S & TimedServer {
  return server.durations !== undefined;
}

/** A histogram of the durations of requests. */
interface RequestDurations extends DurationHistogram {
  /** Whether it has the status label of the counter. */
  readonly byStatus: boolean;
  /** The requests whose duration depends on the server: values of a label, and one of them. */
  readonly only?: { readonly label: string; readonly values: RegExp; readonly example: string };
}

/** The labels of the measured targets. */
type Labels = Readonly<Record<string, string>>;

/** Requests to the targets with these labels, and those with a server error. */
export function availability(server: RequestServer, target: Labels, form: HistogramForm): RatioSignal {
  const counter = counterOf(server, form);
  const selector = metric(counter, ...equal(target));
  const count = (...lists: readonly Matcher[][]): EventCount => {
    const selectors = lists.map((matchers) => where(selector, ...matchers));
    const counters = selectors.length === 1 ? (selectors[0] as Selector) : { anyOf: selectors };
    return isOfNativeHistogram(server, form) ? { kind: "observations", histogram: counters } : counters;
  };
  return {
    id: `${server.id}-availability`,
    unit: server.unit,
    description: `${server.serverErrorsInWords} count as errors.`,
    total: count([]),
    errors: count(...failed(server)),
    unclassified: { count: count(...withoutKnownStatus(server)), expected: expectedOf(server, counter) },
    // An optional histogram is shown only if an objective uses it.
    ...(isTimed(server) &&
      server.counter === `${server.durations.metric}_count` && {
        measures: [measuredDurations(server, target, form)],
      }),
  };
}

/** The durations of requests without a server error. */
export function measuredDurations(
  server: TimedServer,
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
    of: `${unit}${withoutErrors(server)}`,
    ...(threshold !== undefined && { limit: inUnitOf(durations, threshold) }),
  };
}

/**
 * Requests without a server error, and those of them that took longer than a threshold. Failed requests count for the availability
 * objective, and a fast failure must not improve the latency.
 */
export function latency(
  server: TimedServer,
  target: Labels,
  form: HistogramForm,
  threshold: Duration,
): RatioSignal {
  const requests = timedRequests(server, target, form, threshold);
  return {
    id: `${server.id}-latency`,
    unit: server.unit,
    description: `${capitalised(server.unit)}${withoutErrors(server)} that take longer than ${threshold} count as errors.`,
    total: { kind: "timed", requests },
    errors: { kind: "too slow", requests },
    failing: { does: "exceeds the latency threshold for", infinitive: "exceed the latency threshold" },
    measures: [measuredDurations(server, target, form, threshold)],
    ...(form === "native" && { caveat: INTERPOLATED }),
  };
}

/** Schema 3 has eight buckets for each power of two, so the ratio of two bounds is 2^(1/8) = 1.09. */
const INTERPOLATED =
  "The threshold lies within a bucket of the native histogram. The calculation assumes that the durations in this bucket are evenly distributed; in schema 3 the bucket is 9% wide.";

function timedRequests(server: TimedServer, target: Labels, form: HistogramForm, threshold: Duration) {
  const { durations } = server;
  const labels = [...equal(target), ...onlyOf(server)];
  const limit = inUnitOf(durations, threshold);
  if (form === "native")
    return {
      form,
      all: metric(durations.metric, ...judgedRequests(server, target)),
      known: metric(durations.metric, ...labels),
      threshold: limit,
    } as const;
  const bucket = metric(`${durations.metric}_bucket`, ...labels, ...atMost(limit, durations));
  return {
    form,
    all: metric(`${durations.metric}_count`, ...judgedRequests(server, target)),
    inTime: where(bucket, ...judged(server)),
    known: bucket,
  } as const;
}

/** Matchers for the requests whose duration depends on the server. */
function judgedRequests(server: TimedServer, target: Labels): Matcher[] {
  return [...equal(target), ...onlyOf(server), ...judged(server)];
}

/** Matchers for the requests that did not fail, where the histogram tells them apart. */
function judged(server: TimedServer): Matcher[] {
  return "statusLabel" in server && server.durations.byStatus ? served(server) : [];
}

function onlyOf({ durations: { only } }: TimedServer): Matcher[] {
  return only === undefined ? [] : [matching(only.label, only.values)];
}

/** Which requests a latency is measured of, in words. */
function withoutErrors(server: TimedServer): string {
  if (!("statusLabel" in server && server.durations.byStatus)) return "";
  return server.serverErrors === "any" ? " without an error" : " without a server error";
}

function atMost(limit: number, durations: RequestServer["durations"]): Matcher[] {
  return equal({ le: bucketLabel(limit, durations) });
}

/** The series of a successful and of a failed request, on a target with these labels. */
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
    unclassified: [series("", { ...target, ...unknownExample(server) })],
    others: otherTargetsOf(target).flatMap((labels) => [
      series(bad, labels),
      series("", { ...labels, ...unknownExample(server) }),
      ...(server.otherStatusLabels ?? []).map((label) => series("", { ...labels, [label]: bad })),
    ]),
    ...(isOfNativeHistogram(server, form) && { native: { good: 0.1, bad: 0.1 } }),
  };
}

/** The series of a fast and of a slow request, on a target with these labels. */
export function latencyExamples(
  server: TimedServer,
  target: Labels,
  form: HistogramForm,
  threshold: Duration,
): ExampleSeries {
  const { durations } = server;
  const limit = inUnitOf(durations, threshold);
  const labelsOf = (status: "good" | "bad", labels: Labels) => ({
    ...labels,
    ...kindOf(server),
    ...("statusLabel" in server && durations.byStatus && labelled(server, server.statuses[status])),
  });
  const series = (suffix: string, status: "good" | "bad", labels: Labels = target) =>
    printSelector(metric(durations.metric + suffix, ...equal(labelsOf(status, labels))));
  // Other targets have no requests within the threshold: if they were counted by mistake, they would all be slow.
  const suffix = form === "native" ? "" : "_count";
  const failed = durations.byStatus ? [series(suffix, "bad")] : [];
  const others = [...failed, ...otherTargetsOf(target).map((labels) => series(suffix, "good", labels))];
  if (form === "native") {
    const all = [series("", "good")];
    // 20% below and 25% above the threshold, and so in another bucket.
    return { good: all, bad: all, others, native: { good: limit * 0.8, bad: limit * 1.25 } };
  }
  const all = series("_count", "good");
  const inTime = printSelector(
    metric(
      `${durations.metric}_bucket`,
      ...equal({ ...labelsOf("good", target), le: bucketLabel(limit, durations) }),
    ),
  );
  return { good: [all, inTime], bad: [all], always: [inTime], others };
}

/** The labels that identify targets. */
const TARGET_LABELS = ["job", "namespace", "cronjob"];

/** Targets that differ in one of the identifying labels. */
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

function kindOf({ durations }: Pick<RequestServer, "durations">): Labels {
  const only = durations?.only;
  return only === undefined ? {} : { [only.label]: only.example };
}

/** Whether the counter is the count of a native histogram, which has no separate series for it. */
function isOfNativeHistogram({ counter, durations }: RequestServer, form: HistogramForm): boolean {
  return form === "native" && counter === `${durations?.metric}_count`;
}

/** The metric that counts requests: with a native histogram that may be the histogram. */
export function counterOf(server: RequestServer, form: HistogramForm): string {
  const { counter, durations } = server;
  return durations !== undefined && isOfNativeHistogram(server, form) ? durations.metric : counter;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
