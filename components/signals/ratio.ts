import type { EventCount } from "./event-rate.ts";
import type { Measure } from "./measures.ts";

/** What a service is judged by: of all events, those that went wrong. */
export interface RatioSignal {
  /** Kebab-case and stable. */
  readonly id: string;
  /** What is counted, in the plural: "requests". */
  readonly unit: string;
  /** Which events count as errors, as a sentence. */
  readonly description: string;
  /** The counts of all events. */
  readonly total: EventCount;
  /** The counts of the events that went wrong. They need not exist before the first one does. */
  readonly errors: EventCount;
  /** What going wrong is called. Default: {@link FAILING}. */
  readonly failing?: Failing;
  /** How many events each scrape is, where that is what events are. Unset where they come as they come. */
  readonly eventsPerScrape?: number;
  /** What else is measured of the events, and what is promised of it. Unset where nothing but their number is known. */
  readonly measures?: readonly Measure[];
  /** What is not exact about the measurement, as a sentence that whoever gets an alert should know. */
  readonly caveat?: string;
}

/** What going wrong is called where an alert tells of it. */
export interface Failing {
  /** Of the service, before "3% of its requests": "fails". */
  readonly does: string;
  /** Of the events, after "lets 1% of requests": "fail". */
  readonly infinitive: string;
}

export const FAILING: Failing = { does: "fails", infinitive: "fail" };

/** The series that an event adds to, in promtool's notation: one that stands in both lists counts both kinds. */
export interface ExampleSeries {
  readonly good: readonly string[];
  readonly bad: readonly string[];
  /** Those that an exporter reports from its start, at 0, as it does the buckets of a histogram. */
  readonly always?: readonly string[] | undefined;
  /** Busy series of what does not count: of other services, or of events that another objective judges. */
  readonly others?: readonly string[] | undefined;
  /** Set where the series of `good` and `bad` are native histograms. */
  readonly native?: NativeExamples | undefined;
  /** Set where the series are gauges, all of them in `good`, of which each scrape is an event. */
  readonly sampled?: SampledExamples | undefined;
}

/** What a gauge shows in a good and in a bad scrape. */
export interface SampledExamples {
  readonly good: number;
  readonly bad: number;
  /** Whether the gauge is a time stamp, and these values are the seconds since then. */
  readonly since: boolean;
}

/** What a good and a bad event add to a native histogram. */
export interface NativeExamples {
  /** In the histogram's own unit, and in another bucket than its threshold. */
  readonly good: number;
  readonly bad: number;
}
