import { addressesOf, addressesOfPool, mostNodesOf } from "../../components/cluster/model.ts";
import { zoneAddresses } from "../../components/network/model.ts";
import type { Environment } from "../../stacks/environment.ts";
import { count, grouped } from "./numbers.ts";

/**
 * Whether the nodes that Karpenter may start, and their pods, have addresses in one zone, beside those of the node groups: nothing keeps it
 * from starting all of them there. Only with prefix delegation, where a node's addresses are known, and of subnets that the program makes.
 */
export function addressNotices({
  cluster,
  network,
}: Pick<Environment, "cluster" | "network">): readonly string[] {
  if (cluster.kind !== "eks" || cluster.autoscaler.kind !== "karpenter" || !cluster.prefixDelegation)
    return [];
  if (network === undefined || network.existing !== undefined) return [];
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  const pools = Object.values(cluster.autoscaler.pools);
  const ofGroups = sum(Object.values(cluster.nodeGroups).map((group) => addressesOf(group, true) ?? 0));
  const ofPools = sum(pools.map(addressesOfPool));
  const [smallest] = [...zoneAddresses(network)].sort((a, b) => a.has - b.has);
  if (smallest === undefined || ofGroups + ofPools <= smallest.has) return [];
  const nodes = count(sum(pools.map(mostNodesOf)), "node");
  return [
    `Karpenter may start ${nodes} (cpuLimit over the smallest instance type), which take ${grouped(ofPools)} addresses with their pods, and the node groups of a zone take ${grouped(ofGroups)}. Zone ${smallest.zone} has ${grouped(smallest.has)} (${smallest.blocks.join(" and ")}). If most of them start there, pods get no address: the alert KubeCniAddressesLow says so before. Lower cpuLimit, name larger instanceTypes, or add a block to network.podBlocks.`,
  ];
}
