import type { EventCount } from "./event-rate.ts";
import type { Measure } from "./measures.ts";

/** An SLI: the failed events of all events. */
export interface RatioSignal {
  /** Kebab-case and stable. */
  readonly id: string;
  /** The name of the events, in the plural: "requests". */
  readonly unit: string;
  /** Which events count as errors, as a sentence. */
  readonly description: string;
  /** The count of all events. */
  readonly total: EventCount;
  /** The count of failed events. It may have no series before the first failure. */
  readonly errors: EventCount;
  /**
   * The events that the metrics say neither of, good or failed. They count as good, so an alert is about them. Unset if there can be none,
   * if another objective of the service is about the same ones, or if only the author of the queries knows.
   */
  readonly unclassified?: Unclassified;
  /** The verbs for failed events. Default: {@link FAILING}. */
  readonly failing?: Failing;
  /** Number of events per scrape, if an event is a check of a gauge. Unset for other events. */
  readonly eventsPerScrape?: number;
  /** Further measurements of the events, such as durations. Unset if only their number is known. */
  readonly measures?: readonly Measure[];
  /** An inaccuracy of the measurement, as a sentence for the description of alerts. */
  readonly caveat?: string;
}

/** Events of an unknown outcome. */
export interface Unclassified {
  readonly count: EventCount;
  /** What the metrics must be like for the outcome to be known, as a sentence. */
  readonly expected: string;
}

/** The verbs for failed events in the texts of alerts. */
export interface Failing {
  /** Of the service, before "3% of its requests": "fails". */
  readonly does: string;
  /** Of the events, after "allows 1% of requests to": "fail". */
  readonly infinitive: string;
}

export const FAILING: Failing = { does: "fails", infinitive: "fail" };

/** The series that an event increases, in promtool's notation. A series in both lists counts good and bad events. */
export interface ExampleSeries {
  readonly good: readonly string[];
  readonly bad: readonly string[];
  /** Series that an exporter reports from its start with the value 0, such as the buckets of a histogram. */
  readonly always?: readonly string[] | undefined;
  /** Series with events that do not count: of other services, or of other objectives. */
  readonly others?: readonly string[] | undefined;
  /** Series with events that are neither good nor bad. Unset if there can be none. */
  readonly unclassified?: readonly string[] | undefined;
  /** Set if the series of `good` and `bad` are native histograms. */
  readonly native?: NativeExamples | undefined;
  /** Set if the series are gauges, all of them in `good`, and each scrape is an event. */
  readonly sampled?: SampledExamples | undefined;
}

/** The values of a gauge in a good and in a bad scrape. */
export interface SampledExamples {
  readonly good: number;
  readonly bad: number;
  /** A value that is neither. */
  readonly unclear: number;
  /** Whether the gauge is a timestamp and these values are the seconds since then. */
  readonly since: boolean;
}

/** The observations of a good and of a bad event in a native histogram. */
interface NativeExamples {
  /** In the histogram's unit, and in another bucket than the threshold. */
  readonly good: number;
  readonly bad: number;
}
