import { signalsOf } from "./platform-signal.ts";
import { CONTAINERS, KSM, POD_NETWORKS } from "./selectors.ts";

/** Pods and their containers: where a drill-down ends. */
export const POD_SIGNALS = signalsOf("pods", {
  podPhases: {
    id: "pod-phases",
    row: "State",
    title: "Pods by phase",
    unit: "short",
    description: "Pods that run, wait, have ended, failed, or of whose node nothing is heard.",
    legend: "{{phase}}",
    query: () => `sum by (namespace, phase) (kube_pod_status_phase{${KSM}})`,
    drawn: (measured) => `sum by (phase) (${measured})`,
  },
  podsNotReady: {
    id: "pods-not-ready",
    row: "State",
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
    row: "State",
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
    row: "State",
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
    row: "State",
    title: "Container restarts",
    unit: "short",
    description: "Restarts of containers within the range that is drawn, by namespace.",
    legend: "{{namespace}}",
    query: (range) =>
      `sum by (namespace) (round(increase(kube_pod_container_status_restarts_total{${KSM}}[${range}])))`,
  },
  oomKills: {
    id: "oom-kills",
    row: "State",
    title: "Containers killed for memory",
    unit: "short",
    description: "Restarts of containers whose last end was the kernel's out-of-memory killer.",
    legend: "{{namespace}} {{pod}} {{container}}",
    query: (range) =>
      `max by (namespace, pod, container) (round(increase(kube_pod_container_status_restarts_total{${KSM}}[${range}])))` +
      ` * on (namespace, pod, container) max by (namespace, pod, container) (kube_pod_container_status_last_terminated_reason{${KSM}, reason="OOMKilled"})`,
  },
  podCpu: {
    id: "pod-cpu",
    row: "Use",
    title: "Cores in use",
    unit: "short",
    description: "Cores that each pod keeps busy: the fifteen pods with the most.",
    legend: "{{namespace}} {{pod}}",
    query: (range) =>
      `sum by (namespace, pod) (rate(container_cpu_usage_seconds_total{${CONTAINERS}}[${range}]))`,
    drawn: (measured) => `topk(15, ${measured})`,
  },
  cpuThrottling: {
    id: "cpu-throttling",
    row: "Use",
    title: "CPU throttling",
    unit: "percentunit",
    description:
      "Share of scheduling periods in which a container was stopped because its CPU limit was used up.",
    legend: "{{namespace}} {{pod}} {{container}}",
    query: (range) =>
      `sum by (namespace, pod, container) (rate(container_cpu_cfs_throttled_periods_total{${CONTAINERS}}[${range}]))` +
      ` / (sum by (namespace, pod, container) (rate(container_cpu_cfs_periods_total{${CONTAINERS}}[${range}])) > 0)`,
    threshold: 0.25,
  },
  podMemory: {
    id: "pod-memory",
    row: "Use",
    title: "Memory in use",
    unit: "bytes",
    description: "Memory that each pod cannot do without: the fifteen pods with the most.",
    legend: "{{namespace}} {{pod}}",
    query: () => `sum by (namespace, pod) (container_memory_working_set_bytes{${CONTAINERS}})`,
    drawn: (measured) => `topk(15, ${measured})`,
  },
  memoryOfLimit: {
    id: "memory-of-limit",
    row: "Use",
    title: "Memory in use of its limit",
    unit: "percentunit",
    description:
      "Memory of each container as a share of its limit, at which it is killed: the fifteen nearest to it.",
    legend: "{{namespace}} {{pod}} {{container}}",
    query: () =>
      `max by (namespace, pod, container) (container_memory_working_set_bytes{${CONTAINERS}})` +
      ` / (max by (namespace, pod, container) (kube_pod_container_resource_limits{${KSM}, resource="memory"}) > 0)`,
    drawn: (measured) => `topk(15, ${measured})`,
  },
  podReceived: {
    id: "pod-received",
    row: "Network",
    title: "Received by pods",
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
    title: "Sent by pods",
    unit: "Bps",
    description: "Bytes per second that each pod sends: the fifteen pods with the most.",
    legend: "{{namespace}} {{pod}}",
    query: (range) =>
      `sum by (namespace, pod) (rate(container_network_transmit_bytes_total{${POD_NETWORKS}}[${range}]))`,
    drawn: (measured) => `topk(15, ${measured})`,
  },
});
