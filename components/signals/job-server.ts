import type { HistogramForm } from "./histogram.ts";
import { equal, metric, printSelector, type Selector } from "./promql.ts";
import type { ExampleSeries, RatioSignal } from "./ratio.ts";
import { isTimed, measuredDurations, otherTargetsOf, type UnlabelledDurations } from "./request-server.ts";

type Labels = Readonly<Record<string, string>>;

/** A metric, or those of its series that have these labels. */
export interface Gauge {
  readonly metric: string;
  readonly labels?: Labels;
}

/** A worker whose good and failed jobs have a counter each: a metric, or a value of a label of one. */
export interface JobServer extends UnlabelledDurations {
  /** What counts the jobs that succeeded, and those that failed. No job is in both. */
  readonly ended: { readonly good: Gauge; readonly failed: Gauge };
}

/** The series of a metric on the targets with these labels. */
export function seriesOf({ metric: name, labels = {} }: Gauge, target: Labels): Selector {
  return metric(name, ...equal({ ...target, ...labels }));
}

/** Jobs that have ended, and those that failed. */
export function jobSuccess(server: JobServer, target: Labels, form: HistogramForm): RatioSignal {
  const { id, unit, ended } = server;
  const { good, failed } = ended;
  return {
    id: `${id}-success`,
    unit,
    description: `Jobs in ${printed(failed)} count as errors, of all in ${printed(good)} and in that.`,
    total: { anyOf: [seriesOf(good, target), seriesOf(failed, target)] },
    errors: seriesOf(failed, target),
    ...(isTimed(server) && { measures: [measuredDurations(server, target, form)] }),
  };
}

/** The series of a job that succeeded and of one that failed, on a target with these labels. */
export function jobExamples({ ended: { good, failed } }: JobServer, target: Labels): ExampleSeries {
  const series = (counter: Gauge, labels: Labels = target) => printSelector(seriesOf(counter, labels));
  return {
    good: [series(good)],
    bad: [series(failed)],
    others: otherTargetsOf(target).flatMap((labels) => [series(good, labels), series(failed, labels)]),
  };
}

/** A metric as in PromQL. */
export function printed({ metric: name, labels = {} }: Gauge): string {
  return printSelector(metric(name, ...equal(labels)));
}
