import type { MeasuredTraits } from "../cluster/model.ts";
import type { Duration } from "../core/duration.ts";
import { shortUid } from "../signals/panels.ts";
import { addressOf, WORKLOADS } from "../workloads/model.ts";

/**
 * The type of data sources for Amazon Managed Service for Prometheus. Since Grafana 12 the type `prometheus` no longer signs requests
 * (SigV4).
 */
const AMP_TYPE = "grafana-amazonprometheus-datasource";

/** A data source. The provisioning file and the API use the same names. */
export interface DataSource {
  /** Never changed: dashboards and users' own panels refer to it. */
  readonly uid: string;
  /** Unique within an organisation. */
  readonly name: string;
  readonly type: "prometheus" | typeof AMP_TYPE | "alertmanager";
  /** Left out: the URL of the long-term storage, which is known only after it is created. */
  readonly url?: string;
  readonly jsonData: Readonly<Record<string, string | boolean>>;
}

export interface DataSourceArgs {
  readonly environment: string;
  /** Left out: Grafana queries the long-term storage instead. */
  readonly prometheusUrl?: string | undefined;
  /** Left out: no data source for Alertmanager. */
  readonly alertmanagerUrl?: string | undefined;
  /** The scrape interval. Without it Grafana assumes 15 s, and `$__rate_interval` is wrong for every other. */
  readonly scrapeInterval: Duration;
  /** The long-term storage that remote write uses, if Grafana queries it. */
  readonly store?: SampleStore | undefined;
}

/** A workspace of Amazon Managed Service for Prometheus. */
export interface SampleStore {
  /** The region for which requests are signed. */
  readonly region: string;
}

type DataSourceRole = "prometheus" | "alertmanager" | "store";

/** The data sources of an environment, by role. */
export type DataSources = { readonly prometheus: DataSource } & {
  readonly [Role in Exclude<DataSourceRole, "prometheus">]?: DataSource;
};

/** The data source of every query; without a URL of Prometheus it is the long-term storage. */
export function mainSource(
  environment: string,
  prometheusUrl: string | undefined,
): { readonly uid: string; readonly name: string; readonly type: "prometheus" | typeof AMP_TYPE } {
  return {
    // The uid contains the environment, because several environments can share an organisation.
    uid: shortUid(`bellwether-prometheus-${environment}`),
    name: `Prometheus (${environment})`,
    type: prometheusUrl === undefined ? AMP_TYPE : "prometheus",
  };
}

/** Prometheus, or the long-term storage in its place; the long-term storage; and Alertmanager, if it has a URL. */
export function dataSources(args: DataSourceArgs): DataSources {
  const { environment, prometheusUrl, alertmanagerUrl, scrapeInterval, store } = args;
  const alertmanagerUid = shortUid(`bellwether-alertmanager-${environment}`);
  const queries = {
    // Some queries are longer than the maximum length of a URL.
    httpMethod: "POST",
    prometheusType: "Prometheus",
    timeInterval: scrapeInterval,
  };
  const main = mainSource(environment, prometheusUrl);
  return {
    prometheus:
      prometheusUrl === undefined
        ? { ...main, jsonData: { ...queries, ...signed(store) } }
        : {
            ...main,
            url: prometheusUrl,
            jsonData: {
              ...queries,
              // Grafana shows the rules of Prometheus and the silences of Alertmanager.
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

/** Requests are signed with the role of Grafana. AMP has no rules here that Grafana could show. */
function signed(store: SampleStore | undefined): DataSource["jsonData"] {
  // stacks/rules.ts rejects a Grafana without Prometheus and without the long-term storage.
  if (store === undefined)
    throw new Error("Grafana has a URL neither of Prometheus nor of the long-term storage");
  return { sigV4Auth: true, sigV4AuthType: "ec2_iam_role", sigV4Region: store.region, manageAlerts: false };
}

/** Where queries go in the cluster: to Prometheus, or with Thanos to what has the samples of all its servers and of its object storage. */
export function queriedAddress(namespace: string, { store }: Pick<MeasuredTraits, "store">): string {
  return store === "thanos"
    ? addressOf({ ...WORKLOADS.thanosQuery, namespace }, "http")
    : addressOf({ ...WORKLOADS.prometheus, namespace }, "web");
}
