import type { Problem } from "../../components/core/problems.ts";
import { type Budget, budgetsOf, letsGo, toleranceOf } from "../cluster/budget.ts";
import type { Pod } from "../cluster/pod.ts";
import { type DrainState, keyOf, type Server } from "./state.ts";

/** Why a node cannot be drained safely, all at once: nothing is changed then. */
export function drainProblems(state: DrainState): readonly Problem[] {
  const { leaving, budgets } = state;
  const guarded = leaving.map((pod) => ({ pod, own: budgetsOf(pod, budgets) }));
  const refusing = new Map<Budget, Pod[]>();
  // A drain that continues has itself taken what its budgets let be away: it waits for that.
  const continues = state.node.cordoned === "by this command";
  const forbids = (budget: Budget, pod: Pod) =>
    !letsGo(budget, pod) && !(continues && toleranceOf(budget) > 0);
  for (const { pod, own } of guarded)
    if (own.length === 1 && own[0] && !pod.deleting && forbids(own[0], pod))
      refusing.set(own[0], [...(refusing.get(own[0]) ?? []), pod]);
  const held = new Set([...refusing.values()].flat());
  return [
    ...leaving.filter(isLone).map(lone),
    ...guarded.filter(({ own }) => own.length > 1).map(({ pod, own }) => twoBudgets(pod, own)),
    ...[...refusing].map(([budget, pods]) => refused(budget, pods)),
    ...leaving.flatMap((pod) => boundProblems(pod, state)),
    ...(continues
      ? []
      : leaving.filter((pod) => !held.has(pod)).flatMap((pod) => serverProblems(pod, state))),
  ];
}

/** What no controller makes again. */
function isLone({ controller, finished, deleting }: Pod): boolean {
  return controller === undefined && !finished && !deleting;
}

function lone(pod: Pod): Problem {
  return {
    path: `pod ${keyOf(pod)}`,
    found: "no controller: once it is evicted, it does not start again anywhere",
    allowed: "pods of a Deployment, StatefulSet, Job or another controller",
    fix: "delete it if it is not needed, or let a controller make it",
  };
}

function twoBudgets(pod: Pod, own: readonly Budget[]): Problem {
  return {
    path: `pod ${keyOf(pod)}`,
    found: `${own.length} budgets: ${own.map(({ name }) => name).join(", ")}`,
    allowed: "one budget for each pod: the API server evicts none that has more",
    fix: "remove all but one of the budgets",
  };
}

function refused(budget: Budget, pods: readonly Pod[]): Problem {
  const { namespace, name, healthy, desired, expected } = budget;
  const isNever = toleranceOf(budget) === 0;
  return {
    path: `PodDisruptionBudget ${namespace}/${name}`,
    found: `${healthy} of ${expected} pods healthy, where ${desired} must be: it lets ${pods.map((pod) => pod.name).join(", ")} not go`,
    allowed: "a budget that lets one pod go",
    fix: isNever
      ? "add a replica, or change the budget: it never lets a pod go"
      : "wait until its pods are ready, or find out why they are not: kubectl -n <namespace> get pods",
  };
}

function boundProblems(pod: Pod, { bound, node }: DrainState): readonly Problem[] {
  const where = bound.get(keyOf(pod));
  if (where === undefined || pod.finished) return [];
  return [
    {
      path: `pod ${keyOf(pod)}`,
      found: `the claim ${where}`,
      allowed: `another node there that is ready and takes pods, beside ${node.name}`,
      fix: "add a node to that zone first, or uncordon one: the pod would stay Pending",
    },
  ];
}

/** Whether a pod is the last but one that Prometheus or Alertmanager needs. Budgets say the same, where there are any. */
export function serverProblems(pod: Pod, { servers }: DrainState): readonly Problem[] {
  const server = servers.find(({ members }) => members.some(({ uid }) => uid === pod.uid));
  if (server === undefined || server.replicas < 2 || !pod.ready) return [];
  const left = readyBeside(server, pod);
  if (left >= server.needed) return [];
  return [
    {
      path: `pod ${keyOf(pod)}`,
      found: `${left} other ready pods of ${server.title}, of ${server.replicas}`,
      allowed: `${server.needed} that are ready while it is away`,
      fix: `wait until the others are ready: kubectl -n ${server.namespace} get pods`,
    },
  ];
}

function readyBeside({ members }: Server, pod: Pod): number {
  return members.filter(({ uid, ready }) => ready && uid !== pod.uid).length;
}
