/**
 * The `job` label of everything the platform scrapes. Monitors set it by relabelling, never by what a Service happens to be
 * called, so that an alert or a dashboard can name a job and be right in every cluster.
 */
export const JOBS = {
  prometheus: "prometheus",
  alertmanager: "alertmanager",
  prometheusOperator: "prometheus-operator",
  nodeExporter: "node-exporter",
  kubeStateMetrics: "kube-state-metrics",
  blackboxExporter: "blackbox-exporter",
  grafana: "grafana",
  /** The operator's sidecars, which push a changed configuration into Prometheus and Alertmanager. */
  configReloader: "config-reloader",
  /** The kubelet's own metrics, at /metrics. */
  kubelet: "kubelet",
  /** Container metrics, from the kubelet at /metrics/cadvisor. */
  cadvisor: "cadvisor",
  apiserver: "apiserver",
  coredns: "coredns",
  /** The agents of EKS's network plug-in, which give pods their addresses: the daemon set `aws-node`. */
  awsNode: "aws-node",
  /** EKS serves these two from its own API group; elsewhere they are not scraped. */
  kubeScheduler: "kube-scheduler",
  kubeControllerManager: "kube-controller-manager",
} as const;

/** The `job` of one of the platform's own scrape targets. */
export type Job = (typeof JOBS)[keyof typeof JOBS];

/** Only EKS has these: its network plug-in, and an endpoint of its own for the other two. */
export const EKS_JOBS: readonly Job[] = [JOBS.awsNode, JOBS.kubeScheduler, JOBS.kubeControllerManager];
