import { InvalidInputError, type Problem } from "../../components/core/problems.ts";
import { type Budget, budgetsOf, toleranceOf } from "../cluster/budget.ts";
import type { Named, Workload } from "./state.ts";

/** Why a workload cannot be restarted safely, all at once: nothing is changed then. */
export function rolloutProblems(workload: Workload): readonly Problem[] {
  const { replacement, members, desired } = workload;
  const what = inWords(workload);
  if (desired === 0)
    return [
      {
        path: what,
        found: "no pod, and none that should be",
        allowed: "a workload with pods",
        fix: "scale it up, if it should run",
      },
    ];
  return [
    ...heldProblems(workload, what),
    ...(replacement === "by its controller"
      ? workload.budgets.flatMap((budget) => rollingProblems(workload, budget))
      : workload.budgets.flatMap(evictionProblems)),
    ...(replacement === "by eviction" &&
    members.some((member) => budgetsOf(member, workload.budgets).length > 1)
      ? [twoBudgets(what, workload.budgets)]
      : []),
  ];
}

function heldProblems({ held, kind }: Workload, path: string): readonly Problem[] {
  if (held === "paused")
    return [
      {
        path,
        found: "spec.paused: true",
        allowed: "a Deployment whose rollouts are not paused",
        fix: "find out who has paused it (kubectl get --show-managed-fields), and resume it",
      },
    ];
  if (held === "partition")
    return [
      {
        path,
        found: "a partition in spec.updateStrategy.rollingUpdate, which keeps pods at the old revision",
        allowed: `a ${kind} whose rollouts reach every pod`,
        fix: "end the staged rollout first: set the partition to 0",
      },
    ];
  return [];
}

/** Controllers do not ask budgets when they replace pods: how many they take away at most must be within each. */
function rollingProblems(workload: Workload, budget: Budget): readonly Problem[] {
  const { awayAtMost, desired } = workload;
  const tolerance = toleranceOf(budget);
  if (awayAtMost <= tolerance) return [];
  return [
    {
      path: budgetInWords(budget),
      found: `a rollout that takes away up to ${awayAtMost} of ${desired} pods, where the budget lets ${tolerance} be away`,
      allowed: "a rollout that stays within the budget: no controller asks it",
      fix: `set maxUnavailable of the rollout to ${tolerance}${tolerance === 0 ? " with a maxSurge of 1 or more" : ""}, or change the budget`,
    },
  ];
}

function evictionProblems(budget: Budget): readonly Problem[] {
  if (toleranceOf(budget) > 0) return [];
  return [
    {
      path: budgetInWords(budget),
      found: `${budget.desired} of ${budget.expected} pods that must be healthy at any time`,
      allowed: "a budget that lets one pod be away",
      fix: "change the budget, or add a replica",
    },
  ];
}

function twoBudgets(path: string, budgets: readonly Budget[]): Problem {
  return {
    path,
    found: `pods in ${budgets.length} budgets: ${budgets.map(({ name }) => name).join(", ")}`,
    allowed: "one budget for each pod: the API server evicts none that has more",
    fix: "remove all but one of the budgets",
  };
}

export function notThere(named: Named, environment: string): InvalidInputError {
  return new InvalidInputError("restart-rollout", [
    {
      path: inWords(named),
      found: "nothing",
      allowed: `a workload in the cluster of ${environment}`,
      fix: `list them: kubectl -n ${named.namespace} get deployments,statefulsets,daemonsets`,
    },
  ]);
}

export function inWords({ kind, namespace, name }: Named): string {
  return `${kind} ${namespace}/${name}`;
}

function budgetInWords({ namespace, name }: Budget): string {
  return `PodDisruptionBudget ${namespace}/${name}`;
}
