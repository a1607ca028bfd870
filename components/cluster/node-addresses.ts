import { fewestProcessors } from "./instance-types.ts";
import type { NodeGroupSettings, NodePoolSettings } from "./settings.ts";

// Addresses that nodes and their pods take from a subnet with the Amazon VPC CNI (EKS best-practices guide, Prefix mode for Linux).

/** Addresses of one prefix: the CNI takes a /28. */
const PREFIX_ADDRESSES = 16;
/** Prefixes that a node keeps ready beside those that its pods use: the CNI's default for WARM_PREFIX_TARGET. */
export const WARM_PREFIXES = 1;
/** Pods of a node with prefix delegation where nothing else is said: what EKS recommends below 30 vCPUs. */
const PODS_WITH_PREFIXES = 110;
/** Nodes of a group that run beside the others while EKS updates it: twice the number of its zones, of which it has one. */
const NODES_IN_UPDATE = 2;

/** The maximum number of pods that a group's launch template says; undefined where EKS finds it by the instance type. */
export function maxPodsOf(
  { maxPods, os }: Pick<NodeGroupSettings, "maxPods" | "os">,
  prefixDelegation: boolean,
): number | undefined {
  if (os !== "bottlerocket") return undefined;
  // Said also where EKS would find the same: so a change of prefixDelegation is a new version of the template, and every node is replaced.
  return maxPods ?? (prefixDelegation ? PODS_WITH_PREFIXES : undefined);
}

/**
 * Addresses of one zone's subnet that a group takes with as many nodes as it may have, while it is updated. Undefined where that depends on
 * the instance type: without prefix delegation and without maxPods.
 */
export function addressesOf(
  { maxPods, maxPerZone }: Pick<NodeGroupSettings, "maxPods" | "maxPerZone">,
  prefixDelegation: boolean,
): number | undefined {
  const nodes = maxPerZone + NODES_IN_UPDATE;
  if (!prefixDelegation) return maxPods === undefined ? undefined : nodes * (maxPods + 1);
  return nodes * heldWithPrefixes(maxPods);
}

/** The most nodes that a pool of Karpenter may have: as many of its smallest type as its vCPUs allow. */
export function mostNodesOf({
  cpuLimit,
  instanceTypes,
  architecture,
}: Pick<NodePoolSettings, "cpuLimit" | "instanceTypes" | "architecture">): number {
  // Of the families c, m and r from the sixth generation on the smallest are a medium with Graviton, and a large without.
  const types = instanceTypes ?? [architecture === "arm64" ? "m6g.medium" : "m6i.large"];
  return Math.floor(cpuLimit / Math.min(...types.map(fewestProcessors)));
}

/** Addresses that a pool takes with as many nodes as it may have, in all zones together. Only with prefix delegation: without it that depends on the instance types. */
export function addressesOfPool(pool: Parameters<typeof mostNodesOf>[0]): number {
  return mostNodesOf(pool) * heldWithPrefixes(PODS_WITH_PREFIXES);
}

/** Addresses of one node with prefix delegation: those of its pods, in whole prefixes, of what it keeps ready, and its own. */
function heldWithPrefixes(pods = PODS_WITH_PREFIXES): number {
  return (Math.ceil(pods / PREFIX_ADDRESSES) + WARM_PREFIXES) * PREFIX_ADDRESSES + 1;
}
