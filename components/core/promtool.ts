import type { Duration } from "./duration.ts";
import type { Names } from "./template.ts";

/** A file for `promtool test rules`, field by field as promtool reads it. */
export interface PromtoolTestFile {
  /** Paths of rule files, relative to this file: `../rules/<metadata.name of the PrometheusRule>.yaml`. */
  readonly rule_files: readonly string[];
  /** How often rules are evaluated. promtool ignores the interval of a rule group. */
  readonly evaluation_interval: Duration;
  readonly tests: readonly PromtoolCase[];
}

/** One case: input series, and the expected alerts and query results. */
export interface PromtoolCase {
  /** A sentence with the expected behaviour. promtool prints it if the case fails. */
  readonly name: string;
  /** Time between two values of a series. */
  readonly interval: Duration;
  readonly input_series: readonly PromtoolSeries[];
  readonly alert_rule_test?: readonly PromtoolAlertTest[];
  readonly promql_expr_test?: readonly PromtoolQueryTest[];
}

export interface PromtoolSeries {
  /** A metric with its labels, such as `up{job="kubelet"}`. */
  readonly series: string;
  /** promtool's notation: `1x10` is eleven ones, `0+5x10` climbs by five, `_` is a gap. */
  readonly values: string;
}

/** The expected firing alerts of a name at one time; none if `exp_alerts` is empty. */
export interface PromtoolAlertTest {
  readonly eval_time: Duration;
  readonly alertname: string;
  readonly exp_alerts: readonly PromtoolAlert[];
}

export interface PromtoolAlert {
  readonly exp_labels: Readonly<Record<string, string>>;
  readonly exp_annotations: Readonly<Record<string, string>>;
}

/** The expected result of a query at one time. */
export interface PromtoolQueryTest {
  readonly expr: string;
  readonly eval_time: Duration;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

/** Files for `promtool test rules`, by name without its ending. */
export type TestFiles = Readonly<Record<string, PromtoolTestFile>>;

/** The test files of the platform, or of one service. */
export interface Tested {
  /** Renders them. */
  readonly files: () => TestFiles;
  /** Of a service: what its files have in common with those of services that are defined alike. */
  readonly form?: TestForm | undefined;
}

export interface TestForm {
  /** The same text for services whose files differ in nothing but names. */
  readonly key: string;
  /** The service's own names, by placeholder. */
  readonly names: Names;
  /** Renders the files with placeholders for the names. */
  readonly files: () => TestFiles;
}
