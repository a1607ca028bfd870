import { signalsOf } from "./platform-signal.ts";
import { KARPENTER, KSM } from "./selectors.ts";

// Names, labels and types as in the source of sigs.k8s.io/karpenter 1.14.1. Of the two replicas one works and counts; the queries leave
// out which.

/** Answers of EC2 that are no faults of Karpenter's: it looks for an instance that is gone, or for one that a zone has not free. */
const NO_FAULT = "NodeClaimNotFoundError|InsufficientCapacityError";

/** Karpenter, where it starts nodes. */
export const KARPENTER_SIGNALS = signalsOf("nodes", {
  karpenterNodesLost: {
    id: "karpenter-nodes-lost",
    row: "Karpenter",
    title: "Nodes terminated before joining",
    unit: "short",
    description:
      "Nodes that Karpenter gave up in the range: the instance was not started within 5 minutes, or did not join the cluster within 15.",
    legend: "{{nodepool}}",
    query: (range) =>
      `sum by (nodepool) (increase(karpenter_nodeclaims_disrupted_total{${KARPENTER}, reason=~"launch_timeout|registration_timeout"}[${range}]))`,
  },
  karpenterCallsFailed: {
    id: "karpenter-calls-failed",
    row: "Karpenter",
    title: "Failed calls of AWS",
    unit: "percentunit",
    description:
      "Share of Karpenter's calls of EC2 and other APIs of AWS that failed, without instances that are gone and without capacity that a zone does not have.",
    legend: "failed",
    query: (range) =>
      `(sum(rate(karpenter_cloudprovider_errors_total{${KARPENTER}, error!~"${NO_FAULT}"}[${range}])) or vector(0))` +
      ` / (sum(rate(karpenter_cloudprovider_duration_seconds_count{${KARPENTER}}[${range}])) > 0)`,
    threshold: 0.05,
  },
  karpenterPodsRefused: {
    id: "karpenter-pods-refused",
    row: "Karpenter",
    title: "Pods without a fitting pool",
    unit: "short",
    // The gauge keeps its last value when no pod waits any more (pkg/controllers/provisioning/provisioner.go, Schedule).
    description:
      "Pods for which Karpenter starts no node, because no pool allows what they ask for or has room for it. Left out while no pod is pending.",
    legend: "pods",
    query: () =>
      `(max(karpenter_scheduler_unschedulable_pods_count{${KARPENTER}, controller="provisioner"})` +
      ` and on () (sum(kube_pod_status_phase{${KSM}, phase="Pending"}) > 0))`,
    threshold: 0,
  },
  karpenterPoolUsed: {
    id: "karpenter-pool-used",
    row: "Karpenter",
    title: "Limit of pools in use",
    unit: "percentunit",
    description:
      "Share of cpuLimit and memoryLimit that the nodes of a pool have. At 100% Karpenter starts no more.",
    legend: "{{nodepool}} {{resource_type}}",
    query: () =>
      `max by (nodepool, resource_type) (karpenter_nodepools_usage{${KARPENTER}})` +
      ` / max by (nodepool, resource_type) (karpenter_nodepools_limit{${KARPENTER}})`,
    threshold: 0.9,
  },
  karpenterNodesLeaving: {
    id: "karpenter-nodes-leaving",
    row: "Karpenter",
    title: "Time since nodes began to leave",
    unit: "s",
    description:
      "Seconds since Karpenter began to drain a node that is still there. A pod with the annotation karpenter.sh/do-not-disrupt or a disruption budget holds it.",
    legend: "{{name}}",
    query: () => `max by (name) (operator_nodeclaim_termination_current_time_seconds{${KARPENTER}})`,
    threshold: 3600,
  },
});
