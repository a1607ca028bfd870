import { componentLabels, selectorLabels } from "../core/labels.ts";

/** Prometheus, Alertmanager, Grafana, the operator and the exporters live here, under the restricted pod-security level. */
export const MONITORING_NAMESPACE = "monitoring";

/** node-exporter lives here alone, under the privileged level, because it reads the node's own file systems. */
export const NODE_NAMESPACE = "monitoring-node";

/** One program of the platform: what its Service and its pods are called, and the ports that they serve by name. */
export interface Program {
  /** Name of its Service, and the label `app.kubernetes.io/name` of its pods. */
  readonly name: string;
  readonly namespace: string;
  /** Its role, the label `app.kubernetes.io/component`. */
  readonly role: string;
  /** TCP ports by name. Service and container use the same number, because some network plug-ins judge before the Service is resolved. */
  readonly ports: Readonly<Record<string, number>>;
}

/**
 * Everything that runs in the platform's two namespaces. Services, monitors and network policies take names and ports from
 * here, so that none of them can name a port that another does not have.
 */
export const PROGRAMS = {
  prometheus: {
    name: "prometheus",
    namespace: MONITORING_NAMESPACE,
    role: "server",
    // reloader-web is the port of the operator's sidecar, which pushes a changed configuration into the server.
    ports: { web: 9090, "reloader-web": 8080 },
  },
  alertmanager: {
    name: "alertmanager",
    namespace: MONITORING_NAMESPACE,
    role: "alerting",
    ports: { web: 9093, "reloader-web": 8080, mesh: 9094 },
  },
  grafana: { name: "grafana", namespace: MONITORING_NAMESPACE, role: "dashboards", ports: { http: 3000 } },
  operator: {
    name: "prometheus-operator",
    namespace: MONITORING_NAMESPACE,
    role: "operator",
    ports: { http: 8080 },
  },
  kubeStateMetrics: {
    name: "kube-state-metrics",
    namespace: MONITORING_NAMESPACE,
    role: "exporter",
    ports: { http: 8080, telemetry: 8081 },
  },
  blackboxExporter: {
    name: "blackbox-exporter",
    namespace: MONITORING_NAMESPACE,
    role: "exporter",
    ports: { http: 9115 },
  },
  nodeExporter: {
    name: "node-exporter",
    namespace: NODE_NAMESPACE,
    role: "exporter",
    ports: { metrics: 9100 },
  },
} as const satisfies Readonly<Record<string, Program>>;

/** The labels of everything that belongs to a program. */
export function labelsOf({ name, role }: Program): Record<string, string> {
  return { ...componentLabels(name, name, role) };
}

/** The labels that select a program's pods. The operator sets the same two on the pods that it makes. */
export function selectorOf({ name }: Program): Record<string, string> {
  return selectorLabels(name, name);
}

/** Name, namespace and labels of a program's object. */
export function metadataOf(program: Program): {
  name: string;
  namespace: string;
  labels: Record<string, string>;
} {
  return { name: program.name, namespace: program.namespace, labels: labelsOf(program) };
}

/** Where other pods reach one of a program's ports, without a scheme: `prometheus.monitoring.svc:9090`. */
export function addressOf<P extends Program>(program: P, port: keyof P["ports"] & string): string {
  return `${program.name}.${program.namespace}.svc:${program.ports[port]}`;
}
