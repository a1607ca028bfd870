import type { RoutedSeverity } from "../../alertmanager/model.ts";
import type { Duration } from "../../core/duration.ts";
import type { PanelRef } from "../../signals/panels.ts";

// Alerts that Grafana itself evaluates: what Prometheus cannot see, because it is gone, or because only AWS knows.

/** What an alert knows of its environment. */
export interface GrafanaAlertParameters {
  /** How often the Watchdog leaves for the heartbeat's receiver. */
  readonly heartbeatInterval: Duration;
  /** The name of the EKS cluster; an alert about AWS exists only where there is one. */
  readonly clusterName: string;
}

/** One question to a data source. */
export type AlertQuery =
  | {
      readonly source: "prometheus";
      /** Asked of one moment. */
      readonly expr: (parameters: GrafanaAlertParameters) => string;
    }
  | {
      readonly source: "cloudwatch";
      /** A query of CloudWatch Metrics Insights: all resources of the account and region at once, whatever they are called. */
      readonly sql: (parameters: GrafanaAlertParameters) => string;
    };

/** The queries of an alert by the name that Grafana knows each by. */
export type AlertQueries = Readonly<{ A: AlertQuery } & Partial<Record<"B" | "C", AlertQuery>>>;
export type QueryName = keyof AlertQueries;

/** One alert that Grafana evaluates. */
export interface GrafanaAlertDefinition {
  /** PascalCase, unique among all alerts, and never changed: silences and runbooks are addressed by it. */
  readonly name: string;
  /** What is broken, and where: one line. A template of Grafana, in which labels are `.Labels` and what is compared is `.Values.V.Value`. */
  readonly summary: string;
  /** One or two sentences: what is seen, and against which limit. A template as well. */
  readonly description: string;
  /** What it means for those who rely on the cluster. */
  readonly impact: string;
  /** What to do first. */
  readonly firstStep: string;
  readonly severity: RoutedSeverity;
  /** How long its condition must hold: a whole number of evaluations. */
  readonly for: Duration;
  readonly queries: AlertQueries;
  /** What becomes of the points that a query yields, series by series. Of a query to Prometheus there is one. */
  readonly reduce: "last" | "sum" | "max";
  /** A formula over the reduced queries, such as `$A / $B`. Default: what A yields. */
  readonly formula?: string;
  /** What is compared, and how. */
  readonly limit: {
    readonly value: number;
    readonly bad: "above" | "below";
    /** The number as people write it, and what it limits. */
    readonly means: string;
  };
  /** Whether it fires where the data source answers and has nothing to say. */
  readonly withoutData: "fires" | "is silent";
  /** What it does where the data source cannot be asked. */
  readonly withoutAnswer: "fires" | "stays as it is";
  /** Where the same thing can be seen from inside. */
  readonly panel: PanelRef;
  /** The proof: at least one case in which it fires and one in which it stays silent. */
  readonly cases: readonly GrafanaAlertCase[];
}

/** One situation, as the data sources would tell it. */
export interface GrafanaAlertCase {
  /** Continues "<Alert>", such as "fires when no target answers". */
  readonly title: string;
  readonly fires: boolean;
  readonly seen: Seen;
}

export type Seen =
  /** What Prometheus scraped in the past hour, in promtool's notation with a value each 30 seconds. */
  | { readonly scraped: (parameters: GrafanaAlertParameters) => readonly string[] }
  /** What CloudWatch answers to each query: points by the value of the label that the query groups by. */
  | { readonly answers: Readonly<Partial<Record<QueryName, Readonly<Record<string, readonly number[]>>>>> }
  /** Nobody answers. */
  | "no answer";

/** The alerts of a group are evaluated together, one after the other. */
export interface GrafanaAlertGroup {
  /** Kebab-case: the name of the rule group. */
  readonly name: string;
  readonly source: AlertQuery["source"];
  readonly interval: Duration;
  readonly alerts: readonly GrafanaAlertDefinition[];
}
