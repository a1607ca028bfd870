import type { Duration } from "./duration.ts";

// The format of Prometheus' rule files: https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/. A PrometheusRule has
// the same groups in its spec. First the rules that Bellwether renders, then rules as anyone may write them.

/**
 * Seconds after which an instant selector no longer finds the newest sample of a series: Prometheus' default of `--query.lookback-delta`. A
 * sample that is exactly so old is not found.
 */
export const LOOKBACK_SECONDS = 300;

/** A rule that writes a series. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A rule that raises an alert. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: Duration;
  readonly keep_firing_for?: Duration;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Rules that are evaluated one after the other. */
export interface RuleGroup {
  readonly name: string;
  /** Time between two evaluations. */
  readonly interval: Duration;
  /** The most alerts or series that a rule may give. Default: any number. */
  readonly limit?: number;
  /** How far back the queries look. Default: that of the server. */
  readonly query_offset?: Duration;
  readonly rules: readonly (RecordingRule | AlertingRule)[];
}

/** A rule as a rule file or a PrometheusRule contains it, whoever wrote it. */
export interface WrittenRule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A group as a rule file or a PrometheusRule contains it. */
export interface WrittenGroup {
  readonly name: string;
  /** A Prometheus duration. Default: the evaluation interval of the server. */
  readonly interval?: string;
  readonly rules: readonly WrittenRule[];
}

/** A rule file. */
export interface RuleFile {
  readonly groups: readonly WrittenGroup[];
}
