import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import type { IPodSpec } from "kubernetes-models/v1/PodSpec";
import { metadataOf, type Placed, selectorOf, type Workload } from "./model.ts";

const ZONE = "topology.kubernetes.io/zone";
const NODE = "kubernetes.io/hostname";

/** The fields of a pod, of a Prometheus and of an Alertmanager that keep replicas apart. */
export type Placement = Pick<IPodSpec, "affinity" | "topologySpreadConstraints">;

export interface SpreadArgs {
  /** Number of replicas. One replica gets no constraint: on nodes without the label of a zone, a constraint would keep it pending. */
  readonly replicas: number;
  /** Number of zones of the nodes. With one zone, replicas are kept apart by node only. */
  readonly zones: number;
}

/** Never two replicas in one zone or on one node: a volume binds a replica to its zone, so the first placement is final. */
export function spread(workload: Workload, { replicas, zones }: SpreadArgs): Placement {
  if (replicas === 1) return {};
  const labelSelector = { matchLabels: selectorOf(workload) };
  return {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: NODE }],
      },
    },
    ...(zones > 1 && {
      topologySpreadConstraints: [
        { labelSelector, topologyKey: ZONE, maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" },
      ],
    }),
  };
}

/** A constraint that the operator extends: by the labels of the pod's shard, or by none. */
type OperatedConstraint = NonNullable<Placement["topologySpreadConstraints"]>[number] & {
  readonly additionalLabelSelectors?: "OnShard";
};

/**
 * The same for each of several shards of a Prometheus: never two replicas of one shard in one zone or on one node, while replicas of
 * different shards may share both. The operator adds the label of the shard to the selectors.
 */
export function spreadOfShards(
  workload: Workload,
  { replicas, zones }: SpreadArgs,
): { readonly topologySpreadConstraints?: OperatedConstraint[] } {
  const labelSelector = { matchLabels: selectorOf(workload) };
  const apart = (topologyKey: string): OperatedConstraint => ({
    labelSelector,
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: "DoNotSchedule",
    additionalLabelSelectors: "OnShard",
  });
  const evenly: OperatedConstraint = {
    labelSelector,
    topologyKey: NODE,
    maxSkew: 1,
    whenUnsatisfiable: "ScheduleAnyway",
  };
  if (replicas === 1) return { topologySpreadConstraints: [evenly] };
  return { topologySpreadConstraints: [...(zones > 1 ? [apart(ZONE)] : []), apart(NODE), evenly] };
}

/** Replicas in different zones and on different nodes where possible: a second replica in the same place is better than none. */
export function spreadIfPossible(workload: Workload, { replicas }: Pick<SpreadArgs, "replicas">): Placement {
  if (replicas === 1) return {};
  return {
    topologySpreadConstraints: [ZONE, NODE].map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: selectorOf(workload) },
    })),
  };
}

/** A drain may evict one replica at a time. A workload of one replica gets no disruption budget. */
export function disruptionBudget(workload: Placed): IPodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadataOf(workload),
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: selectorOf(workload) },
      // Without this, a replica that is not ready blocks every drain of its node.
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  };
}
