import type { KubernetesObject } from "./api.ts";

// What is on a cluster beside the platform: what EKS puts there, and a team's service. All of it is scraped.

/** Where EKS serves the metrics of a control plane's programs, as an API of its own. */
export const EKS_METRICS = "metrics.eks.amazonaws.com";

export const STOREFRONT_REPLICAS = 3;

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
