import { signalsOf } from "./platform-signal.ts";
import { CONTAINERS, FINISHED, GATED, KSM, POD_NETWORKS } from "./selectors.ts";

/** Pods and their containers. */
export const POD_SIGNALS = signalsOf("pods", {
  podPhases: {
    id: "pod-phases",
    row: "State",
    title: "Pods by phase",
    unit: "short",
    description: "Pods in the phases Running, Pending, Succeeded, Failed and Unknown.",
    legend: "{{phase}}",
    query: () => `sum by (namespace, phase) (kube_pod_status_phase{${KSM}})`,
    drawn: (measured) => `sum by (phase) (${measured})`,
  },
  podsNotReady: {
    id: "pods-not-ready",
    row: "State",
    title: "Pods not ready",
    unit: "short",
    description:
      "Pods that are not ready, by namespace, without pods of Jobs, finished pods and pods with scheduling gates.",
    legend: "{{namespace}}",
    query: () =>
      `(max by (namespace, pod) (kube_pod_status_ready{${KSM}, condition=~"false|unknown"}) == 1)` +
      ` unless on (namespace, pod) (${FINISHED})` +
      ` unless on (namespace, pod) (${GATED})` +
      ` unless on (namespace, pod) max by (namespace, pod) (kube_pod_owner{${KSM}, owner_kind="Job"})`,
    drawn: (measured) => `sum by (namespace) (${measured})`,
  },
  crashLoops: {
    id: "crash-loops",
    row: "State",
    title: "Containers in CrashLoopBackOff",
    unit: "short",
    description:
      "1 for each container that exits after every start and whose next restart the kubelet delays.",
    legend: "{{namespace}} {{pod}} {{container}}",
    query: (range) =>
      `max by (namespace, pod, container) (max_over_time(kube_pod_container_status_waiting_reason{${KSM}, reason="CrashLoopBackOff"}[${range}]))` +
      ` unless on (namespace, pod) (${FINISHED})`,
    threshold: 1,
  },
  containersWaiting: {
    id: "containers-waiting",
    row: "State",
    title: "Containers waiting to start",
    unit: "short",
    description:
      "1 for each container that has not started, by reason, such as ImagePullBackOff. CrashLoopBackOff has its own panel.",
    legend: "{{namespace}} {{pod}} {{container}} {{reason}}",
    query: () =>
      `max by (namespace, pod, container, reason) (kube_pod_container_status_waiting_reason{${KSM}, reason!="CrashLoopBackOff"})` +
      ` unless on (namespace, pod) (${FINISHED})`,
  },
  restarts: {
    id: "container-restarts",
    row: "State",
    title: "Container restarts",
    unit: "short",
    description: "Restarts of containers within each interval of the chart, by namespace.",
    legend: "{{namespace}}",
    query: (range) =>
      `sum by (namespace) (round(increase(kube_pod_container_status_restarts_total{${KSM}}[${range}])))`,
  },
  oomKills: {
    id: "oom-kills",
    row: "State",
    title: "OOMKilled containers",
    unit: "short",
    description:
      "Restarts of containers whose last termination reason is OOMKilled: they exceeded their memory limit.",
    legend: "{{namespace}} {{pod}} {{container}}",
    query: (range) =>
      `max by (namespace, pod, container) (round(increase(kube_pod_container_status_restarts_total{${KSM}}[${range}])))` +
      ` * on (namespace, pod, container) max by (namespace, pod, container) (kube_pod_container_status_last_terminated_reason{${KSM}, reason="OOMKilled"})`,
  },
  podCpu: {
    id: "pod-cpu",
    row: "Usage",
    title: "CPU usage by pod",
    unit: "short",
    description: "CPU cores that each pod uses: the fifteen pods with the most.",
    legend: "{{namespace}} {{pod}}",
    query: (range) =>
      `sum by (namespace, pod) (rate(container_cpu_usage_seconds_total{${CONTAINERS}}[${range}]))`,
    drawn: (measured) => `topk(15, ${measured})`,
  },
  cpuThrottling: {
    id: "cpu-throttling",
    row: "Usage",
    title: "CPU throttling",
    unit: "percentunit",
    description: "Share of CFS periods in which a container was throttled because it reached its CPU limit.",
    legend: "{{namespace}} {{pod}} {{container}}",
    query: (range) =>
      `sum by (namespace, pod, container) (rate(container_cpu_cfs_throttled_periods_total{${CONTAINERS}}[${range}]))` +
      ` / (sum by (namespace, pod, container) (rate(container_cpu_cfs_periods_total{${CONTAINERS}}[${range}])) > 0)`,
    threshold: 0.25,
  },
  podMemory: {
    id: "pod-memory",
    row: "Usage",
    title: "Memory working set by pod",
    unit: "bytes",
    description: "Working set of each pod, in bytes: the fifteen pods with the most.",
    legend: "{{namespace}} {{pod}}",
    query: () => `sum by (namespace, pod) (container_memory_working_set_bytes{${CONTAINERS}})`,
    drawn: (measured) => `topk(15, ${measured})`,
  },
  memoryOfLimit: {
    id: "memory-of-limit",
    row: "Usage",
    title: "Memory usage (% of limit)",
    unit: "percentunit",
    description:
      "Working set of each container as a share of its memory limit: the fifteen highest. At 100% the container is OOMKilled.",
    legend: "{{namespace}} {{pod}} {{container}}",
    query: () =>
      `max by (namespace, pod, container) (container_memory_working_set_bytes{${CONTAINERS}})` +
      ` / (max by (namespace, pod, container) (kube_pod_container_resource_limits{${KSM}, resource="memory"}) > 0)`,
    drawn: (measured) => `topk(15, ${measured})`,
  },
  podReceived: {
    id: "pod-received",
    row: "Network",
    title: "Receive bandwidth by pod",
    unit: "Bps",
    description: "Bytes per second that each pod receives: the fifteen pods with the most.",
    legend: "{{namespace}} {{pod}}",
    query: (range) =>
      `sum by (namespace, pod) (rate(container_network_receive_bytes_total{${POD_NETWORKS}}[${range}]))`,
    drawn: (measured) => `topk(15, ${measured})`,
  },
  podSent: {
    id: "pod-sent",
    row: "Network",
    title: "Transmit bandwidth by pod",
    unit: "Bps",
    description: "Bytes per second that each pod sends: the fifteen pods with the most.",
    legend: "{{namespace}} {{pod}}",
    query: (range) =>
      `sum by (namespace, pod) (rate(container_network_transmit_bytes_total{${POD_NETWORKS}}[${range}]))`,
    drawn: (measured) => `topk(15, ${measured})`,
  },
});
