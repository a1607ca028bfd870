import type { KubernetesObjects } from "../kubernetes/model.ts";
import type { ThanosSettings } from "../thanos/model.ts";
import { renderSidecar, renderThanos } from "../thanos/render.ts";
import { WORKLOADS, type Workload } from "../workloads/model.ts";
import { renderBlackboxExporter } from "./blackbox-exporter.ts";
import { platformFlows } from "./flows.ts";
import { renderKubeStateMetrics } from "./kube-state-metrics.ts";
import { renderKubernetesMonitors } from "./kubernetes-monitors.ts";
import type { ResolvedMonitoring } from "./model.ts";
import { renderMonitors } from "./monitors.ts";
import { renderNamespaces, renderPriorityClass } from "./namespaces.ts";
import { renderNetworkPolicies } from "./network-policies.ts";
import { renderNodeExporter } from "./node-exporter.ts";
import { renderOperator } from "./operator.ts";
import { hasRuler } from "./rule-evaluation.ts";
import { renderPrometheus, renderServerObjects } from "./server.ts";
import { monitorsOfShards } from "./shards.ts";
import type { StorageFlow } from "./storage-flows.ts";
import { isRemoteWrite, namespaceOfEndpoint, type StoreSettings } from "./store-settings.ts";

export { PROBE_MODULES, type ProbeModule, proberAddress } from "./blackbox-exporter.ts";

/** Every object of the monitoring stack, in the groups in which they are created. */
export function renderMonitoring(resolved: ResolvedMonitoring) {
  const { settings, cluster, namespaces, notificationPorts, grafana, grafanaPorts, grafanaReadsAws } =
    resolved;
  const { distribution } = cluster;
  const flows = platformFlows({
    distribution,
    notificationPorts,
    grafana,
    grafanaPorts,
    grafanaReadsAws,
    alertmanagerUsesAws: resolved.alertmanagerUsesAws,
    ingress: ingressFlow(resolved),
    pushing: settings.otlp?.namespaces,
    remoteWrite: remoteWriteFlow(settings.store),
    objectStorage: objectStorageFlow(settings.store),
    ruler: hasRuler(settings),
    existing: existingWorkloads(settings),
    nodePort: nodePort(settings),
  });
  return {
    /** First: everything else stands in these. */
    namespaces: renderNamespaces(namespaces),
    /** Before the first pod, so that none starts outside its network policy, or without its priority. */
    networkPolicies: renderNetworkPolicies(flows, namespaces),
    priorityClass: renderPriorityClass(),
    /** What needs no custom resource definition. */
    exporters: {
      ...(settings.nodeExporter.kind === "own" && renderNodeExporter(namespaces)),
      ...(settings.kubeStateMetrics.kind === "own" && renderKubeStateMetrics(namespaces)),
      ...renderBlackboxExporter(resolved),
    },
    /** After the custom resource definitions, without which it does not start. */
    operator: settings.operator.kind === "existing" ? undefined : renderOperator(settings, namespaces),
    /** What the server needs to exist before it does. */
    server: renderServerObjects(resolved),
    prometheus: renderPrometheus(resolved),
    /** Thanos, by the name of the Secret with the configuration of its object storage. Undefined without it. */
    thanos: settings.store.kind === "thanos" ? thanosObjects(resolved, settings.store) : undefined,
    monitors: monitorsOfShards(
      { ...renderMonitors(resolved), ...renderKubernetesMonitors(resolved) },
      settings.shards,
    ),
  };
}

function thanosObjects(resolved: ResolvedMonitoring, store: ThanosSettings) {
  return <Text>(secretName: Text) => ({
    sidecar: renderSidecar(secretName),
    ...renderThanos(resolved, store, secretName),
  });
}

/** Who connects from outside: of a load balancer of this environment, the subnets that it has to itself. */
function ingressFlow({ settings: { ingress }, ingressBlocks }: ResolvedMonitoring) {
  if (ingress?.kind !== "alb") return ingress;
  // infra/platform.ts gives them wherever the settings ask for a load balancer.
  if (ingressBlocks === undefined) throw new Error("ingress has the kind alb, and no blocks are given");
  return { kind: "blocks" as const, blocks: [...ingressBlocks] };
}

/** How Prometheus reaches what it sends samples on to. */
function remoteWriteFlow(store: StoreSettings): StorageFlow | undefined {
  if (!isRemoteWrite(store)) return undefined;
  return store.kind === "amp" ? { port: 443, podIdentity: true } : flowTo(store.url);
}

/** How Thanos reaches its object storage. */
function objectStorageFlow(store: StoreSettings): StorageFlow | undefined {
  if (store.kind !== "thanos") return undefined;
  return store.bucket.kind === "secret" ? flowTo(store.bucket.endpoint) : { port: 443, podIdentity: true };
}

function flowTo(url: string): StorageFlow {
  const { protocol, port } = new URL(url);
  return {
    namespace: namespaceOfEndpoint(url),
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
    podIdentity: false,
  };
}

/** Workloads of the platform that another release runs instead. */
function existingWorkloads(settings: ResolvedMonitoring["settings"]): readonly Workload[] {
  return [
    ...(settings.operator.kind === "existing" ? [WORKLOADS.operator] : []),
    ...(settings.kubeStateMetrics.kind === "existing" ? [WORKLOADS.kubeStateMetrics] : []),
    ...(settings.nodeExporter.kind === "existing" ? [WORKLOADS.nodeExporter] : []),
  ];
}

function nodePort({ nodeExporter }: ResolvedMonitoring["settings"]): number {
  return nodeExporter.kind === "existing" ? nodeExporter.hostPort : WORKLOADS.nodeExporter.ports.metrics;
}

/** The same objects as one map. The Secret with the configuration of the object storage is not among them, and is called object-storage. */
export function monitoringObjects(resolved: ResolvedMonitoring): KubernetesObjects {
  const {
    priorityClass,
    prometheus,
    operator = {},
    thanos: ofSecret,
    ...groups
  } = renderMonitoring(resolved);
  const { namespaces, networkPolicies, exporters, server, monitors } = groups;
  const thanos = ofSecret?.("object-storage");
  return {
    ...namespaces,
    ...networkPolicies,
    "priority-class": priorityClass,
    ...exporters,
    ...operator,
    ...server,
    prometheus:
      thanos === undefined ? prometheus : { ...prometheus, spec: { ...prometheus.spec, ...thanos.sidecar } },
    ...thanos?.before,
    ...thanos?.pods,
    ...thanos?.operated,
    ...thanos?.services,
    ...monitors,
  };
}
