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
  /** Thanos, with a store of kind thanos: the sidecars beside Prometheus, and what reads the object storage. */
  thanosSidecar: "thanos-sidecar",
  thanosQuery: "thanos-query",
  thanosStore: "thanos-store",
  thanosCompactor: "thanos-compactor",
  thanosRuler: "thanos-ruler",
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
  /** The autoscaler of nodes, where a cluster has it. */
  karpenter: "karpenter",
  /** EKS serves these two from its own API group; elsewhere they are not scraped. */
  kubeScheduler: "kube-scheduler",
  kubeControllerManager: "kube-controller-manager",
} as const;

/** The `job` of one of the platform's own scrape targets. */
export type Job = (typeof JOBS)[keyof typeof JOBS];

/** Jobs that only EKS has: the VPC CNI, and the two with an endpoint of EKS. */
const EKS_JOBS: readonly Job[] = [JOBS.awsNode, JOBS.kubeScheduler, JOBS.kubeControllerManager];
/** Programs that EKS Auto Mode runs on its nodes in place of pods: their metrics are not to be had. */
const POD_JOBS_OF_EKS: readonly Job[] = [JOBS.awsNode, JOBS.coredns];

/** What decides which jobs a cluster has. */
export interface JobTraits {
  readonly distribution: "eks" | "generic";
  readonly autoscaler?: "karpenter" | "auto-mode";
}

/** The jobs that a cluster does not have. */
export function absentJobs({ distribution, autoscaler }: JobTraits): readonly Job[] {
  const karpenter = autoscaler === "karpenter" ? [] : [JOBS.karpenter];
  if (distribution !== "eks") return [...EKS_JOBS, ...karpenter];
  return autoscaler === "auto-mode" ? [...POD_JOBS_OF_EKS, ...karpenter] : karpenter;
}
