import { signalsOf } from "./platform-signal.ts";
import { CONTAINERS, GATED, KSM, requestsOf, SCHEDULER } from "./selectors.ts";

/** Combines several queries, distinguished by a label. */
function labelled(label: string, queries: Readonly<Record<string, string>>): string {
  return Object.entries(queries)
    .map(([name, query]) => `label_replace(${query}, "${label}", "${name}", "", "")`)
    .join(" or ");
}

/** Capacity of the cluster and its usage. */
export const CAPACITY_SIGNALS = signalsOf("cluster", {
  clusterCores: {
    id: "cluster-cores",
    row: "Capacity",
    title: "CPU capacity",
    unit: "short",
    description: "CPU cores of the cluster: allocatable to pods, requested by pods, and used.",
    legend: "{{cores}}",
    query: (range) =>
      labelled("cores", {
        allocatable: `sum(max by (node) (kube_node_status_allocatable{${KSM}, resource="cpu"}))`,
        requested: `sum(${requestsOf("cpu")})`,
        used: `sum(rate(container_cpu_usage_seconds_total{${CONTAINERS}}[${range}]))`,
      }),
  },
  clusterMemory: {
    id: "cluster-memory",
    row: "Capacity",
    title: "Memory capacity",
    unit: "bytes",
    description: "Memory of the cluster: allocatable to pods, requested by pods, and used (working set).",
    legend: "{{memory}}",
    query: () =>
      labelled("memory", {
        allocatable: `sum(max by (node) (kube_node_status_allocatable{${KSM}, resource="memory"}))`,
        requested: `sum(${requestsOf("memory")})`,
        used: `sum(container_memory_working_set_bytes{${CONTAINERS}})`,
      }),
  },
  clusterPods: {
    id: "cluster-pods",
    row: "Capacity",
    title: "Pod capacity",
    unit: "short",
    description:
      "Pods that the nodes can run, and pods that are running or pending. Pods with scheduling gates are left out.",
    legend: "{{pods}}",
    query: () =>
      labelled("pods", {
        allocatable: `sum(max by (node) (kube_node_status_allocatable{${KSM}, resource="pods"}))`,
        placed: `sum(max by (namespace, pod) (kube_pod_status_phase{${KSM}, phase=~"Pending|Running"}) unless on (namespace, pod) (${GATED}))`,
      }),
  },
  schedulerErrors: {
    id: "scheduler-errors",
    row: "Scheduling",
    title: "Pod scheduling errors",
    unit: "percentunit",
    description:
      "Share of scheduling attempts with an internal error of the scheduler. Attempts for unschedulable pods are not errors.",
    legend: "failed",
    query: (range) =>
      `(sum(rate(scheduler_schedule_attempts_total{${SCHEDULER}, result="error"}[${range}])) or vector(0))` +
      ` / (sum(rate(scheduler_schedule_attempts_total{${SCHEDULER}}[${range}])) > 0)`,
    threshold: 0.1,
  },
  schedulerAttempts: {
    id: "scheduler-attempts",
    row: "Scheduling",
    title: "Pod scheduling attempts",
    unit: "cps",
    description: "Scheduling attempts per second, by result. The scheduler retries unschedulable pods.",
    legend: "{{result}}",
    query: (range) => `sum by (result) (rate(scheduler_schedule_attempts_total{${SCHEDULER}}[${range}]))`,
  },
  kubeletVersions: {
    id: "kubelet-versions",
    row: "Nodes",
    title: "Nodes by kubelet version",
    unit: "short",
    description: "Nodes by the version of their kubelet. During an upgrade there are two versions.",
    legend: "{{kubelet_version}}",
    query: () => `count by (kubelet_version) (max by (node, kubelet_version) (kube_node_info{${KSM}}))`,
  },
  nodesByReadiness: {
    id: "nodes-by-readiness",
    row: "Nodes",
    title: "Nodes by Ready condition",
    unit: "short",
    description:
      "Nodes by the status of the condition Ready: true, false, or unknown if the kubelet sends no status.",
    legend: "ready: {{status}}",
    query: () =>
      `sum by (status) (max by (node, status) (kube_node_status_condition{${KSM}, condition="Ready"}))`,
  },
});
