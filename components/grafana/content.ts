import type { AlertsSettings } from "../alerts/model.ts";
import type { ClusterTraits } from "../cluster/model.ts";
import type { Duration } from "../core/duration.ts";
import { addressOf, PROGRAMS } from "../prometheus/programs.ts";
import { dashboardJson } from "./dashboard.ts";
import { platformDashboards } from "./dashboards/platform.ts";
import { type DataSource, type DataSourceRole, dataSources } from "./data-sources.ts";
import type { DashboardJson } from "./json.ts";
import type { GrafanaSettings } from "./model.ts";
import { watchingAlerts } from "./watching-alerts.ts";

/** What dashboards and data sources are rendered from, whichever Grafana gets them. */
export interface GrafanaContentArgs {
  readonly settings: GrafanaSettings;
  readonly cluster: ClusterTraits;
  /** The environment's name, which the data sources carry. */
  readonly environment: string;
  /** Prometheus' scrape interval, from which Grafana computes the range of a rate. */
  readonly scrapeInterval: Duration;
  /**
   * The environment's alerts: panels draw their limits and link to their runbooks. Default: the catalogue's limits, and no
   * runbooks.
   */
  readonly alerts?: AlertsSettings;
}

/** What a Grafana is given: the same by provisioning and by API. */
export interface GrafanaContent {
  readonly sources: Readonly<Record<DataSourceRole, DataSource>>;
  readonly dashboards: readonly DashboardJson[];
}

/** The platform's data sources and dashboards in one environment. */
export function renderContent(args: GrafanaContentArgs): GrafanaContent {
  const { settings, cluster, environment, scrapeInterval, alerts } = args;
  const sources = dataSources({ environment, scrapeInterval, ...sourceUrls(settings) });
  const watching = watchingAlerts({ settings: alerts, cluster, scrapeInterval });
  return {
    sources,
    dashboards: platformDashboards(watching).map((dashboard) => dashboardJson(dashboard, sources.prometheus)),
  };
}

function sourceUrls(settings: GrafanaSettings): { prometheusUrl: string; alertmanagerUrl: string } {
  if (settings.kind === "existing") return settings;
  return {
    prometheusUrl: `http://${addressOf(PROGRAMS.prometheus, "web")}`,
    alertmanagerUrl: `http://${addressOf(PROGRAMS.alertmanager, "web")}`,
  };
}
