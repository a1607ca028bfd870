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
  /** Left out: the Grafana does not reach Alertmanager. */
  readonly alertmanagerUrl?: string | undefined;
  /** The scrape interval. Without it Grafana assumes 15 s, and `$__rate_interval` is wrong for every other. */
  readonly scrapeInterval: Duration;
}

export type DataSourceRole = "prometheus" | "alertmanager";

/** The data sources of an environment, by role. */
export type DataSources = { readonly prometheus: DataSource } & {
  readonly [Role in Exclude<DataSourceRole, "prometheus">]?: DataSource;
};

/** Prometheus, and Alertmanager where the Grafana reaches it. */
export function dataSources(args: DataSourceArgs): DataSources {
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
        ...(alertmanagerUrl !== undefined && { alertmanagerUid }),
      },
    },
    ...(alertmanagerUrl !== undefined && {
      alertmanager: {
        uid: alertmanagerUid,
        name: `Alertmanager (${environment})`,
        type: "alertmanager",
        url: alertmanagerUrl,
        jsonData: { implementation: "prometheus", handleGrafanaManagedAlerts: false },
      },
    }),
  };
}
