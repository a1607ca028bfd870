import type { Duration } from "../../core/duration.ts";
import type { GrafanaAddress } from "../../signals/panels.ts";
import type { ExampleSeries } from "../../signals/ratio.ts";
import type { InputSeries } from "./exporter.ts";

/** What the cases need to know of where the SLO is watched. */
export interface CaseContext {
  readonly scrapeInterval: Duration;
  readonly runbookBaseUrl: string;
  /** Where the service's dashboard is, if alerts link there. */
  readonly grafana?: GrafanaAddress | undefined;
  /** What a good and a bad event are counted by. Where nobody says it, only the alert for missing series is proven. */
  readonly examples: ExampleSeries | undefined;
}

/** One case for `promtool test rules`, with the fields that promtool reads. */
export interface SloTestCase {
  readonly name: string;
  readonly interval: Duration;
  readonly input_series: readonly InputSeries[];
  readonly alert_rule_test: readonly AlertTest[];
  readonly promql_expr_test?: readonly QueryTest[];
}

/** What a query must answer at one moment. */
export interface QueryTest {
  readonly expr: string;
  readonly eval_time: Duration;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

/** The alerts of one name that must be firing at one moment. */
export interface AlertTest {
  readonly eval_time: Duration;
  readonly alertname: string;
  readonly exp_alerts: readonly ExpectedAlert[];
}

export interface ExpectedAlert {
  readonly exp_labels: Readonly<Record<string, string>>;
  readonly exp_annotations: Readonly<Record<string, string>>;
}
