import { type Duration, duration, seconds } from "../core/duration.ts";
import { percent } from "../core/share.ts";
import type { Job } from "../signals/jobs.ts";
import type { PlatformSignal } from "../signals/platform.ts";
import type { Severity } from "../signals/severity.ts";

/** The parts of the platform that alerts are filed under; each is one PrometheusRule and one rule group. */
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
  /** What the number limits, as a phrase: "share of a node's memory in use". */
  readonly means: string;
}

/** An alert's numbers in one environment: the catalogue's, or what the environment put in their place. */
export interface AlertParameters {
  /** In the threshold's unit; 0 for an alert that compares against nothing. */
  readonly threshold: number;
  readonly for: Duration;
  readonly severity: Severity;
  readonly scrapeInterval: Duration;
}

/** One alert of the catalogue. */
export interface AlertDefinition {
  /** PascalCase, unique, and never changed: silences, routes and runbooks are addressed by it. */
  readonly name: string;
  /** A template of one line: what is broken, and where. */
  readonly summary: string;
  /** A template of one or two sentences: what is seen, how much, since when, against which limit. */
  readonly description: (parameters: AlertParameters) => string;
  /** What it means for those who rely on the cluster. No template. */
  readonly impact: string;
  readonly expr: (parameters: AlertParameters) => string;
  readonly threshold?: Threshold;
  readonly for: Duration;
  /** The longest `for` with which it can still fire, where the query forgets an event after a while. */
  readonly longestFor?: Duration;
  /**
   * The shortest range that its query looks back over, and how many samples it needs in there: two for a rate, one for a maximum. Its
   * firing cases are then watched after the last scrape, too, until it forgets.
   */
  readonly lookback?: { readonly range: Duration; readonly samples: 1 | 2 };
  /** How long it goes on firing once the condition is gone, where a signal flaps. */
  readonly keepFiringFor?: Duration;
  readonly severity: Severity;
  /** What the alert compares; its panel is where the alert links to. */
  readonly signal?: PlatformSignal;
  /** What has to be scraped for it. A cluster on which one of these is not scraped does not have the alert. */
  readonly jobs: readonly Job[];
  /** What an environment must do besides scraping. Left out: nothing. */
  readonly needs?: "samples-sent-on";
  /** Alerts that explain this one. While they fire for the same labels, this one need not notify anybody. */
  readonly mutedBy?: readonly { readonly alert: string; readonly equal: readonly string[] }[];
  /** Part of how alerting works, so that no environment may change it. */
  readonly fixed?: true;
  /** The proof: at least one case in which it fires and one in which it stays silent. */
  readonly cases: readonly AlertCase[];
}

/** One situation, as the exporters would report it. */
export interface AlertCase {
  /** Continues "<Alert>", such as "fires when half of the nodes are gone". */
  readonly title: string;
  readonly build: (parameters: AlertParameters) => Situation;
}

export interface Situation {
  readonly series: readonly InputSeries[];
  /** The alerts that must fire; none in a silent case. */
  readonly alerts: readonly ExpectedAlert[];
  /**
   * Seconds from the start to the first moment at which the condition holds. The alert must fire exactly `for` later and not one
   * evaluation earlier.
   */
  readonly holdsFrom: number;
  /** When it stops, in seconds from the start: at `after` the alert must still fire, and at `by` it must be silent. */
  readonly stops?: { readonly after: number; readonly by: number };
}

/** A series and its values, as many as the case needs. */
export interface InputSeries {
  readonly series: string;
  readonly values: (count: number) => string;
}

/** An alert as it must be: the labels that the query keeps, and the text that `$value` is shown as. */
export interface ExpectedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly value?: string;
}

/** A range for a rate: `least`, or four scrapes where scrapes are so rare that `least` would hold fewer. */
export function rangeOf({ scrapeInterval }: AlertParameters, least: Duration): Duration {
  return duration(Math.max(seconds(least), 4 * seconds(scrapeInterval)));
}

/** A number of a threshold's unit as people write it: 0.9 is `90%`, 24 hours is `24h`. */
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
