import { signalsOf } from "./platform-signal.ts";
import { CONTAINERS, KSM, requestsOf } from "./selectors.ts";

/**
 * Namespaces in which the creation of pods fails: a ReplicaSet or a StatefulSet has fewer pods than it asks for, or a Deployment reports it.
 */
export const PODS_REFUSED = [
  `max by (namespace) (kube_replicaset_spec_replicas{${KSM}} > kube_replicaset_status_replicas{${KSM}})`,
  `max by (namespace) (kube_statefulset_replicas{${KSM}} > kube_statefulset_status_replicas{${KSM}})`,
  `max by (namespace) (kube_deployment_status_condition{${KSM}, condition="ReplicaFailure", status="true"} == 1)`,
].join(" or ");

/** Namespaces and the workloads in them. */
export const WORKLOAD_SIGNALS = signalsOf("workloads", {
  namespaceCpu: {
    id: "namespace-cpu",
    row: "Namespaces",
    title: "CPU usage by namespace",
    unit: "short",
    description: "CPU cores that the containers of each namespace use: the ten namespaces with the most.",
    legend: "{{namespace}}",
    query: (range) => `sum by (namespace) (rate(container_cpu_usage_seconds_total{${CONTAINERS}}[${range}]))`,
    drawn: (measured) => `topk(10, ${measured})`,
  },
  namespaceMemory: {
    id: "namespace-memory",
    row: "Namespaces",
    title: "Memory working set by namespace",
    unit: "bytes",
    description:
      "Working set of the containers of each namespace, in bytes: the ten namespaces with the most.",
    legend: "{{namespace}}",
    query: () => `sum by (namespace) (container_memory_working_set_bytes{${CONTAINERS}})`,
    drawn: (measured) => `topk(10, ${measured})`,
  },
  cpuOfRequests: {
    id: "cpu-of-requests",
    row: "Namespaces",
    title: "CPU usage (% of requests)",
    unit: "percentunit",
    description:
      "CPU usage of each namespace as a share of the CPU requests of its pods, without finished ones. Far below 100% the requests are larger than needed.",
    legend: "{{namespace}}",
    query: (range) =>
      `sum by (namespace) (rate(container_cpu_usage_seconds_total{${CONTAINERS}}[${range}]))` +
      ` / (sum by (namespace) (${requestsOf("cpu")}) > 0)`,
  },
  memoryOfRequests: {
    id: "memory-of-requests",
    row: "Namespaces",
    title: "Memory usage (% of requests)",
    unit: "percentunit",
    description:
      "Working set of each namespace as a share of the memory requests of its pods, without finished ones. When a node runs out of memory, pods above their requests are evicted first.",
    legend: "{{namespace}}",
    query: () =>
      `sum by (namespace) (container_memory_working_set_bytes{${CONTAINERS}})` +
      ` / (sum by (namespace) (${requestsOf("memory")}) > 0)`,
  },
  quotas: {
    id: "resource-quotas",
    row: "Namespaces",
    title: "ResourceQuota usage",
    unit: "percentunit",
    description: "Used share of each namespace's ResourceQuota. At 100% the API server rejects new pods.",
    legend: "{{namespace}} {{resource}}",
    query: () =>
      `max by (namespace, resourcequota, resource) (kube_resourcequota{${KSM}, type="used"})` +
      ` / (max by (namespace, resourcequota, resource) (kube_resourcequota{${KSM}, type="hard"}) > 0)`,
    threshold: 1,
  },
  deploymentReplicas: {
    id: "deployment-replicas",
    row: "Replicas",
    title: "Deployment replicas unavailable",
    unit: "short",
    description: "Desired replicas of each Deployment minus its available replicas.",
    legend: "{{namespace}} {{deployment}}",
    query: () =>
      `max by (namespace, deployment) (kube_deployment_spec_replicas{${KSM}})` +
      ` - max by (namespace, deployment) (kube_deployment_status_replicas_available{${KSM}})`,
    threshold: 1,
  },
  deploymentRollouts: {
    id: "deployment-rollouts",
    row: "Replicas",
    title: "Deployment rollouts stuck",
    unit: "short",
    description:
      "1 while a rollout makes no progress within its progressDeadlineSeconds. Pods of the old and the new version run at the same time.",
    legend: "{{namespace}} {{deployment}}",
    query: () =>
      `max by (namespace, deployment) (kube_deployment_status_condition{${KSM}, condition="Progressing", status="false"})`,
    threshold: 1,
  },
  statefulSetReplicas: {
    id: "statefulset-replicas",
    row: "Replicas",
    title: "StatefulSet replicas not ready",
    unit: "short",
    description: "Desired replicas of each StatefulSet minus its ready replicas.",
    legend: "{{namespace}} {{statefulset}}",
    query: () =>
      `max by (namespace, statefulset) (kube_statefulset_replicas{${KSM}})` +
      ` - max by (namespace, statefulset) (kube_statefulset_status_replicas_ready{${KSM}})`,
    threshold: 1,
  },
  daemonSetReplicas: {
    id: "daemonset-replicas",
    row: "Replicas",
    title: "DaemonSet pods unavailable",
    unit: "short",
    description: "Nodes on which a DaemonSet has no available pod, although it should have one.",
    legend: "{{namespace}} {{daemonset}}",
    query: () =>
      `max by (namespace, daemonset) (kube_daemonset_status_desired_number_scheduled{${KSM}})` +
      ` - max by (namespace, daemonset) (kube_daemonset_status_number_available{${KSM}})`,
    threshold: 1,
  },
  hpaHeadroom: {
    id: "hpa-replicas",
    row: "Replicas",
    title: "HPA replicas (% of maximum)",
    unit: "percentunit",
    description:
      "Replicas of each HorizontalPodAutoscaler as a share of maxReplicas. At 100% it cannot scale up further.",
    legend: "{{namespace}} {{horizontalpodautoscaler}}",
    query: () =>
      `max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_status_current_replicas{${KSM}})` +
      ` / (max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_max_replicas{${KSM}})` +
      ` > max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_min_replicas{${KSM}}))`,
    threshold: 1,
  },
  disruptionBudgets: {
    id: "disruption-budgets",
    row: "Replicas",
    title: "PodDisruptionBudgets below minimum",
    unit: "short",
    description:
      "Healthy pods that each PodDisruptionBudget requires minus those it has. Above 0 a node drain waits.",
    legend: "{{namespace}} {{poddisruptionbudget}}",
    query: () =>
      `(max by (namespace, poddisruptionbudget) (kube_poddisruptionbudget_status_desired_healthy{${KSM}})` +
      ` - max by (namespace, poddisruptionbudget) (kube_poddisruptionbudget_status_current_healthy{${KSM}}))` +
      // A workload that is scaled to 0 expects no pods, although `minAvailable` still requires some.
      ` and max by (namespace, poddisruptionbudget) (kube_poddisruptionbudget_status_expected_pods{${KSM}}) > 0`,
    threshold: 1,
  },
  jobsFailed: {
    id: "jobs-failed",
    row: "Replicas",
    title: "Failed Jobs",
    unit: "short",
    description:
      "Jobs with the condition Failed, by namespace. They are counted until they are deleted or their TTL ends.",
    legend: "{{namespace}}",
    query: () => `max by (namespace, job_name) (kube_job_failed{${KSM}, condition="true"})`,
    drawn: (measured) => `sum by (namespace) (${measured})`,
  },
});
