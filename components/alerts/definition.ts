import { type Duration, duration, seconds } from "../core/duration.ts";
import { percent } from "../core/share.ts";
import type { Job } from "../signals/jobs.ts";
import type { PlatformSignal } from "../signals/platform.ts";
import type { Severity } from "../signals/severity.ts";

/** The parts of the platform by which alerts are grouped; each is one PrometheusRule and one rule group. */
export const AREAS = [
  "general",
  "nodes",
  "workloads",
  "storage",
  "control-plane",
  "prometheus",
  "alertmanager",
  "exporters",
] as const;
export type AlertArea = (typeof AREAS)[number];

/** The limit that an alert compares against. An environment may move it between `min` and `max`. */
export interface Threshold {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** `share` is a number from 0 to 1; a `count` is whole. */
  readonly unit: "share" | "count" | "seconds" | "hours";
  /** Which side is bad: above the limit, below it, or at the limit and above. */
  readonly comparison: "above" | "below" | "at-least";
  /** The quantity that is compared, as a phrase: "share of a node's memory in use". */
  readonly means: string;
}

/** An alert's numbers in one environment: those of the catalogue, or the overrides of the environment. */
export interface AlertParameters {
  /** In the threshold's unit; 0 for an alert without a threshold. */
  readonly threshold: number;
  readonly for: Duration;
  readonly severity: Severity;
  readonly scrapeInterval: Duration;
  /** Shards of Prometheus, where there are several. */
  readonly shards?: number;
}

/**
 * How long an alert about the state of an object, a node or a volume keeps firing without data. Each state has one source, such as the only
 * replica of kube-state-metrics or the kubelet of the node: while that is replaced, there are no series, and the alert would be resolved in
 * the middle of an incident and notify again.
 */
export const KEEP_FIRING_WITHOUT_OBJECTS: Duration = "5m";

/** One alert of the catalogue. */
export interface AlertDefinition {
  /** PascalCase, unique, and never changed: silences, routes and runbooks are addressed by it. */
  readonly name: string;
  /** A template of one sentence of at most about 90 characters: what is broken, and where. No period. */
  readonly summary: string;
  /** A template of one or two sentences: the fact, the measured value, the limit, and for how long. */
  readonly description: (parameters: AlertParameters) => string;
  /** What it means for the users of the cluster. No template. */
  readonly impact: string;
  readonly expr: (parameters: AlertParameters) => string;
  readonly threshold?: Threshold;
  readonly for: Duration;
  /** The longest `for` with which it can still fire, where the query sees an event only for a limited time. */
  readonly longestFor?: Duration;
  /**
   * The shortest range of its query, and how many samples it needs in that range: two for a rate, one for a maximum. Its firing cases
   * are then checked after the last scrape, too, until the alert resolves.
   */
  readonly lookback?: { readonly range: Duration; readonly samples: 1 | 2 };
  /** How long it keeps firing once the condition is false, for a signal that flaps. */
  readonly keepFiringFor?: Duration;
  readonly severity: Severity;
  /** The signal that the alert compares; the alert links to its panel. */
  readonly signal?: PlatformSignal;
  /** The jobs that the query reads. A cluster on which one of them is not scraped does not have the alert. */
  readonly jobs: readonly Job[];
  /** What an environment must configure besides scraping. Left out: nothing. */
  readonly needs?: "remote-write" | "thanos" | "thanos-ruler" | "shards";
  /** Alerts that are the cause of this one. While they fire with the same labels, Alertmanager inhibits this one. */
  readonly mutedBy?: readonly { readonly alert: string; readonly equal: readonly string[] }[];
  /** Part of how alerting works, so that no environment may change it. */
  readonly fixed?: true;
  /** promtool tests: at least one case in which it fires and one in which it does not. */
  readonly cases: readonly AlertCase[];
}

/** One test case, with series in the exporters' format. */
export interface AlertCase {
  /** Continues "<Alert>", such as "fires when half of the nodes are not ready". */
  readonly title: string;
  readonly build: (parameters: AlertParameters) => Situation;
}

export interface Situation {
  readonly series: readonly InputSeries[];
  /** The alerts that must fire; none in a case without an alert. */
  readonly alerts: readonly ExpectedAlert[];
  /**
   * Seconds from the start to the first time at which the condition is true. The alert must fire exactly `for` later and not one
   * evaluation earlier.
   */
  readonly holdsFrom: number;
  /** When it stops, in seconds from the start: at `after` the alert must still fire, and at `by` it must not. */
  readonly stops?: { readonly after: number; readonly by: number };
}

/** A series and a function that returns `count` values in promtool's notation. */
export interface InputSeries {
  readonly series: string;
  readonly values: (count: number) => string;
}

/** An expected alert: the labels that the query keeps, and the text of `$value`. */
export interface ExpectedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly value?: string;
}

/** The range for a rate: `least`, or four scrape intervals if that is longer. */
export function rangeOf({ scrapeInterval }: AlertParameters, least: Duration): Duration {
  return duration(Math.max(seconds(least), 4 * seconds(scrapeInterval)));
}

/** A number with its unit: 0.9 is `90%`, 24 hours is `24h`. */
export function shownThreshold(value: number, unit: Threshold["unit"]): string {
  switch (unit) {
    case "share":
      return percent(value);
    case "count":
      return String(value);
    case "seconds":
      return `${value}s`;
    case "hours":
      return `${value}h`;
  }
}
