/**
 * The `job` labels of the platform's targets. Monitors set them by relabelling and independently of the names of Services, so that alerts
 * and dashboards can use them in every cluster.
 */
export const JOBS = {
  prometheus: "prometheus",
  alertmanager: "alertmanager",
  prometheusOperator: "prometheus-operator",
  nodeExporter: "node-exporter",
  kubeStateMetrics: "kube-state-metrics",
  blackboxExporter: "blackbox-exporter",
  grafana: "grafana",
  /** The operator's sidecars, which reload Prometheus and Alertmanager after a change of the configuration. */
  configReloader: "config-reloader",
  /** The kubelet's own metrics, at /metrics. */
  kubelet: "kubelet",
  /** Container metrics, from the kubelet at /metrics/cadvisor. */
  cadvisor: "cadvisor",
  apiserver: "apiserver",
  coredns: "coredns",
  /** The VPC CNI of EKS, which assigns IP addresses to pods: the DaemonSet `aws-node`. */
  awsNode: "aws-node",
  /** EKS serves these two from its own API group; elsewhere they are not scraped. */
  kubeScheduler: "kube-scheduler",
  kubeControllerManager: "kube-controller-manager",
} as const;

/** The `job` of one of the platform's own scrape targets. */
export type Job = (typeof JOBS)[keyof typeof JOBS];

/** Jobs that only EKS has: the VPC CNI, and the two with an endpoint of EKS. */
export const EKS_JOBS: readonly Job[] = [JOBS.awsNode, JOBS.kubeScheduler, JOBS.kubeControllerManager];
