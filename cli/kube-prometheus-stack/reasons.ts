// Why a value of the chart has no place in an environment, by its path. The first pattern that fits holds.

interface Reason {
  /** How many segments of the path are lost as one. */
  readonly length: number;
  readonly reason: string;
  readonly instead: string;
}

type Row = readonly [pattern: RegExp, reason: string, instead: string, whole?: number];

/** `whole` is the number of segments that are named as one, for what is a thing of its own. */
const ROWS: readonly Row[] = [
  [
    /^additionalPrometheusRules/,
    "an environment has no rules of teams",
    "import the rules as files: npx bellwether lint says what is wrong with them, and docs/how-to/add-an-alert-and-a-dashboard.md where they belong",
    2,
  ],
  [
    /^(?:customRules|defaultRules\.)/,
    "the platform has an alert catalogue of its own",
    "set alerts.overrides of the environment; docs/alerts.md lists the alerts",
  ],
  [
    /^prometheus\.prometheusSpec\.additional(?:ScrapeConfigs|AlertManagerConfigs|AlertRelabelConfigs)/,
    "what is scraped is said by services and monitors",
    "write a definition with scrape for each service, or a ScrapeConfig beside the platform",
    3,
  ],
  [
    /^prometheus\.additional(?:Service|Pod)Monitors/,
    "an environment has no monitors",
    "apply them as they are, or turn them into definitions: npx bellwether adopt",
    3,
  ],
  [
    /^prometheus\.prometheusSpec\.remoteWrite/,
    "an environment sends samples to one store",
    "set prometheus.store of the environment",
    4,
  ],
  [
    /\.ingress(?:PerReplica)?\.|\.route\.|\.gateway\./,
    "the platform creates no Ingress",
    "keep the Ingress, and let its controller in with prometheus.ingress of the environment",
    2,
  ],
  [
    /(?:resources|nodeSelector|tolerations|affinity|topologySpreadConstraints|priorityClassName|[sS]ecurityContext|podDisruptionBudget)\b/,
    "the tier decides where pods run and how much they may use",
    "set prometheus.activeSeries, prometheus.resources or another tier",
  ],
  [
    /(?:^|\.)image(?:s|\.|Registry|PullSecrets)|\.imageRegistry|\.imagePullSecrets/,
    "images are pinned by the platform",
    "set images of the environment for a registry of your own",
  ],
  [
    /^grafana\.(?:dashboards|dashboardProviders|dashboardsConfigMaps|sidecar\.dashboards)/,
    "dashboards are generated, or are code",
    "see docs/how-to/add-an-alert-and-a-dashboard.md",
    3,
  ],
  [
    /^grafana\.(?:additionalDataSources|datasources|sidecar\.datasources)/,
    "the data sources are those of the platform",
    "add the data source in Grafana, or with its own provider",
    3,
  ],
  [
    /^grafana\.admin/,
    "secrets are never copied",
    "run: pulumi config set --secret bellwether:grafanaAdminPassword",
  ],
  [/^grafana\./, "the platform configures Grafana", "see grafana in docs/reference/environment.md"],
  [
    /^alertmanager\.config\.receivers/,
    "messages and their form are generated",
    "look at them in out/<environment>/report.html",
  ],
  [
    /^alertmanager\.config\.(?:inhibit_rules|templates|global|time_intervals|mute_time_intervals)|^alertmanager\.(?:templateFiles|stringConfig|tplConfig)/,
    "Alertmanager's configuration is generated from receivers and teams",
    "see docs/how-to/route-alerts.md",
    3,
  ],
  [
    /^kube(?:Etcd|Scheduler|ControllerManager|Proxy|Dns|ApiServer)\./,
    "which control plane is scraped follows from the kind of the cluster",
    "set cluster.distribution of the environment if it is EKS",
    2,
  ],
  [
    /^(?:kube-state-metrics|prometheus-node-exporter|prometheus-windows-exporter|windowsMonitoring|nodeExporter|kubeStateMetrics)\b/,
    "the platform runs its own exporters, or uses those of another release",
    "see prometheus.kubeStateMetrics and prometheus.nodeExporter in docs/reference/environment.md",
  ],
  [
    /^thanosRuler/,
    "an environment has rulers where Thanos evaluates its rules",
    "set prometheus.store of the environment to kind thanos, and prometheus.rules to store",
    1,
  ],
  [
    /^(?:prometheus\.prometheusSpec\.thanos|prometheus\.thanos)/,
    "an environment has the sidecar of Thanos with its store",
    "set prometheus.store of the environment to kind thanos",
    1,
  ],
];

const OTHER: Omit<Reason, "length"> = {
  reason: "an environment has no such field",
  instead: "see docs/reference/environment.md for what there is, and remove the value",
};

/** Why the value at a path is lost. */
export function reasonFor(path: readonly (string | number)[]): Reason {
  const text = path.join(".");
  const row = ROWS.find(([pattern]) => pattern.test(text));
  if (row === undefined) return { ...OTHER, length: path.length };
  const [, reason, instead, whole] = row;
  return { reason, instead, length: Math.min(whole ?? path.length, path.length) };
}
