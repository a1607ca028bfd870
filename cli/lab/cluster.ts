import type { ClusterFault, PodFault } from "./faults.ts";

// What kube-state-metrics would say of a cluster of six nodes on which the services run, three pods each.

const ZONES = ["a", "b", "c"] as const;
const NODES = ZONES.flatMap((zone) => [0, 1].map((number) => ({ name: `node-${zone}${number}`, zone })));
const [LOST] = ZONES;
const REPLICAS = 3;

/** Seconds after which the control plane takes a silent node for lost: --node-monitor-grace-period, Kubernetes 1.32 and later. */
export const GRACE = 50;
/** Seconds after which it replaces the pods of a lost node: tolerationSeconds, which admission adds to every pod. */
const TOLERATED = 300;
/** Seconds after which a rollout counts as stuck: progressDeadlineSeconds of a Deployment. */
const DEADLINE = 600;

/** The metrics that it has. Of the platform's alerts, those run that need no others. */
export const CLUSTER_METRICS: ReadonlySet<string> = new Set([
  "kube_node_info",
  "kube_node_spec_unschedulable",
  "kube_node_status_condition",
  "kube_pod_owner",
  "kube_pod_status_phase",
  "kube_pod_status_ready",
  "kube_pod_status_reason",
  "kube_pod_container_status_waiting_reason",
  "kube_pod_container_status_restarts_total",
  "kube_pod_container_status_last_terminated_reason",
  "kube_deployment_spec_replicas",
  "kube_deployment_status_replicas_available",
  "kube_deployment_status_replicas_updated",
  "kube_deployment_status_condition",
]);

/** A service that runs as a Deployment of its name. */
export interface DeployedService {
  readonly name: string;
  readonly namespace: string;
}

type Since<T> = { readonly what: T; readonly since: number };

/** The nodes and pods of a lab. Times are in milliseconds since 1970. */
export class LabCluster {
  readonly #services: readonly DeployedService[];
  readonly #faster: number;
  readonly #pods = new Map<string, Since<PodFault>>();
  #nodes: Since<ClusterFault["id"]> | undefined;

  constructor(services: readonly DeployedService[], faster: number) {
    this.#services = services;
    this.#faster = faster;
  }

  get fault(): ClusterFault["id"] | undefined {
    return this.#nodes?.what;
  }

  switchNodes(what: ClusterFault["id"] | undefined, since: number): void {
    this.#nodes = what === undefined ? undefined : { what, since };
  }

  switchPods(service: string, what: PodFault | undefined, since: number): void {
    if (what === undefined) this.#pods.delete(service);
    else this.#pods.set(service, { what, since });
  }

  exposition(now: number): string {
    const lines = [
      ...NODES.flatMap((node) => this.#node(node, now)),
      ...this.#services.flatMap((service) => this.#deployment(service, now)),
    ];
    return `${lines.join("\n")}\n`;
  }

  /** Seconds of production's time since then. */
  #age({ since }: Since<unknown>, now: number): number {
    return ((now - since) / 1000) * this.#faster;
  }

  #isLost({ name, zone }: (typeof NODES)[number], now: number): boolean {
    const fault = this.#nodes;
    if (fault === undefined || this.#age(fault, now) < GRACE) return false;
    return fault.what === "zone" ? zone === LOST : name === NODES[0]?.name;
  }

  #node(node: (typeof NODES)[number], now: number): string[] {
    const labels = { node: node.name };
    const ready = this.#isLost(node, now) ? "unknown" : "true";
    return [
      series("kube_node_info", labels, 1),
      series("kube_node_spec_unschedulable", labels, 0),
      ...oneOf("kube_node_status_condition", { ...labels, condition: "Ready" }, "status", STATUSES, ready),
      ...["MemoryPressure", "DiskPressure", "PIDPressure"].flatMap((condition) =>
        oneOf("kube_node_status_condition", { ...labels, condition }, "status", STATUSES, "false"),
      ),
    ];
  }

  #deployment({ name, namespace }: DeployedService, now: number): string[] {
    const fault = this.#pods.get(name);
    const pods = Array.from({ length: REPLICAS }, (_, index) => this.#pod(name, index, now));
    const labels = { namespace, deployment: name };
    const isStuck = fault !== undefined && this.#age(fault, now) > DEADLINE;
    const available = pods.filter(({ isReady }) => isReady).length;
    return [
      series("kube_deployment_spec_replicas", labels, REPLICAS),
      series("kube_deployment_status_replicas_available", labels, available),
      series("kube_deployment_status_replicas_updated", labels, REPLICAS),
      ...[
        ["Available", available > 1],
        ["Progressing", !isStuck],
      ].flatMap(([condition, holds]) =>
        oneOf(
          "kube_deployment_status_condition",
          { ...labels, condition: String(condition) },
          "status",
          STATUSES,
          String(holds),
        ),
      ),
      ...pods.flatMap((pod, index) => podSeries({ namespace, pod: `${name}-${index}` }, name, pod)),
    ];
  }

  #pod(service: string, index: number, now: number): PodState {
    const fault = this.#pods.get(service);
    if (fault?.what === "unplaceable") return { phase: "Pending", isReady: false, restarts: 0 };
    if (fault?.what === "crashing" && index === REPLICAS - 1)
      // A container that ends at once is started again every five minutes at the latest.
      return {
        phase: "Running",
        isReady: false,
        restarts: 1 + Math.floor(this.#age(fault, now) / 300),
        isCrashing: true,
      };
    // One pod of each service is on a node that is lost first; it is replaced elsewhere.
    const [node] = NODES;
    const lost = index === 0 && node !== undefined && this.#nodes !== undefined && this.#isLost(node, now);
    const isReplaced = this.#nodes !== undefined && this.#age(this.#nodes, now) > GRACE + TOLERATED;
    return { phase: "Running", isReady: !lost || isReplaced, restarts: 0 };
  }
}

interface PodState {
  readonly phase: "Pending" | "Running";
  readonly isReady: boolean;
  readonly restarts: number;
  readonly isCrashing?: true;
}

const STATUSES = ["true", "false", "unknown"] as const;
const PHASES = ["Pending", "Running", "Succeeded", "Failed", "Unknown"] as const;

type Labels = Readonly<Record<string, string>>;

function podSeries(labels: Labels, service: string, { phase, isReady, restarts, isCrashing }: PodState) {
  const container = { ...labels, container: service };
  return [
    series(
      "kube_pod_owner",
      { ...labels, owner_kind: "ReplicaSet", owner_name: `${service}-6c8f4`, owner_is_controller: "true" },
      1,
    ),
    ...oneOf("kube_pod_status_phase", labels, "phase", PHASES, phase),
    ...oneOf("kube_pod_status_ready", labels, "condition", STATUSES, String(isReady)),
    series("kube_pod_status_reason", { ...labels, reason: "NodeLost" }, 0),
    series("kube_pod_container_status_restarts_total", container, restarts),
    ...(isCrashing
      ? [
          series("kube_pod_container_status_waiting_reason", { ...container, reason: "CrashLoopBackOff" }, 1),
          series("kube_pod_container_status_last_terminated_reason", { ...container, reason: "Error" }, 1),
        ]
      : []),
  ];
}

function series(metric: string, labels: Labels, value: number): string {
  const text = Object.entries(labels).map(([name, label]) => `${name}=${JSON.stringify(label)}`);
  return `${metric}{${text.join(",")}} ${value}`;
}

/** One series for each value of a label: 1 for what holds, 0 for the others. */
function oneOf(
  metric: string,
  labels: Labels,
  label: string,
  values: readonly string[],
  holds: string,
): string[] {
  return values.map((value) => series(metric, { ...labels, [label]: value }, value === holds ? 1 : 0));
}
