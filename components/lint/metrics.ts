import { isCounter } from "../signals/counter-names.ts";
import { JOBS } from "../signals/jobs.ts";

// What is known of metrics by name: who exports them, and between which values they lie. From the
// exporters' own documentation: node_exporter, kube-state-metrics, cAdvisor, the Kubernetes metrics reference, and the
// instrumentation of Prometheus, Alertmanager, the operator and CoreDNS. What stands in no table here is not judged by it.

/** Metrics by the start of their name, and the jobs that expose them; the first that fits holds. */
const EXPORTED: readonly (readonly [pattern: RegExp, jobs: readonly string[]])[] = [
  [/^kube_state_metrics_/, [JOBS.kubeStateMetrics]],
  [/^kube_apiserver_/, [JOBS.apiserver]],
  [/^kube_/, [JOBS.kubeStateMetrics]],
  [/^node_(?:collector|ipam|lifecycle)_controller_/, [JOBS.kubeControllerManager]],
  [/^node_(?!.*:)/, [JOBS.nodeExporter]],
  // cAdvisor's, as one job with the kubelet or as one of its own.
  [/^(?:container|machine)_/, [JOBS.cadvisor, JOBS.kubelet]],
  [/^(?:kubelet|volume_manager)_/, [JOBS.kubelet]],
  [/^(?:storage_operation|csi_operations)_/, [JOBS.kubelet, JOBS.kubeControllerManager]],
  [/^(?:apiserver_envelope|apiserver_client_certificate)_/, [JOBS.apiserver, JOBS.kubelet]],
  [/^(?:apiserver|aggregator|etcd|apiextensions)_/, [JOBS.apiserver]],
  [/^(?:scheduler|kube_scheduler)_/, [JOBS.kubeScheduler]],
  [
    /^(?:attachdetach|cronjob|endpoint_slice|garbagecollector|job|replicaset)_controller_/,
    [JOBS.kubeControllerManager],
  ],
  [/^coredns_/, [JOBS.coredns]],
  [/^prometheus_operator_/, [JOBS.prometheusOperator]],
  [/^prometheus_(?!sd_)/, [JOBS.prometheus]],
  [/^alertmanager_/, [JOBS.alertmanager]],
  [/^reloader_/, [JOBS.configReloader]],
  [/^grafana_/, [JOBS.grafana]],
  [/^blackbox_exporter_/, [JOBS.blackboxExporter]],
];

/** The jobs that expose a metric; undefined where any may. */
export function jobsExporting(metric: string): readonly string[] | undefined {
  return EXPORTED.find(([pattern]) => pattern.test(metric))?.[1];
}

/** Whether the table speaks of a job; what any other job exposes, nobody knows. */
export function isKnownJob(job: string): boolean {
  return EXPORTED.some(([, jobs]) => jobs.includes(job));
}

/** Prometheus itself writes these: for each target that it scrapes, and for each alert that is active. */
export function isOfTargets(metric: string): boolean {
  return metric === "up" || metric.startsWith("scrape_");
}

export function isOfAlerts(metric: string): boolean {
  return metric === "ALERTS" || metric === "ALERTS_FOR_STATE";
}

/** What Prometheus calls `level:metric:operations`: a series that a rule recorded. */
export function isRecorded(metric: string): boolean {
  return metric.includes(":");
}

/** The values that a metric can have. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

export const ANY: Bounds = { least: -Infinity, most: Infinity };
export const AT_LEAST_ZERO: Bounds = { least: 0, most: Infinity };
export const YES_OR_NO: Bounds = { least: 0, most: 1 };
export const ONE: Bounds = { least: 1, most: 1 };

/** 0 or 1, for no and yes. */
const BOOLEAN: readonly RegExp[] = [
  /^up$/,
  /^probe_success$/,
  /_last_reload_successful$/,
  /^kube_[a-z]+_status_(?:condition|phase|ready|reason)$/,
  /^kube_(?:node_spec_unschedulable|job_failed|job_complete|pod_status_(?:scheduled|unschedulable))$/,
  /^kube_pod_(?:init_)?container_status_(?:ready|running|terminated|waiting)(?:_reason)?$/,
  /^kube_pod_(?:init_)?container_status_last_terminated_reason$/,
  /^aggregator_unavailable_apiservice$/,
  /^node_(?:filesystem_(?:readonly|device_error)|network_up|network_carrier|timex_sync_status|scrape_collector_success)$/,
  /^etcd_server_has_leader$/,
];

/** Always 1: what they say is in their labels. */
const FACTS: readonly RegExp[] = [
  /^ALERTS$/,
  /_info$/,
  /_owner$/,
  /^kube_[a-z]+_(?:labels|annotations|access_mode)$/,
];

/** What is known of a metric's values. */
export function boundsOfMetric(metric: string): Bounds {
  if (BOOLEAN.some((pattern) => pattern.test(metric))) return YES_OR_NO;
  if (FACTS.some((pattern) => pattern.test(metric))) return ONE;
  const isAmount = /^kube_|_(?:bytes|replicas)$/.test(metric) || isCounter(metric) || IN_PARTS.has(metric);
  return isAmount ? AT_LEAST_ZERO : ANY;
}

/** A metric that is never larger than another of the same labels. */
const PARTS: Readonly<Record<string, string>> = {
  node_memory_MemAvailable_bytes: "node_memory_MemTotal_bytes",
  node_memory_MemFree_bytes: "node_memory_MemTotal_bytes",
  node_filesystem_avail_bytes: "node_filesystem_size_bytes",
  node_filesystem_free_bytes: "node_filesystem_size_bytes",
  node_filesystem_files_free: "node_filesystem_files",
  node_nf_conntrack_entries: "node_nf_conntrack_entries_limit",
  node_filefd_allocated: "node_filefd_maximum",
  kubelet_volume_stats_available_bytes: "kubelet_volume_stats_capacity_bytes",
  kubelet_volume_stats_used_bytes: "kubelet_volume_stats_capacity_bytes",
  kubelet_volume_stats_inodes_free: "kubelet_volume_stats_inodes",
  kubelet_volume_stats_inodes_used: "kubelet_volume_stats_inodes",
  container_cpu_cfs_throttled_periods_total: "container_cpu_cfs_periods_total",
  prometheus_notifications_queue_length: "prometheus_notifications_queue_capacity",
  alertmanager_notifications_failed_total: "alertmanager_notifications_total",
  process_open_fds: "process_max_fds",
};

const IN_PARTS: ReadonlySet<string> = new Set(Object.entries(PARTS).flat());

/** Whether one metric is, series by series, a part of another. */
export function isPartByName(part: string, whole: string): boolean {
  return PARTS[part] === whole || (part.endsWith("_bucket") && part.replace(/_bucket$/, "_count") === whole);
}

/** Counters that stand still on no machine: a processor is always in some mode, idle if nothing else. */
const NEVER_STILL: ReadonlySet<string> = new Set(["node_cpu_seconds_total"]);

/** Whether the rate of a counter is never zero. */
export function isNeverStill(metric: string): boolean {
  return NEVER_STILL.has(metric);
}

/** Gauges that are zero where a thing is empty, switched off or not counted, however ordinary that is. */
const MAY_BE_ZERO: readonly RegExp[] = [
  /^kube_resourcequota$/,
  /^kubelet_volume_stats_inodes$/,
  /^node_filesystem_files$/,
  /^node_memory_SwapTotal_bytes$/,
  /_(?:replicas|replicas_(?:available|ready|updated|unavailable))$/,
  /^kube_(?:daemonset|deployment|statefulset)_status_/,
];

/** Whether a gauge is ordinarily zero at times. */
export function isOftenZero(metric: string): boolean {
  return MAY_BE_ZERO.some((pattern) => pattern.test(metric)) || boundsOfMetric(metric) === YES_OR_NO;
}
