import { JOBS } from "./jobs.ts";

// Conditions that name what is asked. Every query names its job and aggregates to the labels that mean something: what
// kube-state-metrics says of a Deployment still carries the pod and the container of kube-state-metrics itself.
//
// What the monitors promise: targets of node-exporter, kubelet and cadvisor carry `node`, the name of the Kubernetes node;
// kube-state-metrics, kubelet and cadvisor keep their own `namespace`, `pod` and `container` (honorLabels).

export const KSM = `job="${JOBS.kubeStateMetrics}"`;
export const NODE = `job="${JOBS.nodeExporter}"`;
export const KUBELET = `job="${JOBS.kubelet}"`;
/** Containers, without the sums that cAdvisor makes of each pod. */
export const CONTAINERS = `job="${JOBS.cadvisor}", container!=""`;
/** Pods' networks, which their containers share; without the node's own. */
export const POD_NETWORKS = `job="${JOBS.cadvisor}", pod!=""`;
export const API = `job="${JOBS.apiserver}"`;
export const DNS = `job="${JOBS.coredns}"`;
export const SCHEDULER = `job="${JOBS.kubeScheduler}"`;
export const CNI = `job="${JOBS.awsNode}"`;
export const PROMETHEUS = `job="${JOBS.prometheus}"`;
export const ALERTMANAGER = `job="${JOBS.alertmanager}"`;
export const RELOADER = `job="${JOBS.configReloader}"`;
export const OPERATOR = `job="${JOBS.prometheusOperator}"`;

/** Selects disks that can fill up: no pseudo and read-only file systems, no claims of pods (these have signals of their own). */
export const DISKS = `${NODE}, fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|erofs", mountpoint!~"/var/lib/kubelet/.+"`;

/** Selects requests that are answered at once: a WATCH or an exec stays open for as long as its client likes. */
export const SHORT_REQUESTS = `${API}, verb!~"WATCH|CONNECT"`;

/** Selects requests whose duration says something of the server: no LIST, and nothing that is passed on to a pod or node. */
export const TIMED_REQUESTS = `${API}, verb!~"WATCH|CONNECT|LIST", subresource!~"log|exec|attach|portforward|proxy"`;
