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
import { kubeStateMetrics, nodeExporter } from "../exporters.ts";
import { beyond, counting, fires, secondScrape, silent, steady, tolerated, within } from "../situations.ts";

const NODE = "ip-10-40-11-23";

const PODS: Threshold = {
  default: 0.95,
  min: 0.5,
  max: 0.99,
  unit: "share",
  comparison: "above",
  means: "share of a node's maximum number of pods in use",
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

/** Two CPUs that are busy for the given share of their time, and in iowait for a fifth of the rest. */
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

const SLOTS = 20;

/** A node that allows `slots` pods, with so many running pods and a completed one, which does not count. */
function pods(node: string, running: readonly string[], finished: string, slots = SLOTS) {
  const pod = (name: string, phase: string) => {
    const identity = { namespace: "shop", pod: name, uid: `uid-of-${name}` };
    const place = { node, host_ip: "10.40.11.23", pod_ip: "10.40.11.99", host_network: "false" };
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
  const allocatable = (resource: string, unit: string, amount: number) =>
    steady(kubeStateMetrics("kube_node_status_allocatable", { node, resource, unit }), amount);
  return [
    allocatable("pods", "integer", slots),
    allocatable("memory", "byte", MEMORY_BYTES),
    ...running.flatMap((name) => pod(name, "Running")),
    ...pod(finished, "Succeeded"),
  ];
}

/** `count` names of pods. */
function named(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `web-${index}`);
}

/** Alerts about the remaining capacity of nodes: number of pods, CPU and memory. */
export const NODE_LOAD_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeNodeTooManyPods",
    summary: "Node {{ $labels.node }} has almost reached its maximum number of pods",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the maximum number of pods run on node {{ $labels.node }}. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact:
      "When the maximum is reached, new pods run on other nodes or stay Pending, even if CPU and memory are free.",
    expr: ({ threshold }) => `(${CLUSTER_SIGNALS.nodePods.query("")}) > ${threshold}`,
    threshold: PODS,
    for: "15m",
    severity: "info",
    signal: CLUSTER_SIGNALS.nodePods,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("one pod more runs on the node than the limit allows", ({ threshold }) => {
        const running = tolerated(threshold, SLOTS) + 1;
        return {
          series: pods(NODE, named(running), "nightly-1"),
          alerts: [{ labels: { node: NODE }, value: percent(running / SLOTS) }],
        };
      }),
      silent("as many pods run on the node as the limit allows", ({ threshold }) => ({
        series: pods("ip-10-40-12-9", ["nightly-1", ...named(tolerated(threshold, SLOTS) - 1)], "nightly-2"),
      })),
      silent("the node is for a single pod, as on Fargate", () => ({
        series: pods("fargate-ip-10-40-12-9", named(1), "nightly-2", 1),
      })),
      silent("the node reports no room for pods", () => ({
        series: pods("ip-10-40-12-9", named(1), "nightly-2", 0),
      })),
    ],
  },
  {
    name: "NodeCpuSaturated",
    summary: "Node {{ $labels.node }} uses almost all of its CPU",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the CPU time of node {{ $labels.node }} is in use. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact:
      "Pods that use more than their CPU requests slow down. Pods without CPU requests may get almost no CPU.",
    expr: (parameters) =>
      `${CLUSTER_SIGNALS.nodeCpu.query(rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: CPU,
    for: "30m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: CLUSTER_SIGNALS.nodeCpu,
    jobs: [JOBS.nodeExporter],
    cases: [
      fires("the CPUs are busier than the limit", (parameters) => ({
        series: processors(beyond(CPU, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: { node: NODE }, value: percent(beyond(CPU, parameters)) }],
      })),
      silent("the CPUs are slightly less busy than the limit", (parameters) => ({
        series: processors(within(CPU, parameters), parameters),
      })),
    ],
  },
  {
    name: "NodeMemorySaturated",
    summary: "Node {{ $labels.node }} uses almost all of its memory",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the memory of node {{ $labels.node }} is in use. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact: "The kubelet evicts pods, or the kernel kills containers before the kubelet can evict pods.",
    expr: ({ threshold }) => `${CLUSTER_SIGNALS.nodeMemory.query("")} > ${threshold}`,
    threshold: MEMORY,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.nodeMemory,
    jobs: [JOBS.nodeExporter],
    cases: [
      fires("more memory is in use than the limit", (parameters) => ({
        series: memory(beyond(MEMORY, parameters)),
        alerts: [{ labels: { node: NODE }, value: percent(beyond(MEMORY, parameters)) }],
      })),
      silent(
        "slightly less memory is in use than the limit, although caches fill almost all of the rest",
        (parameters) => ({
          series: memory(within(MEMORY, parameters)),
        }),
      ),
    ],
  },
];
