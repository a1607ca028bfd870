import { setTimeout as sleep } from "node:timers/promises";
import { freePort, until } from "../servers.ts";
import { tool } from "../tools.ts";
import type { ApiClient, KubernetesObject } from "./api.ts";
import { type ChildProgram, startChild } from "./child-program.ts";
import type { ControlPlane } from "./control-plane.ts";
import { applyAll, customResourceDefinitions } from "./deployment.ts";
import { tokenOf } from "./platform.ts";

// Somebody else's monitoring on a cluster: the objects that a release of kube-prometheus-stack has, with its names, labels and ports
// (chart 80, values by default), and its operator, which runs for real.

export const OTHERS = "monitoring";
const RELEASE = "kps";
const OPERATOR = `${RELEASE}-operator`;

const labelsOf = (name: string) => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/instance": RELEASE,
  "app.kubernetes.io/part-of": "kube-prometheus-stack",
  release: RELEASE,
});

function workload(
  kind: "Deployment" | "DaemonSet",
  name: string,
  app: string,
  container: Readonly<Record<string, unknown>>,
  pod: Readonly<Record<string, unknown>> = {},
): KubernetesObject {
  const labels = labelsOf(app);
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace: OTHERS, labels },
    spec: {
      selector: { matchLabels: { "app.kubernetes.io/name": app } },
      template: { metadata: { labels }, spec: { ...pod, containers: [{ name: app, ...container }] } },
    },
  };
}

function service(name: string, app: string, port: string, number: number): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: OTHERS, labels: labelsOf(app) },
    spec: {
      selector: { "app.kubernetes.io/name": app },
      ports: [{ name: port, port: number, targetPort: number }],
    },
  };
}

const selector = { matchLabels: { release: RELEASE } };

const objects: readonly KubernetesObject[] = [
  {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: OPERATOR, namespace: OTHERS, labels: labelsOf("prometheus-operator") },
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: OPERATOR, labels: labelsOf("prometheus-operator") },
    // The chart's own role may change every operated resource, StatefulSet and Secret of the cluster.
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", name: OPERATOR, namespace: OTHERS }],
  },
  workload("Deployment", OPERATOR, "prometheus-operator", {
    image: "quay.io/prometheus-operator/prometheus-operator:v0.94.1",
    args: [`--kubelet-service=kube-system/${RELEASE}-kubelet`],
  }),
  service(OPERATOR, "prometheus-operator", "http", 8080),
  workload("Deployment", `${RELEASE}-kube-state-metrics`, "kube-state-metrics", {
    image: "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0",
    ports: [{ name: "http", containerPort: 8080 }],
  }),
  service(`${RELEASE}-kube-state-metrics`, "kube-state-metrics", "http", 8080),
  workload(
    "DaemonSet",
    `${RELEASE}-prometheus-node-exporter`,
    "prometheus-node-exporter",
    {
      image: "quay.io/prometheus/node-exporter:v1.12.1",
      ports: [{ name: "http-metrics", containerPort: 9100, hostPort: 9100 }],
    },
    { hostNetwork: true },
  ),
  service(`${RELEASE}-prometheus-node-exporter`, "prometheus-node-exporter", "http-metrics", 9100),
  {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "Prometheus",
    metadata: { name: RELEASE, namespace: OTHERS, labels: labelsOf("prometheus") },
    spec: {
      replicas: 1,
      serviceMonitorSelector: selector,
      serviceMonitorNamespaceSelector: {},
      ruleSelector: selector,
      ruleNamespaceSelector: {},
    },
  },
  {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "Alertmanager",
    metadata: { name: RELEASE, namespace: OTHERS, labels: labelsOf("alertmanager") },
    spec: { replicas: 1 },
  },
  {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { name: "kps-kubelet", namespace: OTHERS, labels: labelsOf("kubelet") },
    spec: {
      namespaceSelector: { matchNames: ["kube-system"] },
      selector: { matchLabels: { "app.kubernetes.io/name": "kubelet" } },
      endpoints: [{ port: "https-metrics", scheme: "https" }],
    },
  },
  {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: "kps-general", namespace: OTHERS, labels: labelsOf("rules") },
    spec: {
      groups: [
        {
          name: "general",
          rules: [{ alert: "TheirWatchdog", expr: "vector(1)", labels: { severity: "none" } }],
        },
      ],
    },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "ingress-nginx-controller",
      namespace: OTHERS,
      labels: { "app.kubernetes.io/name": "ingress-nginx" },
    },
    spec: { selector: { "app.kubernetes.io/name": "ingress-nginx" }, ports: [{ name: "http", port: 80 }] },
  },
];

/** The other release on a cluster, its operator running and its servers made. Stop it before the cluster. */
export async function startOtherRelease(plane: ControlPlane): Promise<ChildProgram> {
  const { api } = plane;
  await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: OTHERS } }, "helm");
  await applyAll(api, [{ urn: "the CRDs", objects: await customResourceDefinitions() }]);
  for (const object of objects) await api.apply(object, "helm");
  const token = await tokenOf(plane, OPERATOR, OTHERS);
  const kubeconfig = await plane.credentials.kubeconfig(plane.url, { name: OPERATOR, token });
  const port = await freePort();
  const args = [
    `--kubelet-service=kube-system/${RELEASE}-kubelet`,
    "--kubelet-endpoints=false",
    "--kubelet-endpointslice=true",
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const operator = startChild(OPERATOR, await tool("operator"), args, {
    logs: plane.logs,
    env: { KUBECONFIG: kubeconfig },
  });
  await until(async () => await isQuiet(api), 120);
  return operator;
}

/** Whether both servers have a pod that is ready, and nothing of the release has changed for two seconds. */
async function isQuiet(api: ApiClient): Promise<boolean> {
  const versions = async () => {
    const pods = await api.list<KubernetesObject & { readonly status?: { readonly phase?: string } }>({
      apiVersion: "v1",
      kind: "Pod",
    });
    const theirs = pods.filter(({ metadata }) => metadata.namespace === OTHERS);
    const servers = theirs.filter(({ metadata }) => /^(prometheus|alertmanager)-kps-0$/.test(metadata.name));
    const isUp = servers.length === 2 && theirs.every(({ status }) => status?.phase === "Running");
    return isUp ? theirs.map(({ metadata }) => metadata.resourceVersion).join() : undefined;
  };
  const before = await versions();
  if (before === undefined) return false;
  await sleep(2_000);
  return before === (await versions());
}
