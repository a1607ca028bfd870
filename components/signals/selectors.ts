import { JOBS } from "./jobs.ts";

// Matchers for queries. Every query has a matcher for the job and aggregates to the relevant labels: for example, the metrics of
// kube-state-metrics about a Deployment also have the labels pod and container of kube-state-metrics itself.
//
// The monitors guarantee these labels: targets of node-exporter, kubelet and cadvisor carry `node`, the name of the Kubernetes node;
// kube-state-metrics, kubelet and cadvisor keep their own `namespace`, `pod` and `container` (honorLabels).

export const KSM = `job="${JOBS.kubeStateMetrics}"`;
export const NODE = `job="${JOBS.nodeExporter}"`;
export const KUBELET = `job="${JOBS.kubelet}"`;
/** Containers, without the totals of pods in cAdvisor. */
export const CONTAINERS = `job="${JOBS.cadvisor}", container!=""`;
/** The network of each pod, which its containers share, without that of the node. */
export const POD_NETWORKS = `job="${JOBS.cadvisor}", pod!=""`;
export const API = `job="${JOBS.apiserver}"`;
export const DNS = `job="${JOBS.coredns}"`;
export const SCHEDULER = `job="${JOBS.kubeScheduler}"`;
export const KARPENTER = `job="${JOBS.karpenter}"`;
export const CNI = `job="${JOBS.awsNode}"`;
export const PROMETHEUS = `job="${JOBS.prometheus}"`;
export const ALERTMANAGER = `job="${JOBS.alertmanager}"`;
export const RELOADER = `job="${JOBS.configReloader}"`;
export const THANOS_SIDECAR = `job="${JOBS.thanosSidecar}"`;
export const THANOS_QUERY = `job="${JOBS.thanosQuery}"`;
export const THANOS_STORE = `job="${JOBS.thanosStore}"`;
export const THANOS_COMPACTOR = `job="${JOBS.thanosCompactor}"`;
export const THANOS_RULER = `job="${JOBS.thanosRuler}"`;
export const OPERATOR = `job="${JOBS.prometheusOperator}"`;

/** Selects disks that can fill up: no pseudo and read-only file systems, and no volumes of pods, which have their own signals. */
export const DISKS = `${NODE}, fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|erofs", mountpoint!~"/var/lib/kubelet/.+"`;

/** Selects short requests: the client determines how long a WATCH or an exec stays open. */
export const SHORT_REQUESTS = `${API}, verb!~"WATCH|CONNECT"`;

/** Selects requests whose duration depends on the API server: no LIST, and none that is proxied to a pod or node. */
export const TIMED_REQUESTS = `${API}, verb!~"WATCH|CONNECT|LIST", subresource!~"log|exec|attach|portforward|proxy"`;

/** Pods that have finished. kube-state-metrics reports them, with their requests and states, until they are deleted. */
export const FINISHED = `max by (namespace, pod) (kube_pod_status_phase{${KSM}, phase=~"Succeeded|Failed"}) == 1`;

/**
 * Pods with scheduling gates: their owner, such as a queue of jobs, holds them back on purpose. From kube-state-metrics 2.20 on there is a
 * series only for the reason that is set.
 */
export const GATED = `max by (namespace, pod) (kube_pod_status_reason{${KSM}, reason="SchedulingGated"}) == 1`;

/** Requests of the pods that run or are to be scheduled, by namespace and pod. */
export function requestsOf(resource: "cpu" | "memory"): string {
  return (
    `(sum by (namespace, pod) (kube_pod_container_resource_requests{${KSM}, resource="${resource}"})` +
    ` unless on (namespace, pod) (${FINISHED}) unless on (namespace, pod) (${GATED}))`
  );
}
