import type { Duration } from "../core/duration.ts";
import { shortUid } from "../signals/panels.ts";

/** A data source, in the words that the provisioning file and the API share. */
export interface DataSource {
  /** Never changed: dashboards and people's own panels refer to it. */
  readonly uid: string;
  /** Unique within an organisation. */
  readonly name: string;
  readonly type: "prometheus" | "alertmanager";
  readonly url: string;
  readonly jsonData: Readonly<Record<string, string | boolean>>;
}

export interface DataSourceArgs {
  readonly environment: string;
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  /** The scrape interval. Without it Grafana assumes 15 s, and `$__rate_interval` is wrong for every other. */
  readonly scrapeInterval: Duration;
}

export type DataSourceRole = "prometheus" | "alertmanager";

/** The two data sources of an environment, by role. */
export function dataSources(args: DataSourceArgs): Readonly<Record<DataSourceRole, DataSource>> {
  const { environment, prometheusUrl, alertmanagerUrl, scrapeInterval } = args;
  // With the environment: several may share an organisation, and uids are the organisation's.
  const [prometheusUid, alertmanagerUid] = [
    shortUid(`bellwether-prometheus-${environment}`),
    shortUid(`bellwether-alertmanager-${environment}`),
  ];
  return {
    prometheus: {
      uid: prometheusUid,
      name: `Prometheus (${environment})`,
      type: "prometheus",
      url: prometheusUrl,
      jsonData: {
        // A query of ours can be longer than a URL may be.
        httpMethod: "POST",
        prometheusType: "Prometheus",
        timeInterval: scrapeInterval,
        // Grafana shows Prometheus' rules and Alertmanager's silences; both stay the program's to change.
        manageAlerts: true,
        alertmanagerUid,
      },
    },
    alertmanager: {
      uid: alertmanagerUid,
      name: `Alertmanager (${environment})`,
      type: "alertmanager",
      url: alertmanagerUrl,
      jsonData: { implementation: "prometheus", handleGrafanaManagedAlerts: false },
    },
  };
}
