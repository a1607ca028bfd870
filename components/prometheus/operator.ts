import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { IClusterRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole";
import type { IRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/Role";
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
import { bindClusterRole, bindRole, clusterMetadataOf, renderServiceAccount } from "./access.ts";
import { CONTROLLER_ID, kubeletService, type OperatorSettings } from "./existing-programs.ts";
import type { PrometheusSettings } from "./model.ts";
import { PRIORITY_CLASS } from "./namespaces.ts";
import { hasRuler } from "./rule-evaluation.ts";

type Operator = Placed<typeof WORKLOADS.operator>;
type ObjectName = ReturnType<typeof kubeletService>;

/** The operator: it turns Prometheus, Alertmanager, monitors and rules into StatefulSets and configuration. */
export function renderOperator(
  { operator: settings, rules, store }: Pick<PrometheusSettings, "operator" | "rules" | "store">,
  namespaces: Namespaces,
) {
  const operator = placed(WORKLOADS.operator, namespaces);
  const operated = ["prometheuses", "alertmanagers", ...(hasRuler({ rules, store }) ? ["thanosrulers"] : [])];
  const kubelets = kubeletService(settings);
  return {
    "operator-account": renderServiceAccount(operator),
    "operator-role": renderClusterRole(operator),
    "operator-role-binding": bindClusterRole(operator),
    "operator-instances": renderInstanceRole(operator, operated),
    "operator-instances-binding": bindRole(operator, operator.namespace),
    "operator-kubelet": renderKubeletRole(operator, kubelets, nameInKubeSystem(settings)),
    "operator-kubelet-binding": bindRole(operator, kubelets.namespace, nameInKubeSystem(settings)),
    "kubelet-service": renderKubeletService(kubelets),
    "operator-service": renderService(operator),
    operator: renderDeployment(operator, settings, operated),
  };
}

// What teams write may stand in any namespace and is only read. Secrets are not among it: the operator reads those of the
// servers' namespace alone, so a monitor with credentials of its own stands there, or its namespace grants more.
function renderClusterRole(operator: Operator): IClusterRole {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: clusterMetadataOf(operator),
    rules: [
      {
        apiGroups: ["monitoring.coreos.com"],
        resources: ["servicemonitors", "podmonitors", "probes", "prometheusrules", "scrapeconfigs"],
        verbs: ["get", "list", "watch"],
      },
      { apiGroups: [""], resources: ["namespaces"], verbs: ["get", "list", "watch"] },
      { apiGroups: [""], resources: ["nodes"], verbs: ["list"] },
      { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: ["get"] },
      // A monitor that is refused gets an event that says why, in its own namespace.
      { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: ["create", "patch"] },
    ],
  };
}

function renderInstanceRole(operator: Operator, operated: readonly string[]): IRole {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: metadataOf(operator),
    rules: [
      {
        apiGroups: ["monitoring.coreos.com"],
        resources: [...operated, "alertmanagerconfigs"],
        verbs: ["get", "list", "watch"],
      },
      {
        apiGroups: ["monitoring.coreos.com"],
        resources: operated.map((resource) => `${resource}/status`),
        verbs: ["update", "patch"],
      },
      // What the operator makes is owned by these objects and blocks their deletion until it is gone.
      {
        apiGroups: ["monitoring.coreos.com"],
        resources: operated.map((resource) => `${resource}/finalizers`),
        verbs: ["update"],
      },
      {
        apiGroups: ["apps"],
        resources: ["statefulsets"],
        verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
      },
      {
        apiGroups: [""],
        resources: ["configmaps", "secrets"],
        verbs: ["get", "list", "watch", "create", "update", "delete"],
      },
      { apiGroups: [""], resources: ["services"], verbs: ["get", "create", "update"] },
      { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
      // For --repair-policy-for-statefulsets.
      { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
    ],
  };
}

/** Another operator may have a Role of the usual name there. */
function nameInKubeSystem({ kind }: OperatorSettings): string {
  const { name } = WORKLOADS.operator;
  return kind === "beside" ? `bellwether-${name}` : name;
}

function renderKubeletRole(operator: Operator, { namespace, name }: ObjectName, role: string): IRole {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { ...metadataOf(operator, role), namespace },
    rules: [
      { apiGroups: [""], resources: ["services"], verbs: ["create"] },
      { apiGroups: [""], resources: ["services"], resourceNames: [name], verbs: ["get", "update"] },
      { apiGroups: [""], resources: ["services/finalizers"], resourceNames: [name], verbs: ["update"] },
      {
        apiGroups: ["discovery.k8s.io"],
        resources: ["endpointslices"],
        verbs: ["get", "list", "create", "update", "delete"],
      },
    ],
  };
}

/**
 * The Service of the kubelets as the operator writes it (0.94.1, pkg/kubelet/controller.go), which makes it where it is missing and never
 * deletes it. Made here, it goes with the platform, and the operator's EndpointSlices, which it owns, with it.
 */
function renderKubeletService({ namespace, name }: ObjectName): IService {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name,
      namespace,
      labels: {
        "k8s-app": "kubelet",
        "app.kubernetes.io/name": "kubelet",
        "app.kubernetes.io/managed-by": "prometheus-operator",
        // The operator leaves labels that it does not set.
        "app.kubernetes.io/part-of": "bellwether",
      },
    },
    spec: {
      type: "ClusterIP",
      clusterIP: "None",
      ports: [
        { name: "https-metrics", port: 10250 },
        { name: "cadvisor", port: 4194 },
      ],
    },
  };
}

function renderService(operator: Operator): IService {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(operator),
    spec: {
      selector: selectorOf(operator),
      ports: [{ name: "http", port: operator.ports.http, targetPort: "http" }],
    },
  };
}

function renderDeployment(
  operator: Operator,
  settings: OperatorSettings,
  operated: readonly string[],
): IDeployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(operator),
    spec: {
      // Two would only wait for each other's work: the operator elects no leader.
      replicas: 1,
      selector: { matchLabels: selectorOf(operator) },
      template: {
        metadata: { labels: metadataOf(operator).labels },
        spec: {
          serviceAccountName: operator.name,
          automountServiceAccountToken: true,
          priorityClassName: PRIORITY_CLASS,
          nodeSelector: { "kubernetes.io/os": "linux" },
          securityContext: RESTRICTED_POD,
          containers: [
            {
              name: operator.name,
              image: IMAGES.prometheusOperator,
              args: operatorArguments(operator, settings, operated),
              ports: [{ name: "http", containerPort: operator.ports.http }],
              readinessProbe: { httpGet: { path: "/healthz", port: "http" }, periodSeconds: 5 },
              livenessProbe: {
                httpGet: { path: "/healthz", port: "http" },
                initialDelaySeconds: 15,
                periodSeconds: 10,
              },
              // It keeps every monitor, rule and generated configuration of the cluster in memory.
              resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "256Mi" } },
              securityContext: RESTRICTED_CONTAINER,
            },
          ],
        },
      },
    },
  };
}

function operatorArguments(
  { namespace }: Operator,
  settings: OperatorSettings,
  operated: readonly string[],
): string[] {
  const kubelets = kubeletService(settings);
  return [
    `--prometheus-config-reloader=${IMAGES.configReloader}`,
    // Requests as the operator's defaults; no CPU limit, because a throttled reloader applies a new rule late.
    "--config-reloader-cpu-request=10m",
    "--config-reloader-cpu-limit=0",
    "--config-reloader-memory-request=50Mi",
    "--config-reloader-memory-limit=50Mi",
    "--enable-config-reloader-probes=true",
    `--kubelet-service=${kubelets.namespace}/${kubelets.name}`,
    ...(settings.kind === "beside" ? [`--controller-id=${CONTROLLER_ID}`] : []),
    // Endpoints are deprecated since Kubernetes 1.33 and hold at most 1,000 addresses.
    "--kubelet-endpoints=false",
    "--kubelet-endpointslice=true",
    // The kubelet's port without authentication, which EKS and kind do not open.
    "--kubelet-http-metrics=false",
    // Servers are made in this namespace alone; monitors and rules are read in all of them, as the selectors say.
    `--prometheus-instance-namespaces=${namespace}`,
    `--alertmanager-instance-namespaces=${namespace}`,
    `--alertmanager-config-namespaces=${namespace}`,
    `--thanos-ruler-instance-namespaces=${namespace}`,
    // It finds out at its start alone whether it may read them: another argument is another start.
    ...(operated.includes("thanosrulers")
      ? ["--thanos-ruler-instance-selector=app.kubernetes.io/part-of=bellwether"]
      : []),
    "--disable-unmanaged-prometheus-configuration=true",
    // From Kubernetes 1.35, where the feature MaxUnavailableStatefulSet is on (by default up to 1.35.3), a pod that a bad rollout broke is
    // not replaced when the resource is fixed. Only such a pod is evicted: not ready, and of neither the current nor the desired
    // revision. Elsewhere the StatefulSet controller replaces it, and the operator finds none.
    "--repair-policy-for-statefulsets=evict",
    "--auto-gomemlimit-ratio=0.9",
  ];
}
