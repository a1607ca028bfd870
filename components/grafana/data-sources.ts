import type { Duration } from "../core/duration.ts";
import { shortUid } from "../signals/panels.ts";

/**
 * The data source of Amazon Managed Service for Prometheus. Since Grafana 12 it is a type of its own, because the one for Prometheus no
 * longer signs requests (SigV4).
 */
export const AMP_TYPE = "grafana-amazonprometheus-datasource";

/** A data source, in the words that the provisioning file and the API share. */
export interface DataSource {
  /** Never changed: dashboards and people's own panels refer to it. */
  readonly uid: string;
  /** Unique within an organisation. */
  readonly name: string;
  readonly type: "prometheus" | typeof AMP_TYPE | "alertmanager";
  /** Left out: that of the store of samples, which is known only when it exists. */
  readonly url?: string;
  readonly jsonData: Readonly<Record<string, string | boolean>>;
}

export interface DataSourceArgs {
  readonly environment: string;
  /** Left out: the Grafana asks the store of samples instead. */
  readonly prometheusUrl?: string | undefined;
  /** Left out: the Grafana does not reach Alertmanager. */
  readonly alertmanagerUrl?: string | undefined;
  /** The scrape interval. Without it Grafana assumes 15 s, and `$__rate_interval` is wrong for every other. */
  readonly scrapeInterval: Duration;
  /** The store that samples are sent on to, where the Grafana reads it. */
  readonly store?: SampleStore | undefined;
}

/** A workspace of Amazon Managed Service for Prometheus. */
export interface SampleStore {
  /** The region that requests are signed for. */
  readonly region: string;
}

export type DataSourceRole = "prometheus" | "alertmanager" | "store";

/** The data sources of an environment, by role. */
export type DataSources = { readonly prometheus: DataSource } & {
  readonly [Role in Exclude<DataSourceRole, "prometheus">]?: DataSource;
};

/** Prometheus, or the store in its place; the store beside it; and Alertmanager where the Grafana reaches it. */
export function dataSources(args: DataSourceArgs): DataSources {
  const { environment, prometheusUrl, alertmanagerUrl, scrapeInterval, store } = args;
  // With the environment: several may share an organisation, and uids are the organisation's.
  const [prometheusUid, alertmanagerUid] = [
    shortUid(`bellwether-prometheus-${environment}`),
    shortUid(`bellwether-alertmanager-${environment}`),
  ];
  const queries = {
    // A query of ours can be longer than a URL may be.
    httpMethod: "POST",
    prometheusType: "Prometheus",
    timeInterval: scrapeInterval,
  };
  const main = { uid: prometheusUid, name: `Prometheus (${environment})` };
  return {
    prometheus:
      prometheusUrl === undefined
        ? { ...main, type: AMP_TYPE, jsonData: { ...queries, ...signed(store) } }
        : {
            ...main,
            type: "prometheus",
            url: prometheusUrl,
            jsonData: {
              ...queries,
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
    ...(store !== undefined &&
      prometheusUrl !== undefined && {
        store: {
          uid: shortUid(`bellwether-store-${environment}`),
          name: `Prometheus, long term (${environment})`,
          type: AMP_TYPE,
          jsonData: { ...queries, ...signed(store) },
        },
      }),
  };
}

/** Requests are signed with the role that the Grafana runs as; for AMP there is no rule to be changed. */
function signed(store: SampleStore | undefined): DataSource["jsonData"] {
  // stacks/rules.ts refuses a Grafana that has neither Prometheus nor the store.
  if (store === undefined)
    throw new Error("a Grafana that reaches neither Prometheus nor a store of samples");
  return { sigV4Auth: true, sigV4AuthType: "ec2_iam_role", sigV4Region: store.region, manageAlerts: false };
}
