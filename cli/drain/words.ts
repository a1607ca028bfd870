import { budgetsOf, toleranceOf } from "../cluster/budget.ts";
import type { Pod } from "../cluster/pod.ts";
import { type DrainState, keyOf } from "./state.ts";

/** What of a node leaves and what stays, and the steps, for a person who decides. */
export function planInWords(state: DrainState, where: string, patience: number): string {
  const { node, leaving, staying } = state;
  const cordoned = {
    no: "takes pods",
    "by this command": "cordoned by this command before",
    "by others": "cordoned already, which it stays",
  }[node.cordoned];
  const steps = [
    ...(node.cordoned === "no" ? [`cordon ${node.name}`] : []),
    ...leaving.map((pod) => `evict ${keyOf(pod)}${notesOf(pod, state)}`),
    `wait until all have left, at most ${Math.round(patience / 60_000)} min; else uncordon it`,
  ];
  const lines = [
    where,
    "",
    `Node ${node.name}: ${node.ready ? "ready" : "not ready"}, ${cordoned}`,
    `  ${leaving.length} pods leave, ${staying.length} of DaemonSets and of the kubelet stay`,
    ...lonesIn(state).map((title) => `  ${title} has one pod: it does not alert while its pod moves`),
    "",
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    "",
    "Pods leave one after the other, as their budgets let them go. If this command is killed, run it again: it continues.",
  ];
  return `${lines.join("\n")}\n`;
}

/** What a reader should know of a pod before it leaves. */
function notesOf(pod: Pod, { budgets }: DrainState): string {
  const notes = [
    ...budgetsOf(pod, budgets).map(
      (budget) => `budget ${budget.name}: ${toleranceOf(budget)} of ${budget.expected} may be away`,
    ),
    ...(pod.emptyDirs.length === 0 ? [] : [`loses ${pod.emptyDirs.join(", ")} (emptyDir)`]),
    ...(pod.ready || pod.finished ? [] : ["not ready"]),
  ];
  return notes.length === 0 ? "" : `: ${notes.join("; ")}`;
}

/** Prometheus or Alertmanager, where it has no second pod and the one it has is to leave. */
function lonesIn({ servers, leaving }: DrainState): readonly string[] {
  return servers
    .filter(
      ({ replicas, members }) =>
        replicas === 1 && members.some(({ uid }) => leaving.some((pod) => pod.uid === uid)),
    )
    .map(({ title }) => title);
}
