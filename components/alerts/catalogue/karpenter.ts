import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  rangeOf,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import { karpenter, kubeStateMetrics } from "../exporters.ts";
import { beyond, counting, fires, secondScrape, silent, steady, within } from "../situations.ts";

const POOL = { nodepool: "batch" };
const CPU = { ...POOL, resource_type: "cpu" };

const CALLS_FAILED: Threshold = {
  default: 0.05,
  min: 0.001,
  max: 0.9,
  unit: "share",
  comparison: "above",
  means: "share of Karpenter's calls of AWS that fail",
};
const POOL_USED: Threshold = {
  default: 0.9,
  min: 0.1,
  max: 0.99,
  unit: "share",
  comparison: "above",
  means: "share of the limit of a pool that its nodes have",
};
const LEAVING: Threshold = {
  default: 3600,
  min: 600,
  max: 86_400,
  unit: "seconds",
  comparison: "above",
  means: "seconds for which a node may be drained",
};

const LIMIT = 64;

/** A call of EC2 a second, of which a share fails. */
function calls(share: number, parameters: AlertParameters, error = "") {
  const call = { controller: "nodeclaim.lifecycle", method: "Create", provider: "aws" };
  return [
    counting(karpenter("karpenter_cloudprovider_duration_seconds_count", call), 1, parameters),
    counting(karpenter("karpenter_cloudprovider_errors_total", { ...call, error }), share, parameters),
  ];
}

/** A pod that the scheduler finds no node for, or none, and what Karpenter said last. */
function waiting(refused: number, pending: 0 | 1) {
  const pod = { namespace: "shop", pod: "web-7d4b9c6f5-2xkq8", uid: "1f3c" };
  return [
    steady(karpenter("karpenter_scheduler_unschedulable_pods_count", { controller: "provisioner" }), refused),
    steady(kubeStateMetrics("kube_pod_status_phase", { ...pod, phase: "Pending" }), pending),
  ];
}

function pool(share: number) {
  return [
    steady(karpenter("karpenter_nodepools_usage", CPU), share * LIMIT),
    steady(karpenter("karpenter_nodepools_limit", CPU), LIMIT),
  ];
}

const NODE = { name: "batch-x2x7k" };
const leaving = (seconds: number) =>
  steady(
    karpenter("operator_nodeclaim_termination_current_time_seconds", {
      ...NODE,
      karpenter_k8s_aws_ec2nodeclass: "batch",
      karpenter_sh_nodepool: "batch",
    }),
    seconds,
  );

/** Alerts about Karpenter. None of them pages: Prometheus and Alertmanager run on node groups, and a service without room is paged for by its objectives. */
export const KARPENTER_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KarpenterNodesNotJoining",
    summary: "Nodes of pool {{ $labels.nodepool }} do not join the cluster",
    description: ({ for: held }) =>
      `Karpenter has given up nodes of the pool {{ $labels.nodepool }} for at least ${held}: they were not started, or did not join within 15 minutes.`,
    impact: "Pods wait for a node. Each instance that does not join is paid for until it is given up.",
    expr: (parameters) => `${CLUSTER_SIGNALS.karpenterNodesLost.query(rangeOf(parameters, "1h"))} > 0`,
    for: "15m",
    lookback: { range: "1h", samples: 2 },
    severity: "warning",
    signal: CLUSTER_SIGNALS.karpenterNodesLost,
    jobs: [JOBS.karpenter],
    cases: [
      fires("a node is given up every hundred seconds", (parameters) => ({
        series: [
          counting(
            karpenter("karpenter_nodeclaims_disrupted_total", {
              ...POOL,
              capacity_type: "spot",
              reason: "registration_timeout",
            }),
            0.01,
            parameters,
          ),
        ],
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: POOL }],
      })),
      silent("nodes are replaced, and none was given up for a long time", (parameters) => ({
        series: [
          counting(
            karpenter("karpenter_nodeclaims_disrupted_total", {
              ...POOL,
              capacity_type: "spot",
              reason: "drifted",
            }),
            0.01,
            parameters,
          ),
          steady(
            karpenter("karpenter_nodeclaims_disrupted_total", {
              ...POOL,
              capacity_type: "spot",
              reason: "registration_timeout",
            }),
            7,
          ),
        ],
      })),
    ],
  },
  {
    name: "KarpenterCloudCallsFailing",
    summary: "Calls of Karpenter to AWS fail",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of Karpenter's calls of AWS fail. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact: "Nodes are started late or not at all, and nodes that are no longer needed stay.",
    expr: (parameters) =>
      `${CLUSTER_SIGNALS.karpenterCallsFailed.query(rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: CALLS_FAILED,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: CLUSTER_SIGNALS.karpenterCallsFailed,
    jobs: [JOBS.karpenter],
    cases: [
      fires("more calls fail than the limit", (parameters) => ({
        series: calls(beyond(CALLS_FAILED, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: {}, value: percent(beyond(CALLS_FAILED, parameters)) }],
      })),
      silent("slightly fewer calls fail than the limit", (parameters) => ({
        series: calls(within(CALLS_FAILED, parameters), parameters),
      })),
      silent("a zone has no spot instance free", (parameters) => ({
        series: calls(1, parameters, "InsufficientCapacityError"),
      })),
    ],
  },
  {
    name: "KarpenterPodsFitNoPool",
    summary: "Karpenter starts no node for pods that wait",
    description: ({ for: held }) =>
      `Karpenter has started no node for {{ $value }} pods for at least ${held}: no pool allows what they ask for, or all are at their limit.`,
    impact: "These pods do not start.",
    expr: () => `${CLUSTER_SIGNALS.karpenterPodsRefused.query("")} > 0`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.karpenterPodsRefused,
    jobs: [JOBS.karpenter, JOBS.kubeStateMetrics],
    cases: [
      fires("a pod waits that no pool takes", () => ({
        series: waiting(1, 1),
        alerts: [{ labels: {}, value: "1" }],
      })),
      silent("the pod is gone, and Karpenter still says what it said last", () => ({
        series: waiting(1, 0),
      })),
      silent("a pod waits for a node that Karpenter starts", () => ({ series: waiting(0, 1) })),
    ],
  },
  {
    name: "KarpenterPoolNearLimit",
    summary: "Pool {{ $labels.nodepool }} is near its limit of {{ $labels.resource_type }}",
    description: ({ threshold, for: held }) =>
      `The nodes of the pool {{ $labels.nodepool }} have {{ $value | humanizePercentage }} of its limit of {{ $labels.resource_type }}. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact: "At its limit a pool gets no more nodes, and pods wait.",
    expr: (parameters) => `${CLUSTER_SIGNALS.karpenterPoolUsed.query("")} > ${parameters.threshold}`,
    threshold: POOL_USED,
    for: "30m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.karpenterPoolUsed,
    jobs: [JOBS.karpenter],
    cases: [
      fires("nodes have more of it than the limit", (parameters) => ({
        series: pool(beyond(POOL_USED, parameters)),
        alerts: [{ labels: CPU, value: percent(beyond(POOL_USED, parameters)) }],
      })),
      silent("nodes have slightly less than the limit", (parameters) => ({
        series: pool(within(POOL_USED, parameters)),
      })),
    ],
  },
  {
    name: "KarpenterNodeNotDraining",
    summary: "Karpenter cannot drain node {{ $labels.name }}",
    description: ({ threshold, for: held }) =>
      `Karpenter has been draining the node of {{ $labels.name }} for more than ${shownThreshold(threshold, "seconds")}, and that for at least ${held}.`,
    impact:
      "The node is paid for and takes no new pods. A node with an old image or a notice of EC2 ends with its pods on it.",
    expr: (parameters) => `${CLUSTER_SIGNALS.karpenterNodesLeaving.query("")} > ${parameters.threshold}`,
    threshold: LEAVING,
    for: "5m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.karpenterNodesLeaving,
    jobs: [JOBS.karpenter],
    cases: [
      fires("a node leaves for longer than the limit", (parameters) => ({
        series: [leaving(beyond(LEAVING, parameters))],
        alerts: [{ labels: NODE }],
      })),
      silent("a node leaves for slightly less than the limit", (parameters) => ({
        series: [leaving(within(LEAVING, parameters))],
      })),
    ],
  },
];
