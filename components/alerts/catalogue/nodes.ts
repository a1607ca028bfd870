import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  percent,
  rangeOf,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import { kubelet, kubeStateMetrics, nodeExporter } from "../exporters.ts";
import { beyond, counting, fires, secondScrape, silent, steady, within } from "../situations.ts";

const NODE = "ip-10-40-11-23";

const NODES_NOT_READY: Threshold = {
  default: 0.2,
  min: 0.05,
  max: 0.9,
  unit: "share",
  comparison: "above",
  means: "share of the cluster's nodes that are not ready",
};
const PODS: Threshold = {
  default: 0.95,
  min: 0.5,
  max: 0.99,
  unit: "share",
  comparison: "above",
  means: "share of a node's pod slots in use",
};
const CPU: Threshold = {
  default: 0.9,
  min: 0.3,
  max: 0.99,
  unit: "share",
  comparison: "above",
  means: "share of a node's CPU time in use",
};
const MEMORY: Threshold = {
  default: 0.9,
  min: 0.3,
  max: 0.99,
  unit: "share",
  comparison: "above",
  means: "share of a node's memory in use",
};

/** The loss of many nodes explains whatever is missing because of it. */
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

const FLEET = 100;

/** A cluster of a hundred nodes, of which the first `lost` have gone silent. */
function fleet(lost: number) {
  return Array.from({ length: FLEET }, (_, index) =>
    readiness(`node-${index}`, index < lost ? "unknown" : "true"),
  ).flat();
}

function tolerated(share: number): number {
  return Math.floor(share * FLEET + 1e-9);
}

/** Two processors that are busy for the given share of their time; a fifth of the rest they wait for a disk. */
function processors(busy: number, parameters: AlertParameters) {
  const modes = { idle: (1 - busy) * 0.8, iowait: (1 - busy) * 0.2, user: busy * 0.7, system: busy * 0.3 };
  return ["0", "1"].flatMap((cpu) =>
    Object.entries(modes).map(([mode, share]) =>
      counting(nodeExporter("node_cpu_seconds_total", NODE, { cpu, mode }), share, parameters),
    ),
  );
}

const MEMORY_BYTES = 16_000_000_000;

function memory(used: number) {
  return [
    steady(nodeExporter("node_memory_MemTotal_bytes", NODE), MEMORY_BYTES),
    steady(nodeExporter("node_memory_MemAvailable_bytes", NODE), Math.round((1 - used) * MEMORY_BYTES)),
    steady(nodeExporter("node_memory_MemFree_bytes", NODE), 1_000_000),
  ];
}

const SLOTS = 100;

/** A node with a hundred slots and so many running pods, and a finished one that takes no slot. */
function pods(running: number) {
  const pod = (name: string, phase: string) => {
    const identity = { namespace: "shop", pod: name, uid: `uid-of-${name}` };
    const place = { node: NODE, host_ip: "10.40.11.23", pod_ip: "10.40.11.99", host_network: "false" };
    const creator = { created_by_kind: "ReplicaSet", created_by_name: "web-7d4b9c6f5" };
    return [
      steady(kubeStateMetrics("kube_pod_info", { ...identity, ...place, ...creator }), 1),
      ...["Pending", "Running", "Succeeded"].map((each) =>
        steady(
          kubeStateMetrics("kube_pod_status_phase", { ...identity, phase: each }),
          each === phase ? 1 : 0,
        ),
      ),
    ];
  };
  return [
    steady(
      kubeStateMetrics("kube_node_status_allocatable", { node: NODE, resource: "pods", unit: "integer" }),
      SLOTS,
    ),
    ...Array.from({ length: running }, (_, index) => pod(`web-${index}`, "Running")).flat(),
    ...pod("nightly-1", "Succeeded"),
  ];
}

export const NODE_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeNodeNotReady",
    summary: "Node {{ $labels.node }} is not ready",
    description: ({ for: held }) =>
      `The node {{ $labels.node }} has not been ready for ${held}, and nobody has cordoned it.`,
    impact: "Its pods are being moved elsewhere, if there is room; nothing new is placed on it.",
    expr: () => `(${CLUSTER_SIGNALS.nodeReadiness.query("")}) == 1`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.nodeReadiness,
    jobs: [JOBS.kubeStateMetrics],
    mutedBy: [LOST_NODES],
    cases: [
      fires("the kubelet has gone silent", () => ({
        series: [...readiness(NODE, "unknown"), ...readiness("ip-10-40-12-9", "true")],
        alerts: [{ labels: { node: NODE } }],
      })),
      fires("the kubelet reports trouble", () => ({
        series: readiness(NODE, "false"),
        alerts: [{ labels: { node: NODE } }],
      })),
      silent("the node is ready", () => ({ series: readiness(NODE, "true") })),
      silent("the node was cordoned", () => ({ series: readiness(NODE, "unknown", true) })),
    ],
  },
  {
    name: "KubeNodesNotReady",
    summary: "Many nodes are not ready at once",
    description: ({ threshold }) =>
      `{{ $value | humanizePercentage }} of the cluster's nodes are not ready; the limit is ${shownThreshold(threshold, "share")}.`,
    impact:
      "A zone or the network between nodes and control plane may be lost; what remains may not hold the load.",
    expr: ({ threshold }) =>
      `sum(${CLUSTER_SIGNALS.nodeReadiness.query("")}) / count(count by (node) (kube_node_info{job="${JOBS.kubeStateMetrics}"})) > ${threshold}`,
    threshold: NODES_NOT_READY,
    for: "5m",
    severity: "critical",
    signal: CLUSTER_SIGNALS.nodeReadiness,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("one node more than tolerated is lost", ({ threshold }) => {
        const lost = tolerated(threshold) + 1;
        return { series: fleet(lost), alerts: [{ labels: {}, value: percent(lost / FLEET) }] };
      }),
      silent("just as many nodes are lost as are tolerated", ({ threshold }) => ({
        series: fleet(tolerated(threshold)),
      })),
    ],
  },
  {
    name: "KubeNodePressure",
    summary: "Node {{ $labels.node }} reports {{ $labels.condition }}",
    description: ({ for: held }) =>
      `The kubelet of {{ $labels.node }} has reported {{ $labels.condition }} for ${held}.`,
    impact: "It evicts pods to save the node, the least important first, and accepts no new ones.",
    expr: () => `${CLUSTER_SIGNALS.nodePressure.query("")} == 1`,
    for: "5m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.nodePressure,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("the kubelet runs out of disk", () => ({
        series: (["true", "false", "unknown"] as const).flatMap((status) => [
          steady(
            kubeStateMetrics("kube_node_status_condition", { node: NODE, condition: "DiskPressure", status }),
            status === "true" ? 1 : 0,
          ),
        ]),
        alerts: [{ labels: { node: NODE, condition: "DiskPressure" } }],
      })),
      silent("every condition is as it should be", () => ({
        series: [
          ...readiness(NODE, "true"),
          ...["MemoryPressure", "DiskPressure", "PIDPressure"].map((condition) =>
            steady(
              kubeStateMetrics("kube_node_status_condition", { node: NODE, condition, status: "true" }),
              0,
            ),
          ),
        ],
      })),
    ],
  },
  {
    name: "KubeletDown",
    summary: "No kubelet can be scraped",
    description: ({ for: held }) => `Prometheus has reached the kubelet of no node for ${held}.`,
    impact: "Nothing is known of containers and volumes; the nodes themselves may be gone.",
    // A series that has vanished compares with nothing: only absent() notices.
    expr: () => `absent(up{job="${JOBS.kubelet}"} == 1)`,
    for: "15m",
    severity: "critical",
    signal: CLUSTER_SIGNALS.apiServers,
    jobs: [JOBS.kubelet],
    cases: [
      fires("every kubelet refuses", () => ({
        series: [steady(kubelet("up", NODE), 0), steady(kubelet("up", "ip-10-40-12-9"), 0)],
        alerts: [{ labels: {} }],
      })),
      fires("the kubelets are no longer discovered", () => ({ series: [], alerts: [{ labels: {} }] })),
      silent("one kubelet still answers", () => ({
        series: [steady(kubelet("up", NODE), 0), steady(kubelet("up", "ip-10-40-12-9"), 1)],
      })),
    ],
  },
  {
    name: "KubeNodeTooManyPods",
    summary: "Node {{ $labels.node }} is almost full of pods",
    description: ({ threshold }) =>
      `{{ $value | humanizePercentage }} of the pod slots of {{ $labels.node }} are taken; the limit is ${shownThreshold(threshold, "share")}.`,
    impact:
      "Once they are gone, pods are placed elsewhere even where CPU and memory are free, or stay pending.",
    expr: ({ threshold }) => `${CLUSTER_SIGNALS.nodePods.query("")} > ${threshold}`,
    threshold: PODS,
    for: "15m",
    severity: "info",
    signal: CLUSTER_SIGNALS.nodePods,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("one pod more than tolerated runs there", ({ threshold }) => {
        const running = Math.floor(threshold * SLOTS + 1e-9) + 1;
        return {
          series: pods(running),
          alerts: [{ labels: { node: NODE }, value: percent(running / SLOTS) }],
        };
      }),
      silent("just as many pods run there as are tolerated", ({ threshold }) => ({
        series: pods(Math.floor(threshold * SLOTS + 1e-9)),
      })),
    ],
  },
  {
    name: "NodeCpuSaturated",
    summary: "CPU of node {{ $labels.node }} is used up",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the CPU time of {{ $labels.node }} is in use, and has been above ${shownThreshold(threshold, "share")} for ${held}.`,
    impact: "Pods beyond their CPU requests slow down; those without requests may get next to nothing.",
    expr: (parameters) =>
      `${CLUSTER_SIGNALS.nodeCpu.query(rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: CPU,
    for: "30m",
    looksBack: { range: "5m", samples: 2 },
    severity: "warning",
    signal: CLUSTER_SIGNALS.nodeCpu,
    jobs: [JOBS.nodeExporter],
    cases: [
      fires("the processors are busy beyond the limit", (parameters) => ({
        series: processors(beyond(CPU, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: { node: NODE }, value: percent(beyond(CPU, parameters)) }],
      })),
      silent("the processors are busy just below the limit", (parameters) => ({
        series: processors(within(CPU, parameters), parameters),
      })),
    ],
  },
  {
    name: "NodeMemorySaturated",
    summary: "Memory of node {{ $labels.node }} is used up",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the memory of {{ $labels.node }} is in use, and has been above ${shownThreshold(threshold, "share")} for ${held}.`,
    impact: "The kubelet evicts pods, or the kernel kills a container before it can.",
    expr: ({ threshold }) => `${CLUSTER_SIGNALS.nodeMemory.query("")} > ${threshold}`,
    threshold: MEMORY,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.nodeMemory,
    jobs: [JOBS.nodeExporter],
    cases: [
      fires("memory is in use beyond the limit", (parameters) => ({
        series: memory(beyond(MEMORY, parameters)),
        alerts: [{ labels: { node: NODE }, value: percent(beyond(MEMORY, parameters)) }],
      })),
      silent("memory is in use just below the limit, though hardly any is free", (parameters) => ({
        series: memory(within(MEMORY, parameters)),
      })),
    ],
  },
];
