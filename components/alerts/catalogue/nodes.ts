import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import { type AlertDefinition, shownThreshold, type Threshold } from "../definition.ts";
import { kubelet, kubeStateMetrics } from "../exporters.ts";
import { fires, silent, steady, tolerated } from "../situations.ts";

const NODE = "ip-10-40-11-23";

const NODES_NOT_READY: Threshold = {
  default: 0.2,
  min: 0.05,
  max: 0.9,
  unit: "share",
  comparison: "above",
  means: "share of the cluster's nodes that are not ready",
};
/** The alert about many lost nodes is the cause of alerts about pods that are missing because of it. */
export const LOST_NODES = { alert: "KubeNodesNotReady", equal: [] } as const;

const MACHINE = {
  kernel_version: "6.12.40",
  os_image: "Bottlerocket OS 1.50.0 (aws-k8s-1.35)",
  container_runtime_version: "containerd://2.1.4",
  kubelet_version: "v1.35.2-eks",
  kubeproxy_version: "deprecated",
  provider_id: "aws:///eu-central-1a/i-0123456789abcdef0",
  system_uuid: "ec2d4f3b-1f5e-4f7c-9a51-0d2f6b1c7e11",
  internal_ip: "10.40.11.23",
};

/** A node's readiness as kube-state-metrics reports it: one series per status, one of them 1. */
function readiness(node: string, status: "true" | "false" | "unknown", cordoned = false) {
  return [
    ...["true", "false", "unknown"].map((each) =>
      steady(
        kubeStateMetrics("kube_node_status_condition", { node, condition: "Ready", status: each }),
        each === status ? 1 : 0,
      ),
    ),
    steady(kubeStateMetrics("kube_node_spec_unschedulable", { node }), cordoned ? 1 : 0),
    steady(kubeStateMetrics("kube_node_info", { node, ...MACHINE }), 1),
  ];
}

/** The pressure conditions of a healthy node: all are false. */
function atEase(node: string) {
  return ["MemoryPressure", "DiskPressure", "PIDPressure"].flatMap((condition) =>
    ["true", "false", "unknown"].map((status) =>
      steady(
        kubeStateMetrics("kube_node_status_condition", { node, condition, status }),
        status === "false" ? 1 : 0,
      ),
    ),
  );
}

/**
 * A cluster of `size` nodes. The first `lost` do not report; from `cordoned.from` on, `cordoned.count` nodes do not report and are
 * cordoned. The last node is healthy and reports all of its conditions.
 */
function fleet(size: number, lost: number, cordoned: { readonly from: number; readonly count: number }) {
  const isCordoned = (index: number) => index >= cordoned.from && index < cordoned.from + cordoned.count;
  return [
    ...Array.from({ length: size }, (_, index) =>
      readiness(`node-${index}`, index < lost || isCordoned(index) ? "unknown" : "true", isCordoned(index)),
    ).flat(),
    ...atEase(`node-${size - 1}`),
  ];
}

const FLEET = 40;
/** Beside so many nodes one alone is not an outage of many. */
const READY_FLEET = Array.from({ length: FLEET }, (_, index) => readiness(`node-${index}`, "true")).flat();
/** Another size, so that a query cannot be right for one of the two by chance. */
const LARGER_FLEET = 50;

/** Alerts about nodes that are lost or report problems. */
export const NODE_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeNodeNotReady",
    summary: "Node {{ $labels.node }} is not ready",
    description: ({ for: held }) =>
      `Node {{ $labels.node }} has not been ready for at least ${held}, and it is not cordoned.`,
    impact: "Kubernetes moves its pods to other nodes if there is room, and starts no new pods on it.",
    expr: () => `(${CLUSTER_SIGNALS.nodeReadiness.query("")}) == 1`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.nodeReadiness,
    jobs: [JOBS.kubeStateMetrics],
    mutedBy: [LOST_NODES],
    cases: [
      fires("the kubelet has stopped reporting", () => ({
        series: [
          ...readiness(NODE, "unknown"),
          ...readiness("ip-10-40-12-9", "true"),
          ...atEase("ip-10-40-12-9"),
          ...READY_FLEET,
        ],
        alerts: [{ labels: { node: NODE } }],
      })),
      fires("the kubelet reports that the node is not ready", () => ({
        series: [...readiness(NODE, "false"), ...READY_FLEET],
        alerts: [{ labels: { node: NODE } }],
      })),
      silent("the node is ready", () => ({ series: readiness(NODE, "true") })),
      silent("the node is cordoned", () => ({ series: readiness(NODE, "unknown", true) })),
    ],
  },
  {
    name: "KubeNodesNotReady",
    summary: "Many nodes are not ready at the same time",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the cluster's nodes are not ready. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact:
      "A zone or the network between nodes and control plane may be down. The remaining nodes may not have enough capacity.",
    expr: ({ threshold }) =>
      `sum(${CLUSTER_SIGNALS.nodeReadiness.query("")}) / count(count by (node) (kube_node_info{job="${JOBS.kubeStateMetrics}"})) > ${threshold}`,
    threshold: NODES_NOT_READY,
    for: "5m",
    severity: "critical",
    signal: CLUSTER_SIGNALS.nodeReadiness,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("one node more is not ready than the limit allows", ({ threshold }) => {
        const lost = tolerated(threshold, FLEET) + 1;
        return {
          series: fleet(FLEET, lost, {
            from: Math.max(lost, FLEET - 4),
            count: Math.min(3, FLEET - lost - 1),
          }),
          alerts: [{ labels: {}, value: percent(lost / FLEET) }],
        };
      }),
      silent(
        "as many nodes are not ready as the limit allows, and two more that are cordoned",
        ({ threshold }) => {
          const lost = tolerated(threshold, LARGER_FLEET);
          return { series: fleet(LARGER_FLEET, lost + 2, { from: 0, count: 2 }) };
        },
      ),
    ],
  },
  {
    name: "KubeNodePressure",
    summary: "Node {{ $labels.node }} reports {{ $labels.condition }}",
    description: ({ for: held }) =>
      `The kubelet of node {{ $labels.node }} has reported {{ $labels.condition }} for at least ${held}.`,
    impact: "The kubelet evicts pods and accepts no new ones until the pressure ends.",
    expr: () => `${CLUSTER_SIGNALS.nodePressure.query("")} == 1`,
    for: "5m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.nodePressure,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("the kubelet reports DiskPressure", () => ({
        series: (["true", "false", "unknown"] as const).flatMap((status) => [
          steady(
            kubeStateMetrics("kube_node_status_condition", { node: NODE, condition: "DiskPressure", status }),
            status === "true" ? 1 : 0,
          ),
        ]),
        alerts: [{ labels: { node: NODE, condition: "DiskPressure" } }],
      })),
      silent("the node is ready and reports no pressure", () => ({
        series: [...readiness(NODE, "true"), ...atEase(NODE)],
      })),
    ],
  },
  {
    name: "KubeletDown",
    summary: "Prometheus cannot scrape any kubelet",
    description: ({ for: held }) =>
      `Prometheus has not been able to scrape the kubelet of any node for at least ${held}.`,
    impact: "Metrics of containers and volumes are missing. The nodes themselves may be down.",
    // A comparison with a series that has disappeared returns nothing: only absent() detects it.
    expr: () => `absent(up{job="${JOBS.kubelet}"} == 1)`,
    for: "15m",
    severity: "critical",
    signal: CLUSTER_SIGNALS.apiServers,
    jobs: [JOBS.kubelet],
    cases: [
      fires("no kubelet can be scraped", () => ({
        series: [steady(kubelet("up", NODE), 0), steady(kubelet("up", "ip-10-40-12-9"), 0)],
        alerts: [{ labels: {} }],
      })),
      fires("no kubelet is discovered", () => ({ series: [], alerts: [{ labels: {} }] })),
      silent("one of two kubelets can be scraped", () => ({
        series: [steady(kubelet("up", NODE), 0), steady(kubelet("up", "ip-10-40-12-9"), 1)],
      })),
    ],
  },
];
