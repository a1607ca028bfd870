import type { Duration } from "../core/duration.ts";

/** A rule that writes a series, as Prometheus reads it. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A rule that raises an alert, as Prometheus reads it. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: Duration;
  readonly keep_firing_for?: Duration;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Rules that run one after the other at one moment. */
export interface RuleGroup {
  readonly name: string;
  /** Time between two evaluations. */
  readonly interval: Duration;
  readonly rules: readonly (RecordingRule | AlertingRule)[];
}
