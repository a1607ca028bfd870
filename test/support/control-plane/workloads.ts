import type { KubernetesObject } from "./api.ts";
import { SALES_REPORT_JOB } from "./sales-report.ts";

// What is on a cluster beside the platform: what EKS puts there, and a team's service. All of it is scraped.

/** Where EKS serves the metrics of a control plane's programs, as an API of its own. */
export const EKS_METRICS = "metrics.eks.amazonaws.com";

const STOREFRONT_REPLICAS = 3;

/** A cluster's own workloads, and the namespace and the service of the team `shop`. */
export function workloads(eksMetricsPort: number): readonly KubernetesObject[] {
  const dns = { "k8s-app": "kube-dns" };
  const storefront = { "app.kubernetes.io/name": "storefront" };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
    deployment("kube-system", "coredns", dns, 2, { dns: 5353, metrics: 9153 }),
    service("kube-system", "kube-dns", dns, { dns: 5353, metrics: 9153 }),
    deployment("shop", "storefront", storefront, STOREFRONT_REPLICAS, { http: 8080 }),
    service("shop", "storefront", storefront, { http: 8080 }),
    SALES_REPORT_JOB,
    {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name: "aws-node", namespace: "kube-system" },
      spec: {
        selector: { matchLabels: { "k8s-app": "aws-node" } },
        template: podTemplate({ "k8s-app": "aws-node" }, { metrics: 61_678 }, { hostNetwork: true }),
      },
    },
    // EKS serves this API from outside the cluster, so here, too, the API server is sent elsewhere: to a stand-in on loopback.
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "eks-metrics", namespace: "kube-system" },
      spec: { type: "ExternalName", externalName: "localhost", ports: [{ port: eksMetricsPort }] },
    },
    {
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: `v1.${EKS_METRICS}` },
      spec: {
        group: EKS_METRICS,
        version: "v1",
        groupPriorityMinimum: 1000,
        versionPriority: 15,
        insecureSkipTLSVerify: true,
        service: { name: "eks-metrics", namespace: "kube-system", port: eksMetricsPort },
      },
    },
  ];
}

/** The label of a pod of a team whose program is not played in particular. */
export const TEAM_POD = "bellwether.test/team-pod";

/** What the rendered monitors of teams' services look for: a Deployment and a Service with those labels and ports for each. */
export function teamWorkloads(monitors: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return monitors.flatMap(({ metadata, spec }) => {
    const { namespaceSelector, selector, endpoints } = spec as {
      readonly namespaceSelector?: { readonly matchNames?: readonly string[] };
      readonly selector: { readonly matchLabels?: Labels };
      readonly endpoints: readonly { readonly port?: string }[];
    };
    const name = metadata.name.replace(/^service-/, "");
    // The storefront is played in particular.
    if (!metadata.name.startsWith("service-") || name === "storefront") return [];
    const namespace = namespaceSelector?.matchNames?.[0] ?? metadata.namespace ?? "default";
    const labels = { ...selector.matchLabels, [TEAM_POD]: "true" };
    const ports = Object.fromEntries(endpoints.map(({ port = "http" }, index) => [port, 8080 + index]));
    return [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      deployment(namespace, name, labels, 1, ports),
      service(namespace, name, labels, ports),
    ];
  });
}

/** The storage class that kind brings along, for an environment on a cluster of one's own. */
export const KIND_STORAGE: KubernetesObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "standard" },
  provisioner: "rancher.io/local-path",
  volumeBindingMode: "WaitForFirstConsumer",
};

type Labels = Readonly<Record<string, string>>;
type Ports = Readonly<Record<string, number>>;

function deployment(
  namespace: string,
  name: string,
  labels: Labels,
  replicas: number,
  ports: Ports,
): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: { replicas, selector: { matchLabels: labels }, template: podTemplate(labels, ports) },
  };
}

function podTemplate(labels: Labels, ports: Ports, pod: Readonly<Record<string, unknown>> = {}) {
  const named = Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort }));
  return {
    metadata: { labels },
    spec: { ...pod, containers: [{ name: "main", image: "example.com/stand-in:1", ports: named }] },
  };
}

function service(namespace: string, name: string, labels: Labels, ports: Ports): KubernetesObject {
  const named = Object.entries(ports).map(([port, number]) => ({
    name: port,
    port: number,
    targetPort: port,
  }));
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, labels },
    spec: { selector: labels, ports: named },
  };
}
