import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { IClusterRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole";
import type { IRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/Role";
import type { IService } from "kubernetes-models/v1/Service";
import { VERSIONS } from "../core/versions.ts";
import { IMAGES } from "../images/model.ts";
import { bindClusterRole, bindRole, clusterMetadataOf, renderServiceAccount } from "../prometheus/access.ts";
import { metadataOf, selectorOf } from "../workloads/model.ts";
import { disruptionBudget, spread } from "../workloads/placement.ts";
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from "../workloads/pod-security.ts";
import { KARPENTER, queueName } from "./model.ts";

const REPLICAS = 2;
// The user of Karpenter's image.
const KARPENTER_USER = 65_532;

/** The release of Karpenter's definitions. They outlive it: to delete one deletes all nodes that Karpenter has started. */
export function renderDefinitionsRelease() {
  return {
    name: "karpenter-crd",
    namespace: KARPENTER.namespace,
    chart: "oci://public.ecr.aws/karpenter/karpenter-crd",
    version: VERSIONS.karpenter,
    values: { additionalAnnotations: { "helm.sh/resource-policy": "keep" } },
    atomic: true,
  };
}

/** Karpenter's controller, of which one of two replicas works. */
export function renderController({
  clusterName,
  zones,
}: {
  readonly clusterName: string;
  readonly zones: number;
}) {
  return {
    account: renderServiceAccount(KARPENTER),
    role: renderClusterRole(),
    "role-binding": bindClusterRole(KARPENTER),
    leases: renderRole(),
    "leases-binding": bindRole(KARPENTER, KARPENTER.namespace),
    "disruption-budget": disruptionBudget(KARPENTER),
    controller: renderDeployment(clusterName, zones),
    service: renderService(),
  };
}

// By the roles of Karpenter's chart.
function renderClusterRole(): IClusterRole {
  const read = ["get", "list", "watch"];
  const nodeObjects = ["nodepools", "nodepools/status", "nodeclaims", "nodeclaims/status"];
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: clusterMetadataOf(KARPENTER),
    rules: [
      {
        apiGroups: ["karpenter.sh"],
        resources: [...nodeObjects, "nodeoverlays", "nodeoverlays/status"],
        verbs: read,
      },
      {
        apiGroups: ["karpenter.sh"],
        resources: ["nodeclaims", "nodeclaims/status"],
        verbs: ["create", "delete", "update", "patch"],
      },
      {
        apiGroups: ["karpenter.sh"],
        resources: ["nodepools", "nodepools/status", "nodeoverlays/status"],
        verbs: ["update", "patch"],
      },
      { apiGroups: ["karpenter.k8s.aws"], resources: ["ec2nodeclasses"], verbs: read },
      {
        apiGroups: ["karpenter.k8s.aws"],
        resources: ["ec2nodeclasses", "ec2nodeclasses/status"],
        verbs: ["patch", "update"],
      },
      {
        apiGroups: ["autoscaling.x-k8s.io"],
        resources: ["capacitybuffers", "capacitybuffers/status"],
        verbs: read,
      },
      {
        apiGroups: ["autoscaling.x-k8s.io"],
        resources: ["capacitybuffers/status"],
        verbs: ["update", "patch"],
      },
      {
        apiGroups: [""],
        resources: [
          ...["pods", "nodes", "persistentvolumes", "persistentvolumeclaims", "replicationcontrollers"],
          ...["namespaces", "podtemplates", "events"],
        ],
        verbs: read,
      },
      {
        apiGroups: ["storage.k8s.io"],
        resources: ["storageclasses", "csinodes", "volumeattachments"],
        verbs: read,
      },
      {
        apiGroups: ["apps"],
        resources: ["daemonsets", "deployments", "replicasets", "statefulsets"],
        verbs: read,
      },
      { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: read },
      { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
      { apiGroups: [""], resources: ["nodes"], verbs: ["patch", "delete", "update"] },
      { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
      { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
    ],
  };
}

function renderRole(): IRole {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: metadataOf(KARPENTER),
    rules: [
      { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "watch", "create"] },
      {
        apiGroups: ["coordination.k8s.io"],
        resources: ["leases"],
        resourceNames: ["karpenter-leader-election"],
        verbs: ["patch", "update"],
      },
      // The address of cluster DNS, which new nodes are told.
      { apiGroups: [""], resources: ["services"], resourceNames: ["kube-dns"], verbs: ["get"] },
    ],
  };
}

function renderService(): IService {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(KARPENTER),
    spec: {
      selector: selectorOf(KARPENTER),
      ports: [{ name: "metrics", port: KARPENTER.ports.metrics, targetPort: "metrics" }],
    },
  };
}

function renderDeployment(clusterName: string, zones: number): IDeployment {
  const probe = (path: string, initialDelaySeconds: number) => ({
    httpGet: { path, port: "health" },
    initialDelaySeconds,
    timeoutSeconds: 30,
  });
  const { affinity, topologySpreadConstraints } = spread(KARPENTER, { replicas: REPLICAS, zones });
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(KARPENTER),
    spec: {
      replicas: REPLICAS,
      // A third replica has no third node to go to on a small cluster.
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      selector: { matchLabels: selectorOf(KARPENTER) },
      template: {
        metadata: { labels: metadataOf(KARPENTER).labels },
        spec: {
          serviceAccountName: KARPENTER.name,
          automountServiceAccountToken: true,
          priorityClassName: "system-cluster-critical",
          securityContext: {
            ...RESTRICTED_POD,
            runAsUser: KARPENTER_USER,
            runAsGroup: KARPENTER_USER,
            fsGroup: KARPENTER_USER,
          },
          affinity: { ...affinity, nodeAffinity: ON_NODES_OF_GROUPS },
          ...(topologySpreadConstraints && { topologySpreadConstraints }),
          containers: [
            {
              name: "controller",
              image: IMAGES.karpenter,
              securityContext: RESTRICTED_CONTAINER,
              env: environmentOf(clusterName),
              ports: Object.entries(KARPENTER.ports).map(([name, containerPort]) => ({
                name,
                containerPort,
              })),
              livenessProbe: probe("/healthz", 30),
              readinessProbe: probe("/readyz", 5),
              resources: { requests: { cpu: "250m", memory: "1Gi" }, limits: { memory: "1Gi" } },
            },
          ],
        },
      },
    },
  };
}

// On a node of its own Karpenter would stop itself.
const ON_NODES_OF_GROUPS = {
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [
      { matchExpressions: [{ key: "karpenter.sh/nodepool", operator: "DoesNotExist" as const }] },
    ],
  },
};

function environmentOf(clusterName: string) {
  const plain = {
    KUBERNETES_MIN_VERSION: "1.19.0-0",
    KARPENTER_SERVICE: KARPENTER.name,
    LOG_LEVEL: "info",
    METRICS_PORT: String(KARPENTER.ports.metrics),
    HEALTH_PROBE_PORT: String(KARPENTER.ports.health),
    CLUSTER_NAME: clusterName,
    INTERRUPTION_QUEUE: queueName(clusterName),
    // Beside the cluster's zonal shift: it starts no node in a zone that is shifted away from.
    ENABLE_ZONAL_SHIFT: "true",
  };
  const resource = (name: string, of: string, divisor: string) => ({
    name,
    valueFrom: { resourceFieldRef: { containerName: "controller", resource: of, divisor } },
  });
  return [
    ...Object.entries(plain).map(([name, value]) => ({ name, value })),
    { name: "SYSTEM_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
    resource("CPU_REQUESTS", "requests.cpu", "1m"),
    resource("MEMORY_LIMIT", "limits.memory", "0"),
  ];
}
