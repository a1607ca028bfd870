import { fewestReplicas, podLabels, REPLICATED_TYPES } from "../pods.ts";
import { FROM_STAGING, type StackPolicy } from "../policy.ts";
import { unseenWorkloads } from "../related-resources.ts";
import { objectName, objectNamespace, type StackResource, TYPES } from "../resource.ts";
import { selects } from "../selector.ts";
import { NotVisible, type Value } from "../value.ts";
import { against, judgeResources, type Violation } from "../violation.ts";

export const disruptionBudget: StackPolicy = {
  id: "disruption-budget",
  area: "workloads",
  pack: "reliability",
  standards: ["NIST CP-2"],
  scope: "stack",
  title:
    "Every workload with two or more replicas has one PodDisruptionBudget, which allows one eviction at a time.",
  why: "Without a budget a drain can evict all replicas at once. With one that allows no eviction the drain never ends.",
  fix: "create one PodDisruptionBudget that selects the pods, with maxUnavailable: 1",
  severity: "high",
  levels: FROM_STAGING,
  check: (resources) => {
    const budgets = resources.filter(({ type }) => type === TYPES.disruptionBudget);
    const workloads = resources.filter(({ type }) => REPLICATED_TYPES.includes(type));
    return [
      ...judgeResources(workloads, (workload) => workloadVerdict(workload, budgets, resources)),
      ...judgeResources(budgets, (budget) => budgetVerdict(budget, workloads, resources)),
    ];
  },
};

function workloadVerdict(
  workload: StackResource,
  budgets: readonly StackResource[],
  resources: readonly StackResource[],
): string | undefined {
  if (fewestReplicas(workload, resources) < 2) return undefined;
  const covering = budgets.filter((budget) => covers(budget, workload));
  const unseen = covering.length === 0 && unseenWorkloads(resources, objectNamespace(workload));
  if (unseen) throw new NotVisible(`${unseen} may bring the PodDisruptionBudget of ${objectName(workload)}`);
  if (covering.length === 0) return "no PodDisruptionBudget selects its pods";
  // Kubernetes refuses to evict a pod that two budgets select.
  if (covering.length > 1)
    return `${covering.length} PodDisruptionBudgets select its pods, so none of them can be evicted`;
  return undefined;
}

function budgetVerdict(
  budget: StackResource,
  workloads: readonly StackResource[],
  resources: readonly StackResource[],
): Violation[] {
  const covered = workloads.filter((workload) => covers(budget, workload));
  const pods = covered.reduce((sum, workload) => sum + fewestReplicas(workload, resources), 0);
  if (evictable(budget, pods) >= 1) return [];
  return covered.map((workload) =>
    against(budget, `it allows no eviction of pods of ${objectName(workload)}`),
  );
}

/** Of policy/v1 an empty selector takes every pod of the namespace, and none takes no pod. */
function covers(budget: StackResource, workload: StackResource): boolean {
  const selector = budget.properties.at("spec", "selector");
  return (
    objectNamespace(budget) === objectNamespace(workload) &&
    selector.exists &&
    selects(selector, podLabels(workload))
  );
}

/** How many of so many pods the budget lets go: none where it states neither limit. Kubernetes rounds both shares up. */
function evictable(budget: StackResource, pods: number): number {
  const spec = budget.properties.at("spec");
  const maxUnavailable = share(spec.at("maxUnavailable"), pods);
  if (maxUnavailable !== undefined) return maxUnavailable;
  return pods - (share(spec.at("minAvailable"), pods) ?? pods);
}

function share(value: Value, pods: number): number | undefined {
  const text = value.text();
  if (text === undefined) return undefined;
  return text.endsWith("%") ? Math.ceil((Number(text.slice(0, -1)) / 100) * pods) : Number(text);
}
