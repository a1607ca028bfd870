import { componentLabels, selectorLabels } from "../core/labels.ts";
import type { Namespaces } from "./namespaces.ts";

export {
  DEFAULT_NAMESPACES,
  type Namespaces,
  namespaceProblems,
  namespaceSettings,
  namespacesOf,
} from "./namespaces.ts";

/** One workload of the platform: the names of its objects, the labels of its pods and the ports that they serve. */
export interface Workload {
  /** Name of its Service, and the label `app.kubernetes.io/name` of its pods. */
  readonly name: string;
  /** Which of the platform's namespaces it runs in. */
  readonly home: keyof Namespaces;
  /**
   * The label `app.kubernetes.io/instance` of its pods. For Prometheus and Alertmanager the operator sets it to the name of the custom
   * resource.
   */
  readonly instance: string;
  /** The label `app.kubernetes.io/component`. */
  readonly role: string;
  /** TCP ports by name. Service and container use the same number, because some network plug-ins apply policies before the Service is resolved. */
  readonly ports: Readonly<Record<string, number>>;
}

/** A workload with the name of the namespace that it runs in. */
export type Placed<W extends Workload = Workload> = W & { readonly namespace: string };

/**
 * All workloads of the platform's two namespaces. Pods, Services, monitors, network policies and disruption budgets take names, labels
 * and ports from here. What has a namespace or an address needs {@link placed}.
 */
export const WORKLOADS = {
  prometheus: {
    name: "prometheus",
    home: "monitoring",
    instance: "prometheus",
    role: "server",
    // reloader-web is the port of the operator's sidecar, which reloads the server when its configuration changes.
    ports: { web: 9090, "reloader-web": 8080 },
  },
  alertmanager: {
    name: "alertmanager",
    home: "monitoring",
    instance: "main",
    role: "alert-router",
    ports: { web: 9093, "reloader-web": 8080, mesh: 9094 },
  },
  grafana: {
    name: "grafana",
    home: "monitoring",
    instance: "grafana",
    role: "dashboards",
    ports: { http: 3000 },
  },
  operator: {
    name: "prometheus-operator",
    home: "monitoring",
    instance: "prometheus-operator",
    role: "operator",
    ports: { http: 8080 },
  },
  kubeStateMetrics: {
    name: "kube-state-metrics",
    home: "monitoring",
    instance: "kube-state-metrics",
    role: "exporter",
    ports: { http: 8080, telemetry: 8081 },
  },
  blackboxExporter: {
    name: "blackbox-exporter",
    home: "monitoring",
    instance: "blackbox-exporter",
    role: "exporter",
    ports: { http: 9115 },
  },
  // Those of Thanos, with `prometheus.store` of kind thanos alone. Its sidecar is a container of Prometheus' pods.
  thanosQuery: {
    name: "thanos-query",
    home: "monitoring",
    instance: "thanos-query",
    role: "query",
    ports: { http: 10_902, grpc: 10_901 },
  },
  thanosStore: {
    name: "thanos-store",
    home: "monitoring",
    instance: "thanos-store",
    role: "store-gateway",
    ports: { http: 10_902, grpc: 10_901 },
  },
  // Only where Thanos evaluates the rules. The operator makes its pods and names their ports.
  thanosRuler: {
    name: "thanos-ruler",
    home: "monitoring",
    instance: "main",
    role: "rule-evaluator",
    ports: { web: 10_902, "reloader-web": 8080, grpc: 10_901 },
  },
  thanosCompactor: {
    name: "thanos-compactor",
    home: "monitoring",
    instance: "thanos-compactor",
    role: "compactor",
    ports: { http: 10_902 },
  },
  nodeExporter: {
    name: "node-exporter",
    home: "node",
    instance: "node-exporter",
    role: "exporter",
    ports: { metrics: 9100 },
  },
} as const satisfies Readonly<Record<string, Workload>>;

/** A workload in the namespaces of an environment. */
export function placed<W extends Workload>(workload: W, namespaces: Namespaces): Placed<W> {
  return { ...workload, namespace: namespaces[workload.home] };
}

/** The labels of every object that belongs to a workload. */
export function labelsOf({ name, instance, role }: Workload): Record<string, string> {
  return { ...componentLabels(name, instance, role) };
}

/** The labels that select a workload's pods. The operator sets the same two on the pods that it creates. */
export function selectorOf({ name, instance }: Workload): Record<string, string> {
  return selectorLabels(name, instance);
}

/** Namespace and labels of a workload's object, and its name. Default: the name of the workload. */
export function metadataOf(
  workload: Placed,
  name = workload.name,
): {
  name: string;
  namespace: string;
  labels: Record<string, string>;
} {
  return { name, namespace: workload.namespace, labels: labelsOf(workload) };
}

/** Where other pods reach a port of a workload, without a scheme: `prometheus.monitoring.svc:9090`. */
export function addressOf<W extends Placed>(workload: W, port: keyof W["ports"] & string): string {
  return `${workload.name}.${workload.namespace}.svc:${workload.ports[port]}`;
}
