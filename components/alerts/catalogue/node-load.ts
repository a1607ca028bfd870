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

const SLOTS = 20;

/** A node with twenty slots and so many running pods, and a finished one that takes no slot. */
function pods(node: string, running: readonly string[], finished: string) {
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
    allocatable("pods", "integer", SLOTS),
    allocatable("memory", "byte", MEMORY_BYTES),
    ...running.flatMap((name) => pod(name, "Running")),
    ...pod(finished, "Succeeded"),
  ];
}

/** So many pods, called after their number. */
function named(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `web-${index}`);
}

/** Alerts about what nodes have left: slots for pods, CPU and memory. */
export const NODE_LOAD_ALERTS: readonly AlertDefinition[] = [
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
        const running = tolerated(threshold, SLOTS) + 1;
        return {
          series: pods(NODE, named(running), "nightly-1"),
          alerts: [{ labels: { node: NODE }, value: percent(running / SLOTS) }],
        };
      }),
      silent("just as many pods run there as are tolerated", ({ threshold }) => ({
        series: pods("ip-10-40-12-9", ["nightly-1", ...named(tolerated(threshold, SLOTS) - 1)], "nightly-2"),
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
    lookback: { range: "5m", samples: 2 },
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
