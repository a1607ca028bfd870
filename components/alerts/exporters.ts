import { JOBS, type Job } from "../signals/jobs.ts";

// Series as they stand in Prometheus after a scrape: what the exporter says of its object, and beside it the labels of the
// target that was scraped. A case that left the latter out would not notice a query that trips over them.
//
// None of this is taken on trust: test/components/alerts/fixtures.test.ts holds the exporters' labels against expositions of the
// exporters themselves, and the targets' labels against what the platform's monitors leave of them.

type Labels = Readonly<Record<string, string>>;

function series(metric: string, target: Labels, own: Labels): string {
  const labels = Object.entries({ ...target, ...own }).map(([name, value]) => `${name}="${value}"`);
  return `${metric}{${labels.join(", ")}}`;
}

/** A pod behind a Service: what a ServiceMonitor leaves that relabels nothing. */
function podTarget(job: Job, pod: string, port: number, endpoint: string): Labels {
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

/** A series of kube-state-metrics about an object: none of its labels is the exporter's own, but the address. */
export function kubeStateMetrics(metric: string, labels: Labels): string {
  return series(metric, { job: JOBS.kubeStateMetrics, instance: "10.40.11.7:8080" }, labels);
}

/** A series of kube-state-metrics about itself, from its other port. */
export function kubeStateMetricsItself(metric: string, labels: Labels): string {
  const pod = "kube-state-metrics-6c7f5d8b9-x2x7k";
  return series(metric, podTarget(JOBS.kubeStateMetrics, pod, 8081, "telemetry"), labels);
}

/** A series of node-exporter on one node. */
export function nodeExporter(metric: string, node: string, labels: Labels = {}): string {
  return series(
    metric,
    { job: JOBS.nodeExporter, instance: node, namespace: "monitoring-node", node },
    labels,
  );
}

/** A series of the agent of EKS's network plug-in on one node. */
export function awsNode(metric: string, node: string, labels: Labels = {}): string {
  return series(metric, { job: JOBS.awsNode, instance: node, namespace: "kube-system", node }, labels);
}

function kubeletTarget(job: Job, node: string): Labels {
  const instance = `${node.replace(/^ip-/, "").replaceAll("-", ".")}:10250`;
  return { job, instance, namespace: "kube-system", service: "kubelet", endpoint: "https-metrics", node };
}

/** A series of the kubelet of one node. */
export function kubelet(metric: string, node: string, labels: Labels = {}): string {
  return series(metric, kubeletTarget(JOBS.kubelet, node), labels);
}

/** A series of one container, from the kubelet's cAdvisor. */
export function cadvisor(metric: string, node: string, labels: Labels): string {
  return series(metric, kubeletTarget(JOBS.cadvisor, node), {
    id: "/kubepods.slice/kubepods-pod1f3c.slice/cri-containerd-9a7e.scope",
    image: "registry.example.com/app:1.4.2",
    name: "9a7e",
    ...labels,
  });
}

function apiServerTarget(job: Job, instance: string): Labels {
  return { job, instance, namespace: "default", service: "kubernetes", endpoint: "https" };
}

/** A series of one API server. */
export function apiServer(metric: string, labels: Labels = {}, instance = "10.40.1.20:443"): string {
  return series(metric, apiServerTarget(JOBS.apiserver, instance), labels);
}

/** A series of EKS's scheduler, which is scraped through the API server. */
export function kubeScheduler(metric: string, labels: Labels = {}): string {
  return series(metric, apiServerTarget(JOBS.kubeScheduler, "10.40.1.20:443"), labels);
}

/** A series of one CoreDNS pod. */
export function coreDns(metric: string, labels: Labels = {}, pod = "coredns-5d78c9869d-4ktvn"): string {
  return series(
    metric,
    { ...podTarget(JOBS.coredns, pod, 9153, "metrics"), namespace: "kube-system", service: "kube-dns" },
    labels,
  );
}

/** A series of the replica of Karpenter that works. */
export function karpenter(metric: string, labels: Labels = {}): string {
  return series(
    metric,
    { ...podTarget(JOBS.karpenter, "karpenter-6b8d7c9f5-4ktvn", 8080, "metrics"), namespace: "kube-system" },
    labels,
  );
}

/** A series of one Prometheus about itself. */
export function prometheus(metric: string, labels: Labels = {}, pod = "prometheus-prometheus-0"): string {
  return series(metric, podTarget(JOBS.prometheus, pod, 9090, "web"), labels);
}

/** A series of one of Thanos' programs about itself. The sidecar is found as a pod, the others behind a Service. */
export function thanos(
  metric: string,
  job: (typeof JOBS)["thanosSidecar" | "thanosQuery" | "thanosStore" | "thanosCompactor"],
  labels: Labels = {},
): string {
  if (job !== JOBS.thanosSidecar) {
    const pod = job === JOBS.thanosQuery ? "thanos-query-5d7c9b6f4-kx8vn" : `${job}-0`;
    return series(metric, podTarget(job, pod, 10_902, "http"), labels);
  }
  const { service: _, ...target } = podTarget(job, "prometheus-prometheus-0", 10_902, "http");
  return series(metric, target, labels);
}

/** A series of one of the rulers about itself. */
export function thanosRuler(metric: string, labels: Labels = {}, ruler = 0): string {
  return series(metric, podTarget(JOBS.thanosRuler, `thanos-ruler-main-${ruler}`, 10_902, "web"), labels);
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

/** A series of the sidecar that hands a changed configuration to Prometheus or Alertmanager. It is found as a pod. */
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

/** A series of a probe that a team added: the operator calls the job after it, and the instance is what is probed. */
export function probe(metric: string, labels: Labels = {}): string {
  return series(
    metric,
    { job: "probe/shop/storefront", instance: "https://shop.example.com", namespace: "shop" },
    labels,
  );
}
