import { TYPES } from "../../../policies/rules/resource.ts";
import type { FixtureResource, FixtureStack } from "./fixture.ts";
import { labels, metadata, owned, selector } from "./metadata.ts";

const spread = (app: string) => [
  {
    maxSkew: 1,
    topologyKey: "topology.kubernetes.io/zone",
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector: { matchLabels: selector(app) },
  },
];

function container(name: string, port: number) {
  return {
    name,
    image: `quay.io/example/${name}:v1.2.3`,
    ports: [{ name: "http", containerPort: port }],
    env: [{ name: "LOG_LEVEL", value: "info" }],
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "64Mi" } },
    readinessProbe: { httpGet: { path: "/ready", port: "http" } },
    livenessProbe: { httpGet: { path: "/live", port: "http" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    },
  };
}

function deployment(app: string, replicas: number): FixtureResource {
  return {
    type: TYPES.deployment,
    properties: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: metadata(app),
      spec: {
        replicas,
        selector: { matchLabels: selector(app) },
        template: {
          metadata: { labels: labels(app) },
          spec: {
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            topologySpreadConstraints: spread(app),
            automountServiceAccountToken: false,
            containers: [container(app, 9115)],
          },
        },
      },
    },
  };
}

function service(app: string, port: string, namespace = "monitoring"): FixtureResource {
  return {
    type: TYPES.service,
    properties: {
      metadata: metadata(app, namespace),
      spec: { selector: selector(app), ports: [{ name: port, port: 9115 }] },
    },
  };
}

function serviceMonitor(app: string, port: string): FixtureResource {
  return {
    type: TYPES.serviceMonitor,
    properties: {
      metadata: metadata(app),
      spec: { selector: { matchLabels: selector(app) }, endpoints: [{ port }] },
    },
  };
}

/** A disruption budget over a program's pods. */
export function budget(app: string): FixtureResource {
  return {
    type: TYPES.disruptionBudget,
    properties: {
      metadata: metadata(app),
      spec: { maxUnavailable: 1, selector: { matchLabels: selector(app) } },
    },
  };
}

function operated(type: string, app: string, replicas: number, spec: object): FixtureResource {
  return {
    type,
    protect: true,
    properties: {
      metadata: metadata(app),
      spec: {
        version: "3.13.1",
        replicas,
        topologySpreadConstraints: spread(app),
        resources: { requests: { cpu: "1", memory: "8Gi" }, limits: { memory: "8Gi" } },
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        storage: { volumeClaimTemplate: { spec: { resources: { requests: { storage: "200Gi" } } } } },
        ...spec,
      },
    },
  };
}

function namespace(name: string, level: string, protect: boolean): FixtureResource {
  return {
    type: TYPES.namespace,
    protect,
    properties: { metadata: { name, labels: { ...owned, "pod-security.kubernetes.io/enforce": level } } },
  };
}

/** The namespaces, and the programs with what belongs to them. */
export function workloads(): FixtureStack {
  return {
    namespace: namespace("monitoring", "restricted", true),
    "node-namespace": namespace("monitoring-node", "privileged", false),
    blackbox: deployment("blackbox-exporter", 2),
    "blackbox-service": service("blackbox-exporter", "http"),
    "blackbox-monitor": serviceMonitor("blackbox-exporter", "http"),
    "blackbox-budget": budget("blackbox-exporter"),
    "kube-state-metrics": deployment("kube-state-metrics", 1),
    "kube-state-metrics-pods": {
      type: TYPES.podMonitor,
      properties: {
        metadata: metadata("kube-state-metrics"),
        spec: {
          selector: { matchLabels: selector("kube-state-metrics") },
          podMetricsEndpoints: [{ port: "http" }],
        },
      },
    },
    "node-exporter": {
      type: TYPES.daemonSet,
      properties: {
        metadata: metadata("node-exporter", "monitoring-node"),
        spec: {
          template: {
            metadata: { labels: labels("node-exporter") },
            spec: {
              hostNetwork: true,
              hostPID: true,
              automountServiceAccountToken: false,
              volumes: [{ name: "root", hostPath: { path: "/" } }],
              containers: [
                { ...container("node-exporter", 9100), securityContext: { readOnlyRootFilesystem: true } },
              ],
            },
          },
        },
      },
    },
    prometheus: operated(TYPES.prometheus, "prometheus", 2, {
      retention: "30d",
      retentionSize: "160GiB",
      externalLabels: { cluster: "prod" },
      alerting: { alertmanagers: [{ name: "alertmanager", port: "web" }] },
      ruleSelector: {},
      serviceMonitorSelector: {},
      podMonitorSelector: {},
    }),
    "prometheus-service": service("prometheus", "web"),
    "prometheus-budget": budget("prometheus"),
    alertmanager: operated(TYPES.alertmanager, "alertmanager", 3, { configSecret: "alertmanager-config" }),
    "alertmanager-budget": budget("alertmanager"),
    deny: {
      type: TYPES.networkPolicy,
      properties: { metadata: metadata("deny"), spec: { podSelector: {}, policyTypes: ["Ingress"] } },
    },
    "deny-node": {
      type: TYPES.networkPolicy,
      properties: {
        metadata: metadata("deny", "monitoring-node"),
        spec: { podSelector: {}, policyTypes: ["Ingress"] },
      },
    },
    "cluster-role": {
      type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
      properties: {
        metadata: { name: "prometheus", labels: labels("prometheus") },
        rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }],
      },
    },
    "cluster-role-binding": {
      type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
      properties: {
        metadata: { name: "prometheus", labels: labels("prometheus") },
        roleRef: { kind: "ClusterRole", name: "prometheus" },
        subjects: [{ kind: "ServiceAccount", name: "prometheus", namespace: "monitoring" }],
      },
    },
    "allow-blackbox": {
      type: TYPES.networkPolicy,
      properties: {
        metadata: metadata("allow-blackbox"),
        spec: {
          podSelector: { matchLabels: selector("blackbox-exporter") },
          ingress: [{ ports: [{ port: 9115 }] }],
        },
      },
    },
  };
}
