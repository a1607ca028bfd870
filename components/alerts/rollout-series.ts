import { seconds } from "../core/duration.ts";
import { JOBS } from "../signals/jobs.ts";
import { type AlertParameters, rangeOf } from "./definition.ts";
import { kubeStateMetrics } from "./exporters.ts";
import { atScrape, jump, steady } from "./situations.ts";

// Series of kube-state-metrics about replicas, for the cases of alerts about rollouts.

const SHOP = { namespace: "shop" };
export const DEPLOYMENT = { ...SHOP, deployment: "web" };
export const STATEFUL_SET = { ...SHOP, statefulset: "queue" };
export const DAEMON_SET = { namespace: "kube-system", daemonset: "aws-node" };

/** Replicas as kube-state-metrics reports them: a constant number, or one that increases by one at every scrape. */
export function replicas(metric: string, labels: Record<string, string>, value: number | "rising") {
  const series = kubeStateMetrics(metric, labels);
  if (value !== "rising") return steady(series, value);
  return { series, values: (count: number) => `0+1x${count}` };
}

/** The scrape at which the last replica of a rollout was updated. */
const LAST_MOVE = 5;

/** Replicas of which one is missing for three scrapes, then there for one, and so on: nodes reboot in turn. */
export function inTurn(metric: string, labels: Record<string, string>, all: number) {
  const values = (count: number) =>
    Array.from({ length: count + 1 }, (_, scrape) => (scrape % 4 === 3 ? all - 2 : all - 1)).join(" ");
  return { series: kubeStateMetrics(metric, labels), values };
}

/** Nodes whose kubelets have stopped reporting, and nodes that are ready and report no pressure. */
export function nodes(lost: number, ready: number) {
  return Array.from({ length: lost + ready }, (_, index) => {
    const isLost = index < lost;
    const condition = (name: string, status: string, holds: boolean) =>
      steady(
        kubeStateMetrics("kube_node_status_condition", {
          node: `ip-10-40-11-${index}`,
          condition: name,
          status,
        }),
        holds ? 1 : 0,
      );
    return [
      condition("Ready", "unknown", isLost),
      condition("Ready", "true", !isLost),
      condition("MemoryPressure", "false", !isLost),
    ];
  }).flat();
}

/** A gate on a pod of a workload, set by a queue of jobs, and the pod's owner. */
export function gated(pod: string, owner: "ReplicaSet" | "StatefulSet", name: string, gate: 0 | 1 = 1) {
  const labels = { ...SHOP, pod, uid: `uid-of-${pod}` };
  return [
    steady(kubeStateMetrics("kube_pod_status_reason", { ...labels, reason: "SchedulingGated" }), gate),
    steady(
      kubeStateMetrics("kube_pod_owner", {
        ...labels,
        owner_kind: owner,
        owner_name: name,
        owner_is_controller: "true",
      }),
      1,
    ),
  ];
}

/** Replicas of which the last was updated some scrapes ago. */
export function progressed(metric: string, labels: Record<string, string>, value: number) {
  return jump(kubeStateMetrics(metric, labels), value - 1, value, LAST_MOVE);
}

/** Replicas of which one was lost some scrapes ago. */
export function lost(metric: string, labels: Record<string, string>, value: number) {
  return jump(kubeStateMetrics(metric, labels), value + 1, value, LAST_MOVE);
}

/** Seconds from the start until no replica was updated within the range: the sample before the last update has left it. */
export function standstill(parameters: AlertParameters): number {
  return atScrape(LAST_MOVE - 1, parameters) + seconds(rangeOf(parameters, "10m"));
}

/**
 * That neither the updated nor the available replicas have changed within 10 minutes. Nodes that are drained or rebooted in turn take one
 * replica after another away: something is missing all the time, and each time something else.
 */
export function unchanged(
  by: string,
  updated: string,
  available: string,
  parameters: AlertParameters,
): string {
  const changes = (metric: string) =>
    `max by (${by}) (changes(${metric}{job="${JOBS.kubeStateMetrics}"}[${rangeOf(parameters, "10m")}]))`;
  return `(${changes(updated)} + ${changes(available)} == 0)`;
}
