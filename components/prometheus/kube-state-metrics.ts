import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { IClusterRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole";
import type { IService } from "kubernetes-models/v1/Service";
import { IMAGES } from "../images/model.ts";
import {
  metadataOf,
  type Namespaces,
  type Placed,
  placed,
  selectorOf,
  WORKLOADS,
} from "../workloads/model.ts";
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from "../workloads/pod-security.ts";
import { bindClusterRole, clusterMetadataOf, renderServiceAccount } from "./access.ts";
import { PRIORITY_CLASS } from "./namespaces.ts";

type KubeStateMetrics = Placed<typeof WORKLOADS.kubeStateMetrics>;

/**
 * The resources that are turned into metrics, by API group: what alerts, dashboards and SLOs read, and nothing else. Its
 * defaults include Secrets and ConfigMaps, whose contents it would then hold in memory.
 */
export const WATCHED_RESOURCES: Readonly<Record<string, readonly string[]>> = {
  "": ["namespaces", "nodes", "persistentvolumeclaims", "persistentvolumes", "pods", "resourcequotas"],
  apps: ["daemonsets", "deployments", "replicasets", "statefulsets"],
  autoscaling: ["horizontalpodautoscalers"],
  batch: ["cronjobs", "jobs"],
  policy: ["poddisruptionbudgets"],
};

/** Metrics that cost a series for every object, or several, and that nothing reads. */
export const DENIED_METRICS = [
  "kube_.+_metadata_resource_version",
  "kube_replicaset_(metadata_generation|status_observed_generation|created)",
  "kube_pod_(tolerations|restart_policy|ips|scheduler|service_account)",
  "kube_pod_init_container_.+",
] as const;

/** kube-state-metrics: the state of the cluster's objects as metrics. */
export function renderKubeStateMetrics(namespaces: Namespaces) {
  const kubeStateMetrics = placed(WORKLOADS.kubeStateMetrics, namespaces);
  return {
    "kube-state-metrics-account": renderServiceAccount(kubeStateMetrics),
    "kube-state-metrics-role": renderClusterRole(kubeStateMetrics),
    "kube-state-metrics-role-binding": bindClusterRole(kubeStateMetrics),
    "kube-state-metrics-service": renderService(kubeStateMetrics),
    "kube-state-metrics": renderDeployment(kubeStateMetrics),
  };
}

function renderClusterRole(kubeStateMetrics: KubeStateMetrics): IClusterRole {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: clusterMetadataOf(kubeStateMetrics),
    rules: Object.entries(WATCHED_RESOURCES).map(([group, resources]) => ({
      apiGroups: [group],
      resources: [...resources],
      verbs: ["list", "watch"],
    })),
  };
}

function renderService(kubeStateMetrics: KubeStateMetrics): IService {
  const { ports } = kubeStateMetrics;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(kubeStateMetrics),
    spec: {
      selector: selectorOf(kubeStateMetrics),
      ports: [
        { name: "http", port: ports.http, targetPort: "http" },
        { name: "telemetry", port: ports.telemetry, targetPort: "telemetry" },
      ],
    },
  };
}

function renderDeployment(kubeStateMetrics: KubeStateMetrics): IDeployment {
  const { ports } = kubeStateMetrics;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(kubeStateMetrics),
    spec: {
      // A second one would report every object twice, and every count of pods would be double.
      replicas: 1,
      strategy: { type: "Recreate" },
      selector: { matchLabels: selectorOf(kubeStateMetrics) },
      template: {
        metadata: { labels: metadataOf(kubeStateMetrics).labels },
        spec: {
          serviceAccountName: kubeStateMetrics.name,
          automountServiceAccountToken: true,
          priorityClassName: PRIORITY_CLASS,
          nodeSelector: { "kubernetes.io/os": "linux" },
          securityContext: RESTRICTED_POD,
          containers: [
            {
              name: kubeStateMetrics.name,
              image: IMAGES.kubeStateMetrics,
              args: [
                `--port=${ports.http}`,
                `--telemetry-port=${ports.telemetry}`,
                `--resources=${Object.values(WATCHED_RESOURCES).flat().sort().join(",")}`,
                // Labels become metrics only by name: a zone and a machine type explain most of what differs between nodes.
                "--metric-labels-allowlist=nodes=[topology.kubernetes.io/zone,node.kubernetes.io/instance-type]",
                `--metric-denylist=${DENIED_METRICS.map((metric) => `^${metric}$`).join(",")}`,
              ],
              ports: [
                { name: "http", containerPort: ports.http },
                { name: "telemetry", containerPort: ports.telemetry },
              ],
              readinessProbe: { httpGet: { path: "/readyz", port: "telemetry" }, periodSeconds: 5 },
              livenessProbe: {
                httpGet: { path: "/livez", port: "http" },
                initialDelaySeconds: 5,
                timeoutSeconds: 5,
                periodSeconds: 10,
              },
              resources: { requests: { cpu: "50m", memory: "512Mi" }, limits: { memory: "512Mi" } },
              securityContext: RESTRICTED_CONTAINER,
            },
          ],
        },
      },
    },
  };
}
