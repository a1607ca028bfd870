import { signalsOf } from "./platform-signal.ts";
import { CONTAINERS, KSM } from "./selectors.ts";

/** Namespaces and what keeps pods running in them. */
export const WORKLOAD_SIGNALS = signalsOf("workloads", {
  namespaceCpu: {
    id: "namespace-cpu",
    row: "Namespaces",
    title: "Cores in use",
    unit: "short",
    description: "Cores that the containers of each namespace keep busy: the ten namespaces with the most.",
    legend: "{{namespace}}",
    query: (range) => `sum by (namespace) (rate(container_cpu_usage_seconds_total{${CONTAINERS}}[${range}]))`,
    drawn: (measured) => `topk(10, ${measured})`,
  },
  namespaceMemory: {
    id: "namespace-memory",
    row: "Namespaces",
    title: "Memory in use",
    unit: "bytes",
    description:
      "Memory that the containers of each namespace cannot do without: the ten namespaces with the most.",
    legend: "{{namespace}}",
    query: () => `sum by (namespace) (container_memory_working_set_bytes{${CONTAINERS}})`,
    drawn: (measured) => `topk(10, ${measured})`,
  },
  cpuOfRequests: {
    id: "cpu-of-requests",
    row: "Namespaces",
    title: "Cores in use of those requested",
    unit: "percentunit",
    description:
      "What each namespace uses of the cores that it reserves. Far below 100% is paid for and idle; above is borrowed.",
    legend: "{{namespace}}",
    query: (range) =>
      `sum by (namespace) (rate(container_cpu_usage_seconds_total{${CONTAINERS}}[${range}]))` +
      ` / (sum by (namespace) (kube_pod_container_resource_requests{${KSM}, resource="cpu"}) > 0)`,
  },
  memoryOfRequests: {
    id: "memory-of-requests",
    row: "Namespaces",
    title: "Memory in use of that requested",
    unit: "percentunit",
    description:
      "What each namespace uses of the memory that it reserves. Above 100% its pods are evicted first.",
    legend: "{{namespace}}",
    query: () =>
      `sum by (namespace) (container_memory_working_set_bytes{${CONTAINERS}})` +
      ` / (sum by (namespace) (kube_pod_container_resource_requests{${KSM}, resource="memory"}) > 0)`,
  },
  quotas: {
    id: "resource-quotas",
    row: "Namespaces",
    title: "Resource quotas in use",
    unit: "percentunit",
    description: "Share of each namespace's quota that is used. At 100% new pods are refused.",
    legend: "{{namespace}} {{resource}}",
    query: () =>
      `max by (namespace, resourcequota, resource) (kube_resourcequota{${KSM}, type="used"})` +
      ` / (max by (namespace, resourcequota, resource) (kube_resourcequota{${KSM}, type="hard"}) > 0)`,
    threshold: 1,
  },
  deploymentReplicas: {
    id: "deployment-replicas",
    row: "Replicas",
    title: "Missing replicas of deployments",
    unit: "short",
    description: "Replicas that a deployment asks for and does not have available.",
    legend: "{{namespace}} {{deployment}}",
    query: () =>
      `max by (namespace, deployment) (kube_deployment_spec_replicas{${KSM}})` +
      ` - max by (namespace, deployment) (kube_deployment_status_replicas_available{${KSM}})`,
    threshold: 1,
  },
  deploymentRollouts: {
    id: "deployment-rollouts",
    row: "Replicas",
    title: "Rollouts past their deadline",
    unit: "short",
    description:
      "1 while a deployment reports that its rollout makes no progress. Old and new serve side by side.",
    legend: "{{namespace}} {{deployment}}",
    query: () =>
      `max by (namespace, deployment) (kube_deployment_status_condition{${KSM}, condition="Progressing", status="false"})`,
    threshold: 1,
  },
  statefulSetReplicas: {
    id: "statefulset-replicas",
    row: "Replicas",
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
    row: "Replicas",
    title: "Missing pods of daemon sets",
    unit: "short",
    description: "Nodes on which a daemon set should have an available pod and has none.",
    legend: "{{namespace}} {{daemonset}}",
    query: () =>
      `max by (namespace, daemonset) (kube_daemonset_status_desired_number_scheduled{${KSM}})` +
      ` - max by (namespace, daemonset) (kube_daemonset_status_number_available{${KSM}})`,
    threshold: 1,
  },
  hpaHeadroom: {
    id: "hpa-replicas",
    row: "Replicas",
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
    row: "Replicas",
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
  jobsFailed: {
    id: "jobs-failed",
    row: "Replicas",
    title: "Failed jobs",
    unit: "short",
    description: "Jobs that gave up. They stay until they are deleted or their time to live ends.",
    legend: "{{namespace}}",
    query: () => `max by (namespace, job_name) (kube_job_failed{${KSM}, condition="true"})`,
    drawn: (measured) => `sum by (namespace) (${measured})`,
  },
});
