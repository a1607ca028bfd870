import { JOBS } from "./jobs.ts";
import { signalsOf } from "./platform-signal.ts";

// Every query names its job and aggregates to the labels that mean something: what kube-state-metrics says of a Deployment
// still carries the pod and the container of kube-state-metrics itself.
//
// What the monitors promise: targets of node-exporter, kubelet and cadvisor carry `node`, the name of the Kubernetes node;
// kube-state-metrics, kubelet and cadvisor keep their own `namespace`, `pod` and `container` (honorLabels).

const KSM = `job="${JOBS.kubeStateMetrics}"`;
const NODE = `job="${JOBS.nodeExporter}"`;
const KUBELET = `job="${JOBS.kubelet}"`;
const API = `job="${JOBS.apiserver}"`;
const DNS = `job="${JOBS.coredns}"`;
const CNI = `job="${JOBS.awsNode}"`;

/** Selects disks that can fill up: no pseudo and read-only file systems, no claims of pods (these have signals of their own). */
export const DISKS = `${NODE}, fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|erofs", mountpoint!~"/var/lib/kubelet/.+"`;

/** Selects requests that are answered at once: a WATCH or an exec stays open for as long as its client likes. */
const SHORT_REQUESTS = `${API}, verb!~"WATCH|CONNECT"`;

/** Selects requests whose duration says something of the server: no LIST, and nothing that is passed on to a pod or node. */
export const TIMED_REQUESTS = `${API}, verb!~"WATCH|CONNECT|LIST", subresource!~"log|exec|attach|portforward|proxy"`;

/** Leaves out volumes that nobody can write to: they are full by design. */
const NOT_READ_ONLY =
  ` unless on (namespace, persistentvolumeclaim)` +
  ` max by (namespace, persistentvolumeclaim) (kube_persistentvolumeclaim_access_mode{${KSM}, access_mode="ReadOnlyMany"}) == 1`;

/** The share of a file system that is in use, per disk; a disk that is mounted twice counts once. */
function used(metric: string, total: string): string {
  const writable = `(node_filesystem_readonly{${DISKS}} == 0)`;
  return `max by (node, device) ((1 - ${metric}{${DISKS}} / ${total}{${DISKS}}) and ${writable})`;
}

/** The signals of the cluster itself: nodes, workloads, volumes and the control plane. */
export const CLUSTER_SIGNALS = signalsOf("clusterOverview", {
  nodeReadiness: {
    id: "node-readiness",
    row: "Nodes",
    title: "Nodes that are not ready",
    unit: "short",
    description:
      "Nodes whose kubelet is silent or reports trouble, without those that were cordoned on purpose. Anything but 0 is bad.",
    legend: "{{node}}",
    query: () =>
      `max by (node) (kube_node_status_condition{${KSM}, condition="Ready", status=~"false|unknown"})` +
      ` unless on (node) max by (node) (kube_node_spec_unschedulable{${KSM}}) == 1`,
    threshold: 1,
  },
  nodePressure: {
    id: "node-pressure",
    row: "Nodes",
    title: "Nodes under pressure",
    unit: "short",
    description:
      "1 while the kubelet reports that memory, disk or process ids run out. It evicts pods to save the node.",
    legend: "{{node}} {{condition}}",
    query: () =>
      `max by (node, condition) (kube_node_status_condition{${KSM}, condition=~"MemoryPressure|DiskPressure|PIDPressure", status="true"})`,
    threshold: 1,
  },
  nodeCpu: {
    id: "node-cpu",
    row: "Nodes",
    title: "CPU in use",
    unit: "percentunit",
    description: "Share of each node's CPU time that is spent working: neither idle nor waiting for a disk.",
    legend: "{{node}}",
    // A share of what was counted, not of 1: a node that was just born has half a range of samples, in which the extrapolated
    // rate of idle time is far too small, and that of all time by the same factor.
    query: (range) =>
      `1 - sum by (node) (rate(node_cpu_seconds_total{${NODE}, mode=~"idle|iowait"}[${range}]))` +
      ` / sum by (node) (rate(node_cpu_seconds_total{${NODE}}[${range}]))`,
    threshold: 0.9,
  },
  nodeMemory: {
    id: "node-memory",
    row: "Nodes",
    title: "Memory in use",
    unit: "percentunit",
    description: "Share of each node's memory that could not be freed for something new.",
    legend: "{{node}}",
    query: () =>
      `1 - max by (node) (node_memory_MemAvailable_bytes{${NODE}}) / max by (node) (node_memory_MemTotal_bytes{${NODE}})`,
    threshold: 0.9,
  },
  nodeDisk: {
    id: "node-disk",
    row: "Nodes",
    title: "Disk space in use",
    unit: "percentunit",
    description:
      "Share of each writable disk that is in use. From 85% the kubelet deletes images and evicts pods.",
    legend: "{{node}} {{device}}",
    query: () => used("node_filesystem_avail_bytes", "node_filesystem_size_bytes"),
    threshold: 0.85,
  },
  nodeInodes: {
    id: "node-inodes",
    row: "Nodes",
    title: "Inodes in use",
    unit: "percentunit",
    description: "Share of each disk's inodes that is in use. Without a free one no file can be created.",
    legend: "{{node}} {{device}}",
    query: () => used("node_filesystem_files_free", "node_filesystem_files"),
    threshold: 0.95,
  },
  nodePods: {
    id: "node-pods",
    row: "Nodes",
    title: "Pod slots in use",
    unit: "percentunit",
    description: "Pods on each node as a share of how many it can hold. On EKS the limit is often addresses.",
    legend: "{{node}}",
    query: () =>
      `count by (node) ((max by (namespace, pod) (kube_pod_status_phase{${KSM}, phase=~"Pending|Running"}) == 1)` +
      ` * on (namespace, pod) group_left (node) max by (namespace, pod, node) (kube_pod_info{${KSM}}))` +
      ` / max by (node) (kube_node_status_allocatable{${KSM}, resource="pods"})`,
    threshold: 0.95,
  },
  cniAddressesLeft: {
    id: "cni-addresses-left",
    row: "Nodes",
    title: "Pod addresses in reserve",
    unit: "short",
    description:
      "Addresses that each node holds for pods and no pod has yet. EKS's network plug-in keeps some ahead; 0 on a node that may hold more means that its subnet has none left. Empty on other clusters.",
    legend: "{{node}}",
    query: () =>
      `max by (node) (awscni_total_ip_addresses{${CNI}}) - max by (node) (awscni_assigned_ip_addresses{${CNI}})`,
    threshold: 1,
  },
  cniFailures: {
    id: "cni-failures",
    row: "Nodes",
    title: "Pods that got no address",
    unit: "short",
    description:
      "Attempts to give a pod an address that failed for want of one, by node. Anything but 0 is bad. Empty on clusters other than EKS.",
    legend: "{{node}}",
    query: (range) => `sum by (node) (round(increase(awscni_no_available_ip_addresses{${CNI}}[${range}])))`,
    threshold: 1,
  },
  podsNotReady: {
    id: "pods-not-ready",
    row: "Workloads",
    title: "Pods that are not ready",
    unit: "short",
    description:
      "Pods that should serve and do not, by namespace. Pods of jobs and finished pods do not count.",
    legend: "{{namespace}}",
    query: () =>
      `(max by (namespace, pod) (kube_pod_status_ready{${KSM}, condition=~"false|unknown"}) == 1)` +
      ` unless on (namespace, pod) (max by (namespace, pod) (kube_pod_status_phase{${KSM}, phase=~"Succeeded|Failed"}) == 1)` +
      ` unless on (namespace, pod) max by (namespace, pod) (kube_pod_owner{${KSM}, owner_kind="Job"})`,
    drawn: (measured) => `sum by (namespace) (${measured})`,
  },
  crashLoops: {
    id: "crash-loops",
    row: "Workloads",
    title: "Containers in a crash loop",
    unit: "short",
    description: "Containers that start, fail and are held back before the next try.",
    legend: "{{namespace}} {{pod}} {{container}}",
    query: (range) =>
      `max by (namespace, pod, container) (max_over_time(kube_pod_container_status_waiting_reason{${KSM}, reason="CrashLoopBackOff"}[${range}]))`,
    threshold: 1,
  },
  containersWaiting: {
    id: "containers-waiting",
    row: "Workloads",
    title: "Containers that wait to start",
    unit: "short",
    description:
      "Containers that cannot start, by reason: an image, a volume, a ConfigMap or a Secret is missing.",
    legend: "{{namespace}} {{pod}} {{container}} {{reason}}",
    query: () =>
      `max by (namespace, pod, container, reason) (kube_pod_container_status_waiting_reason{${KSM}, reason!="CrashLoopBackOff"})`,
  },
  restarts: {
    id: "container-restarts",
    row: "Workloads",
    title: "Container restarts",
    unit: "short",
    description: "Restarts of containers within the range that is drawn, by namespace.",
    legend: "{{namespace}}",
    query: (range) =>
      `sum by (namespace) (round(increase(kube_pod_container_status_restarts_total{${KSM}}[${range}])))`,
  },
  oomKills: {
    id: "oom-kills",
    row: "Workloads",
    title: "Containers killed for memory",
    unit: "short",
    description: "Restarts of containers whose last end was the kernel's out-of-memory killer.",
    legend: "{{namespace}} {{pod}} {{container}}",
    query: (range) =>
      `max by (namespace, pod, container) (round(increase(kube_pod_container_status_restarts_total{${KSM}}[${range}])))` +
      ` * on (namespace, pod, container) max by (namespace, pod, container) (kube_pod_container_status_last_terminated_reason{${KSM}, reason="OOMKilled"})`,
  },
  cpuThrottling: {
    id: "cpu-throttling",
    row: "Workloads",
    title: "CPU throttling",
    unit: "percentunit",
    description:
      "Share of scheduling periods in which a container was stopped because its CPU limit was used up.",
    legend: "{{namespace}} {{pod}} {{container}}",
    query: (range) =>
      `sum by (namespace, pod, container) (rate(container_cpu_cfs_throttled_periods_total{job="${JOBS.cadvisor}", container!=""}[${range}]))` +
      ` / (sum by (namespace, pod, container) (rate(container_cpu_cfs_periods_total{job="${JOBS.cadvisor}", container!=""}[${range}])) > 0)`,
    threshold: 0.25,
  },
  deploymentReplicas: {
    id: "deployment-replicas",
    row: "Workloads",
    title: "Missing replicas of deployments",
    unit: "short",
    description: "Replicas that a deployment asks for and does not have available.",
    legend: "{{namespace}} {{deployment}}",
    query: () =>
      `max by (namespace, deployment) (kube_deployment_spec_replicas{${KSM}})` +
      ` - max by (namespace, deployment) (kube_deployment_status_replicas_available{${KSM}})`,
    threshold: 1,
  },
  statefulSetReplicas: {
    id: "statefulset-replicas",
    row: "Workloads",
    title: "Missing replicas of stateful sets",
    unit: "short",
    description: "Replicas that a stateful set asks for and that are not ready.",
    legend: "{{namespace}} {{statefulset}}",
    query: () =>
      `max by (namespace, statefulset) (kube_statefulset_replicas{${KSM}})` +
      ` - max by (namespace, statefulset) (kube_statefulset_status_replicas_ready{${KSM}})`,
    threshold: 1,
  },
  daemonSetReplicas: {
    id: "daemonset-replicas",
    row: "Workloads",
    title: "Missing pods of daemon sets",
    unit: "short",
    description: "Nodes on which a daemon set should have an available pod and has none.",
    legend: "{{namespace}} {{daemonset}}",
    query: () =>
      `max by (namespace, daemonset) (kube_daemonset_status_desired_number_scheduled{${KSM}})` +
      ` - max by (namespace, daemonset) (kube_daemonset_status_number_available{${KSM}})`,
    threshold: 1,
  },
  jobsFailed: {
    id: "jobs-failed",
    row: "Workloads",
    title: "Failed jobs",
    unit: "short",
    description: "Jobs that gave up. They stay until they are deleted or their time to live ends.",
    legend: "{{namespace}}",
    query: () => `max by (namespace, job_name) (kube_job_failed{${KSM}, condition="true"})`,
    drawn: (measured) => `sum by (namespace) (${measured})`,
  },
  hpaHeadroom: {
    id: "hpa-replicas",
    row: "Workloads",
    title: "Autoscalers at their limit",
    unit: "percentunit",
    description:
      "Replicas of each horizontal autoscaler as a share of its maximum. At 100% it cannot help any more.",
    legend: "{{namespace}} {{horizontalpodautoscaler}}",
    query: () =>
      `max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_status_current_replicas{${KSM}})` +
      ` / (max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_max_replicas{${KSM}})` +
      ` > max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_min_replicas{${KSM}}))`,
    threshold: 1,
  },
  disruptionBudgets: {
    id: "disruption-budgets",
    row: "Workloads",
    title: "Pods that disruption budgets miss",
    unit: "short",
    description:
      "Healthy pods that a disruption budget asks for and does not have. Drains of nodes wait for them.",
    legend: "{{namespace}} {{poddisruptionbudget}}",
    query: () =>
      `max by (namespace, poddisruptionbudget) (kube_poddisruptionbudget_status_desired_healthy{${KSM}})` +
      ` - max by (namespace, poddisruptionbudget) (kube_poddisruptionbudget_status_current_healthy{${KSM}})`,
    threshold: 1,
  },
  quotas: {
    id: "resource-quotas",
    row: "Workloads",
    title: "Resource quotas in use",
    unit: "percentunit",
    description: "Share of each namespace's quota that is used. At 100% new pods are refused.",
    legend: "{{namespace}} {{resource}}",
    query: () =>
      `max by (namespace, resourcequota, resource) (kube_resourcequota{${KSM}, type="used"})` +
      ` / (max by (namespace, resourcequota, resource) (kube_resourcequota{${KSM}, type="hard"}) > 0)`,
    threshold: 1,
  },
  volumeSpace: {
    id: "volume-space",
    row: "Storage",
    title: "Space left on volumes",
    unit: "percentunit",
    description: "Share of each claim's volume that is free. A full volume stops its pod's writes.",
    legend: "{{namespace}} {{persistentvolumeclaim}}",
    query: () =>
      `max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_available_bytes{${KUBELET}})` +
      ` / max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_capacity_bytes{${KUBELET}})` +
      NOT_READ_ONLY,
    threshold: 0.03,
  },
  volumeInodes: {
    id: "volume-inodes",
    row: "Storage",
    title: "Inodes left on volumes",
    unit: "percentunit",
    description: "Share of each volume's inodes that is free. File systems without a limit are left out.",
    legend: "{{namespace}} {{persistentvolumeclaim}}",
    query: () =>
      `max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_inodes_free{${KUBELET}})` +
      ` / (max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_inodes{${KUBELET}}) > 0)` +
      NOT_READ_ONLY,
    threshold: 0.03,
  },
  volumePhase: {
    id: "volume-phase",
    row: "Storage",
    title: "Volumes in trouble",
    unit: "short",
    description: "Persistent volumes that failed or that still wait to be made.",
    legend: "{{persistentvolume}} {{phase}}",
    query: () =>
      `max by (persistentvolume, phase) (kube_persistentvolume_status_phase{${KSM}, phase=~"Failed|Pending"})`,
    threshold: 1,
  },
  apiServers: {
    id: "apiservers-up",
    row: "Control plane",
    title: "API servers and kubelets that answer",
    unit: "short",
    description: "Targets of the API server and of the kubelets whose last scrape succeeded.",
    legend: "{{job}}",
    query: () => `sum by (job) (up{job=~"${JOBS.apiserver}|${JOBS.kubelet}|${JOBS.coredns}"})`,
  },
  apiRequests: {
    id: "apiserver-requests",
    row: "Control plane",
    title: "API requests",
    unit: "reqps",
    description: "Requests per second that the API server answers, by verb.",
    legend: "{{verb}}",
    query: (range) => `sum by (verb) (rate(apiserver_request_total{${API}}[${range}]))`,
  },
  apiErrors: {
    id: "apiserver-errors",
    row: "Control plane",
    title: "Failed API requests",
    unit: "percentunit",
    description: "Share of API requests that the server answered with 5xx. WATCH and CONNECT are left out.",
    legend: "failed",
    query: (range) =>
      `(sum(rate(apiserver_request_total{${SHORT_REQUESTS}, code=~"5.."}[${range}])) or vector(0))` +
      ` / (sum(rate(apiserver_request_total{${SHORT_REQUESTS}}[${range}])) > 0)`,
    threshold: 0.0144,
  },
  apiLatency: {
    id: "apiserver-latency",
    row: "Control plane",
    title: "API latency, 99th percentile",
    unit: "s",
    description:
      "Time within which the API server answers 99% of requests, by verb. A LIST takes as long as there is to list, and is left out.",
    legend: "{{verb}}",
    query: (range) =>
      `histogram_quantile(0.99, sum by (verb, le) (rate(apiserver_request_duration_seconds_bucket{${TIMED_REQUESTS}}[${range}])))`,
    threshold: 1,
  },
  aggregatedApis: {
    id: "aggregated-apis",
    row: "Control plane",
    title: "Aggregated APIs that are unavailable",
    unit: "short",
    description: "1 while the API server cannot reach what serves an extension API, such as metrics.k8s.io.",
    legend: "{{name}}",
    query: () => `max by (name) (aggregator_unavailable_apiservice{${API}})`,
    threshold: 1,
  },
  dnsErrors: {
    id: "dns-errors",
    row: "Control plane",
    title: "Failed DNS answers",
    unit: "percentunit",
    description: "Share of CoreDNS's answers that say SERVFAIL: names that should resolve and do not.",
    legend: "failed",
    query: (range) =>
      `(sum(rate(coredns_dns_responses_total{${DNS}, rcode="SERVFAIL"}[${range}])) or vector(0))` +
      ` / (sum(rate(coredns_dns_responses_total{${DNS}}[${range}])) > 0)`,
    threshold: 0.03,
  },
  clientCertificates: {
    id: "client-certificates",
    row: "Certificates",
    title: "Life of the API's client certificates",
    unit: "s",
    description:
      "Time that was left to the oldest hundredth of the client certificates that the API server was shown. Below a week somebody has stopped renewing theirs.",
    legend: "1st percentile",
    query: (range) =>
      `histogram_quantile(0.01, sum by (le) (rate(apiserver_client_certificate_expiration_seconds_bucket{${API}}[${range}])))`,
    threshold: 604_800,
  },
  kubeletCertificates: {
    id: "kubelet-certificates",
    row: "Certificates",
    title: "Life of the kubelets' serving certificates",
    unit: "s",
    description:
      "Time left to the certificate that each kubelet serves. A kubelet renews its own long before.",
    legend: "{{node}}",
    query: () => `min by (node) (kubelet_certificate_manager_server_ttl_seconds{${KUBELET}} < +Inf)`,
    threshold: 604_800,
  },
  probedCertificates: {
    id: "probed-certificates",
    row: "Certificates",
    title: "Life of the certificates that are probed",
    unit: "s",
    description:
      "Time left to the first certificate to expire of the chain that each probed address shows. Empty where nothing is probed.",
    legend: "{{instance}}",
    // No job: every probe has its own, and whoever adds one is told without asking.
    query: () => "min by (job, instance) (probe_ssl_earliest_cert_expiry) - time()",
    threshold: 1_209_600,
  },
});
