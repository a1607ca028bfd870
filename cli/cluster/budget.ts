import { at, type ClusterObject, numberAt } from "./object.ts";
import type { Pod } from "./pod.ts";
import { type Selector, selects } from "./selector.ts";

/** A PodDisruptionBudget, in numbers of pods as its controller last counted them. */
export interface Budget {
  readonly namespace: string;
  readonly name: string;
  readonly selector?: Selector;
  /** How many pods may be evicted now. */
  readonly allowed: number;
  readonly healthy: number;
  /** How many must be healthy. */
  readonly desired: number;
  /** How many there are when all are. */
  readonly expected: number;
  /** Whether a pod that is not ready is evicted whatever the others are: `unhealthyPodEvictionPolicy: AlwaysAllow`. */
  readonly letsUnhealthyGo: boolean;
}

/** A budget from its object. */
export function budgetOf(object: ClusterObject): Budget {
  const { metadata } = object;
  const status = (field: string) => numberAt(object, 0, "status", field);
  const selector = at(object, "spec", "selector") as Selector | undefined;
  // Numbers of an older specification say nothing: the API server refuses evictions until they are counted anew.
  const isCounted = status("observedGeneration") >= (metadata.generation ?? 0);
  return {
    namespace: metadata.namespace ?? "default",
    name: metadata.name,
    ...(selector && { selector }),
    allowed: isCounted ? status("disruptionsAllowed") : 0,
    healthy: status("currentHealthy"),
    desired: status("desiredHealthy"),
    expected: status("expectedPods"),
    letsUnhealthyGo: at(object, "spec", "unhealthyPodEvictionPolicy") === "AlwaysAllow",
  };
}

/** The budgets that guard a pod. The API server refuses to evict a pod with more than one. */
export function budgetsOf(pod: Pod, budgets: readonly Budget[]): readonly Budget[] {
  return budgets.filter(
    ({ namespace, selector }) => namespace === pod.namespace && selects(selector, pod.labels),
  );
}

/** How many of its pods may be away at the same time, once all the others are healthy. */
export function toleranceOf({ expected, desired }: Budget): number {
  return Math.max(expected - desired, 0);
}

/** Whether a budget lets a pod go now. */
export function letsGo({ allowed, healthy, desired, letsUnhealthyGo }: Budget, pod: Pod): boolean {
  if (pod.finished) return true;
  // A pod that is not ready counts for nothing: it may go while the others are enough.
  if (!pod.ready) return letsUnhealthyGo || (desired > 0 && healthy >= desired) || allowed > 0;
  return allowed > 0;
}
