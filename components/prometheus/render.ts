import type { KubernetesObjects } from "../kubernetes/model.ts";
import { WORKLOADS, type Workload } from "../workloads/model.ts";
import { renderBlackboxExporter } from "./blackbox-exporter.ts";
import { platformFlows, type RemoteWriteFlow } from "./flows.ts";
import { renderKubeStateMetrics } from "./kube-state-metrics.ts";
import { renderKubernetesMonitors } from "./kubernetes-monitors.ts";
import type { ResolvedMonitoring } from "./model.ts";
import { renderMonitors } from "./monitors.ts";
import { renderNamespaces, renderPriorityClass } from "./namespaces.ts";
import { renderNetworkPolicies } from "./network-policies.ts";
import { renderNodeExporter } from "./node-exporter.ts";
import { renderOperator } from "./operator.ts";
import { renderPrometheus, renderServerObjects } from "./server.ts";
import { namespaceOfEndpoint, type StoreSettings } from "./store-settings.ts";

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
    operator:
      settings.operator.kind === "existing" ? undefined : renderOperator(settings.operator, namespaces),
    /** What the server needs to exist before it does. */
    server: renderServerObjects(resolved),
    prometheus: renderPrometheus(resolved),
    monitors: { ...renderMonitors(resolved), ...renderKubernetesMonitors(resolved) },
  };
}

/** Who connects from outside: of a load balancer of this environment, the subnets that it has to itself. */
function ingressFlow({ settings: { ingress }, ingressBlocks }: ResolvedMonitoring) {
  if (ingress?.kind !== "alb") return ingress;
  // infra/platform.ts gives them wherever the settings ask for a load balancer.
  if (ingressBlocks === undefined) throw new Error("ingress has the kind alb, and no blocks are given");
  return { kind: "blocks" as const, blocks: [...ingressBlocks] };
}

/** How Prometheus reaches what it sends samples on to. */
function remoteWriteFlow(store: StoreSettings): RemoteWriteFlow | undefined {
  if (store.kind === "none") return undefined;
  if (store.kind === "amp") return { port: 443, podIdentity: true };
  const { protocol, port } = new URL(store.url);
  return {
    namespace: namespaceOfEndpoint(store.url),
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

/** The same objects as one map. */
export function monitoringObjects(resolved: ResolvedMonitoring): KubernetesObjects {
  const { priorityClass, prometheus, operator = {}, ...groups } = renderMonitoring(resolved);
  const { namespaces, networkPolicies, exporters, server, monitors } = groups;
  return {
    ...namespaces,
    ...networkPolicies,
    "priority-class": priorityClass,
    ...exporters,
    ...operator,
    ...server,
    prometheus,
    ...monitors,
  };
}
