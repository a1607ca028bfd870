import { JOBS } from "../signals/jobs.ts";

// Series as they stand in Prometheus after a scrape: what the exporter says of its object, and beside it the labels of the
// target that was scraped. A case that left the latter out would not notice a query that trips over them.

type Labels = Readonly<Record<string, string>>;

function series(metric: string, target: Labels, own: Labels): string {
  const labels = Object.entries({ ...target, ...own }).map(([name, value]) => `${name}="${value}"`);
  return `${metric}{${labels.join(", ")}}`;
}

function podTarget(job: string, pod: string, port: number, endpoint: string): Labels {
  return {
    job,
    instance: `10.40.11.7:${port}`,
    namespace: "monitoring",
    pod,
    container: job,
    service: job,
    endpoint,
  };
}

/** A series of kube-state-metrics; `pod`, `container` and `namespace` of the object win over the target's. */
export function kubeStateMetrics(metric: string, labels: Labels): string {
  return series(
    metric,
    podTarget(JOBS.kubeStateMetrics, "kube-state-metrics-6c7f5d8b9-x2x7k", 8443, "https-main"),
    labels,
  );
}

/** A series of node-exporter on one node. */
export function nodeExporter(metric: string, node: string, labels: Labels = {}): string {
  return series(
    metric,
    {
      ...podTarget(JOBS.nodeExporter, `node-exporter-${node}`, 9100, "https"),
      namespace: "monitoring-node",
      node,
      instance: node,
    },
    labels,
  );
}

function kubeletTarget(job: string, node: string, path: string): Labels {
  return { job, instance: node, node, metrics_path: path };
}

/** A series of the kubelet of one node. */
export function kubelet(metric: string, node: string, labels: Labels = {}): string {
  return series(metric, kubeletTarget(JOBS.kubelet, node, "/metrics"), labels);
}

/** A series of one container, from the kubelet's cAdvisor. */
export function cadvisor(metric: string, node: string, labels: Labels): string {
  return series(metric, kubeletTarget(JOBS.cadvisor, node, "/metrics/cadvisor"), {
    id: "/kubepods.slice/kubepods-pod1f3c.slice/cri-containerd-9a7e.scope",
    image: "registry.example.com/app:1.4.2",
    name: "9a7e",
    ...labels,
  });
}

/** A series of one API server. */
export function apiServer(metric: string, labels: Labels = {}, instance = "10.40.1.20:443"): string {
  return series(
    metric,
    { job: JOBS.apiserver, instance, namespace: "default", service: "kubernetes", endpoint: "https" },
    labels,
  );
}

/** A series of EKS's scheduler, which is scraped through the API server. */
export function kubeScheduler(metric: string, labels: Labels = {}): string {
  return series(metric, { job: JOBS.kubeScheduler, instance: "10.40.1.20:443" }, labels);
}

/** A series of one CoreDNS pod. */
export function coreDns(metric: string, labels: Labels = {}, pod = "coredns-5d78c9869d-4ktvn"): string {
  return series(
    metric,
    { ...podTarget(JOBS.coredns, pod, 9153, "metrics"), namespace: "kube-system", service: "kube-dns" },
    labels,
  );
}

/** A series of one Prometheus about itself. */
export function prometheus(metric: string, labels: Labels = {}, pod = "prometheus-prometheus-0"): string {
  return series(metric, podTarget(JOBS.prometheus, pod, 9090, "web"), labels);
}

/** A series of one Alertmanager about itself. */
export function alertmanager(
  metric: string,
  labels: Labels = {},
  pod = "alertmanager-alertmanager-0",
): string {
  return series(metric, podTarget(JOBS.alertmanager, pod, 9093, "web"), labels);
}

/** A series of the operator. */
export function prometheusOperator(metric: string, labels: Labels = {}): string {
  return series(
    metric,
    podTarget(JOBS.prometheusOperator, "prometheus-operator-7b9c5f6d4-hq8zl", 8080, "http"),
    labels,
  );
}

/** A series of the sidecar that hands a changed configuration to Prometheus or Alertmanager. */
export function configReloader(metric: string, labels: Labels = {}, pod = "prometheus-prometheus-0"): string {
  return series(
    metric,
    {
      job: JOBS.configReloader,
      instance: "10.40.11.7:8080",
      namespace: "monitoring",
      pod,
      container: "config-reloader",
      endpoint: "reloader-web",
    },
    labels,
  );
}
