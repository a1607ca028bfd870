import type { RoutedSeverity } from "../../alertmanager/model.ts";
import type { Duration } from "../../core/duration.ts";
import type { PanelRef } from "../../signals/panels.ts";

// Alerts that Grafana evaluates: about failures of Prometheus itself, and about metrics that only AWS has.

/** Values of the environment that queries use. */
export interface GrafanaAlertParameters {
  /** Interval at which Alertmanager notifies the heartbeat receiver. */
  readonly heartbeatInterval: Duration;
  /** The name of the EKS cluster; an alert about AWS exists only where there is one. */
  readonly clusterName: string;
}

/** One query to a data source. */
export type AlertQuery =
  | {
      readonly source: "prometheus";
      /** An instant query. */
      readonly expr: (parameters: GrafanaAlertParameters) => string;
    }
  | {
      readonly source: "cloudwatch";
      /** A query of CloudWatch Metrics Insights, over all resources of the account and region. */
      readonly sql: (parameters: GrafanaAlertParameters) => string;
    };

/** The queries of an alert by their refId. */
type AlertQueries = Readonly<{ A: AlertQuery } & Partial<Record<"B" | "C", AlertQuery>>>;
export type QueryName = keyof AlertQueries;

/** One alert that Grafana evaluates. */
export interface GrafanaAlertDefinition {
  /** PascalCase, unique among all alerts, and never changed: silences and runbooks use it. */
  readonly name: string;
  /** One line that says what is broken and where. A Grafana template: labels are `.Labels`, the compared value is `.Values.V.Value`. */
  readonly summary: string;
  /** One or two sentences: the measured value and the threshold. A template as well. */
  readonly description: string;
  /** The impact on users of the cluster. */
  readonly impact: string;
  /** What to do first. */
  readonly firstStep: string;
  readonly severity: RoutedSeverity;
  /** How long the condition must be true: a multiple of the evaluation interval. */
  readonly for: Duration;
  readonly queries: AlertQueries;
  /** How the points of each series are reduced to one number. An instant query to Prometheus has one point. */
  readonly reduce: "last" | "sum" | "max";
  /** A formula over the reduced queries, such as `$A / $B`. Default: the value of A. */
  readonly formula?: string;
  /** The threshold. */
  readonly limit: {
    readonly value: number;
    readonly bad: "above" | "below";
    /** The number with its unit, for runbooks. */
    readonly means: string;
  };
  /** What the alert does when the queries have no data. */
  readonly noData: "fires" | "does not fire";
  /** What the alert does when a query fails or times out. */
  readonly onError: "fires" | "keeps its state";
  /** The panel with the same metric, or the closest one, from Prometheus. */
  readonly panel: PanelRef;
  /** At least one case in which it fires and one in which it does not. */
  readonly cases: readonly GrafanaAlertCase[];
}

/** A test case: the data of the data sources, and whether the alert fires. */
export interface GrafanaAlertCase {
  /** Continues "<Alert>", such as "fires when no target is up". */
  readonly title: string;
  readonly fires: boolean;
  readonly seen: Seen;
}

type Seen =
  /** Samples of Prometheus in the past hour, in promtool's notation with an interval of 30 s. */
  | { readonly scraped: (parameters: GrafanaAlertParameters) => readonly string[] }
  /** CloudWatch's result of each query: points by the value of the label that the query groups by. */
  | { readonly answers: Readonly<Partial<Record<QueryName, Readonly<Record<string, readonly number[]>>>>> }
  /** The data source does not respond. */
  | "no answer";

/** A group of alerts, evaluated one after the other. */
export interface GrafanaAlertGroup {
  /** Kebab-case: the name of the rule group. */
  readonly name: string;
  readonly source: AlertQuery["source"];
  readonly interval: Duration;
  readonly alerts: readonly GrafanaAlertDefinition[];
}
