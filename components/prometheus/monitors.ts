import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { JOBS, type Job } from "../signals/jobs.ts";
import { labelsOf, type Namespaces, placed, WORKLOADS, type Workload } from "../workloads/model.ts";
import type { ServiceOfOthers } from "./existing-programs.ts";
import type { ResolvedMonitoring } from "./model.ts";
import { hasRuler } from "./rule-evaluation.ts";

export type Endpoint = IServiceMonitor["spec"]["endpoints"][number];
export type Relabeling = NonNullable<Endpoint["relabelings"]>[number];

/** Sets `job`, whatever the Service is called. */
function asJob(job: Job): Relabeling {
  return { action: "replace", targetLabel: "job", replacement: job };
}

/** Drops the metrics whose whole name matches one of the expressions. */
export function dropMetrics(...names: string[]): Relabeling {
  return { action: "drop", sourceLabels: ["__name__"], regex: names.join("|") };
}

/** Which Services a monitor takes, and how it scrapes them. */
export interface Target {
  readonly job: Job;
  readonly namespace: string;
  readonly matchLabels: Record<string, string>;
  readonly endpoints: readonly Endpoint[];
  readonly scrapeClass?: string;
}

/** A ServiceMonitor called after its job, in the namespace of the servers. */
export function serviceMonitor(
  { monitoring }: Namespaces,
  { job, namespace, matchLabels, endpoints, scrapeClass }: Target,
): IServiceMonitor {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { name: job, namespace: monitoring, labels: MONITOR_LABELS },
    spec: {
      namespaceSelector: { matchNames: [namespace] },
      selector: { matchLabels },
      ...(scrapeClass === undefined ? {} : { scrapeClass }),
      endpoints: endpoints.map((endpoint) => ({
        ...endpoint,
        relabelings: [...(endpoint.relabelings ?? []), asJob(job)],
      })),
    },
  };
}

type PodEndpoint = NonNullable<IPodMonitor["spec"]["podMetricsEndpoints"]>[number];

/** Which pods a monitor takes, and how it scrapes them. */
export interface PodTarget {
  readonly job: Job;
  readonly namespace: string;
  readonly selector: IPodMonitor["spec"]["selector"];
  readonly endpoint: PodEndpoint;
}

/** A PodMonitor called after its job, in the namespace of the servers: for pods that no Service stands for. */
export function podMonitor(
  { monitoring }: Namespaces,
  { job, namespace, selector, endpoint }: PodTarget,
): IPodMonitor {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: { name: job, namespace: monitoring, labels: MONITOR_LABELS },
    spec: {
      namespaceSelector: { matchNames: [namespace] },
      selector,
      podMetricsEndpoints: [{ ...endpoint, relabelings: [...(endpoint.relabelings ?? []), asJob(job)] }],
    },
  };
}

const MONITOR_LABELS = labelsOf(WORKLOADS.prometheus);

/** The monitors of the platform's own programs. */
export function renderMonitors({
  grafana,
  settings,
  namespaces,
}: Pick<ResolvedMonitoring, "grafana" | "settings" | "namespaces">) {
  const { operator, nodeExporter, kubeStateMetrics } = settings;
  return {
    "monitor-prometheus": ofProgram(namespaces, JOBS.prometheus, WORKLOADS.prometheus, { port: "web" }),
    "monitor-alertmanager": ofProgram(namespaces, JOBS.alertmanager, WORKLOADS.alertmanager, { port: "web" }),
    "monitor-prometheus-operator":
      operator.kind === "existing"
        ? ofOthers(namespaces, JOBS.prometheusOperator, operator, {})
        : ofProgram(namespaces, JOBS.prometheusOperator, WORKLOADS.operator, { port: "http" }),
    ...(grafana === "existing"
      ? {}
      : { "monitor-grafana": ofProgram(namespaces, JOBS.grafana, WORKLOADS.grafana, { port: "http" }) }),
    "monitor-blackbox-exporter": ofProgram(namespaces, JOBS.blackboxExporter, WORKLOADS.blackboxExporter, {
      port: "http",
    }),
    "monitor-node-exporter":
      nodeExporter.kind === "existing"
        ? ofOthers(namespaces, JOBS.nodeExporter, nodeExporter, NODE_ENDPOINT)
        : ofProgram(namespaces, JOBS.nodeExporter, WORKLOADS.nodeExporter, NODE_ENDPOINT),
    "monitor-kube-state-metrics":
      kubeStateMetrics.kind === "existing"
        ? ofOthers(
            namespaces,
            JOBS.kubeStateMetrics,
            kubeStateMetrics,
            STATE_ENDPOINTS[0],
            ...(kubeStateMetrics.telemetryPort === undefined
              ? []
              : [{ port: kubeStateMetrics.telemetryPort }]),
          )
        : ofProgram(namespaces, JOBS.kubeStateMetrics, WORKLOADS.kubeStateMetrics, ...STATE_ENDPOINTS),
    "monitor-config-reloader": renderReloaderMonitor(namespaces, hasRuler(settings)),
    ...(settings.store.kind === "thanos" ? thanosMonitors(namespaces) : {}),
    ...(hasRuler(settings)
      ? {
          "monitor-thanos-ruler": ofProgram(namespaces, JOBS.thanosRuler, WORKLOADS.thanosRuler, {
            port: "web",
          }),
        }
      : {}),
  };
}

function thanosMonitors(namespaces: Namespaces) {
  const { thanosQuery, thanosStore, thanosCompactor, prometheus } = WORKLOADS;
  return {
    "monitor-thanos-query": ofProgram(namespaces, JOBS.thanosQuery, thanosQuery, { port: "http" }),
    "monitor-thanos-store": ofProgram(namespaces, JOBS.thanosStore, thanosStore, { port: "http" }),
    "monitor-thanos-compactor": ofProgram(namespaces, JOBS.thanosCompactor, thanosCompactor, {
      port: "http",
    }),
    "monitor-thanos-sidecar": podMonitor(namespaces, {
      job: JOBS.thanosSidecar,
      namespace: namespaces.monitoring,
      selector: { matchLabels: { "app.kubernetes.io/name": prometheus.name } },
      endpoint: { port: "http" },
    }),
  };
}

function ofProgram<P extends Workload>(
  namespaces: Namespaces,
  job: Job,
  workload: P,
  ...endpoints: (Endpoint & { readonly port: keyof P["ports"] & string })[]
): IServiceMonitor {
  const { name, namespace } = placed(workload, namespaces);
  const matchLabels = { "app.kubernetes.io/name": name };
  return serviceMonitor(namespaces, { job, namespace, matchLabels, endpoints });
}

/** A monitor of a program of another release, under the job of the platform's own, so that alerts and dashboards find it. */
function ofOthers(
  namespaces: Namespaces,
  job: Job,
  { namespace, matchLabels, port }: ServiceOfOthers,
  endpoint: Partial<Endpoint>,
  ...more: readonly Endpoint[]
): IServiceMonitor {
  return serviceMonitor(namespaces, {
    job,
    namespace,
    matchLabels: { ...matchLabels },
    endpoints: [{ ...endpoint, port }, ...more],
  });
}

// A node's metrics are told apart by the node, which other metrics name as well, and not by the pod that happened to read them.
const NODE_ENDPOINT = {
  port: "metrics",
  relabelings: [
    { action: "replace", sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" },
    { action: "replace", sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "instance" },
    { action: "labeldrop", regex: "pod|container|service|endpoint" },
  ],
} as const satisfies Endpoint;

const STATE_ENDPOINTS = [
  {
    port: "http",
    // namespace, pod and container are those of the object that a metric is about. Metrics of nodes have none of them, and
    // must not get the exporter's own.
    honorLabels: true,
    relabelings: [{ action: "labeldrop", regex: "namespace|pod|container|service|endpoint" }],
  },
  { port: "telemetry" },
] as const satisfies Endpoint[];

function renderReloaderMonitor(namespaces: Namespaces, ruler: boolean): IPodMonitor {
  const { prometheus, alertmanager, thanosRuler } = WORKLOADS;
  const operated = [prometheus, alertmanager, ...(ruler ? [thanosRuler] : [])];
  return podMonitor(namespaces, {
    job: JOBS.configReloader,
    namespace: namespaces.monitoring,
    selector: {
      matchExpressions: [
        { key: "app.kubernetes.io/name", operator: "In", values: operated.map(({ name }) => name) },
      ],
    },
    endpoint: { port: "reloader-web" },
  });
}
