import type { ClusterSettings, PodCredentials } from "./settings.ts";

export { addressesOf, addressesOfPool, mostNodesOf } from "./node-addresses.ts";
export { keepsPodsAway } from "./node-rules.ts";
export { clusterProblems, eksProblems, existingClusterProblems } from "./rules.ts";
export {
  type ClusterSettings,
  clusterSettings,
  type EksSettings,
  type ExistingClusterSettings,
  type NodeGroupSettings,
  type NodePoolSettings,
  type PodCredentials,
} from "./settings.ts";

/** What the rest of the platform needs to know of a cluster before it exists. */
export interface ClusterTraits {
  /** The value of the label `cluster` on every alert. */
  readonly name: string;
  /** Whether the control plane's own metrics come from EKS's endpoint (`eks`) or are not scraped. */
  readonly distribution: "eks" | "generic";
  /** Number of zones with nodes. */
  readonly zones: number;
  /** The storage class of every volume; it retains and waits for its first consumer. */
  readonly storageClass: string;
  /** Who starts its nodes, where the platform knows it. Default: nobody. */
  readonly autoscaler?: "karpenter" | "auto-mode";
  /** How its samples get to a store, which is then monitored. Default: they do not. */
  readonly store?: "remote-write" | "thanos";
  /** What evaluates rules on the cluster besides Prometheus, and is then monitored. Default: nothing. */
  readonly evaluator?: "thanos-ruler";
  /** Parts that the targets are divided into, with servers of their own each. Default: 1. */
  readonly shards?: number;
}

/** What decides which signals and alerts a cluster can have. */
export type MeasuredTraits = Pick<
  ClusterTraits,
  "distribution" | "store" | "evaluator" | "shards" | "autoscaler"
>;

/** The label that names a node's group or pool, without its zone. Nodes carry their zone as topology.kubernetes.io/zone anyway. */
export const NODE_GROUP_LABEL = "bellwether.dev/node-group";

/** The default storage class of our own clusters: encrypted gp3. */
export const EKS_STORAGE_CLASS = "gp3-encrypted";

/** The traits of a cluster; `zones` are the network's, which an existing cluster does not have. */
export function clusterTraits(settings: ClusterSettings, environment: string, zones: number): ClusterTraits {
  if (settings.kind === "eks") {
    const { kind } = settings.autoscaler;
    const traits = {
      name: environment,
      distribution: "eks",
      zones,
      storageClass: EKS_STORAGE_CLASS,
    } as const;
    return kind === "none" ? traits : { ...traits, autoscaler: kind };
  }
  const { name, eks, storageClass } = settings;
  const distribution = settings.distribution ?? (eks === undefined ? "generic" : "eks");
  return { name, distribution, zones: settings.zones, storageClass };
}

/** How pods of a cluster get AWS credentials; undefined where they get none. */
export function podCredentials(settings: ClusterSettings): PodCredentials | undefined {
  return settings.kind === "eks" ? { kind: "pod-identity" } : settings.eks?.credentials;
}

/** The name of the EKS cluster; undefined where it is none, or one that nothing here needs to know. */
export function eksNameOf(settings: ClusterSettings, environment: string): string | undefined {
  return settings.kind === "eks" ? environment : settings.eks?.name;
}
