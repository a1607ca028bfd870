import { addressesOf, keepsPodsAway } from "../../components/cluster/model.ts";
import { shown } from "../../components/core/problems.ts";
import { networkProblems, zoneAddresses } from "../../components/network/model.ts";
import { type EnvironmentRule, ROOT } from "./rule.ts";

const AT = `${ROOT}.cluster.nodeGroups`;

const productionKeepsItsNodes: EnvironmentRule = {
  id: "production-keeps-its-nodes",
  reads: ["tier", "cluster"],
  check: ({ tier, cluster }) =>
    tier !== "production" || cluster.kind !== "eks"
      ? []
      : [
          ...Object.entries(cluster.nodeGroups).map(([name, group]) => ({ at: `${AT}.${name}`, group })),
          ...Object.entries(cluster.autoscaler.kind === "karpenter" ? cluster.autoscaler.pools : {}).map(
            ([name, group]) => ({ at: `${ROOT}.cluster.autoscaler.pools.${name}`, group }),
          ),
        ]
          .filter(({ group }) => group.capacity === "spot" && !keepsPodsAway(group))
          .map(({ at }) => ({
            path: `${at}.capacity`,
            found: "spot, in production, and Prometheus may run on the nodes",
            allowed: "onDemand, or a group whose taints keep Prometheus and Alertmanager away",
            fix: "set capacity to onDemand, or add a taint with effect NoSchedule for the pods that tolerate it",
          })),
};

const nodesHaveAddresses: EnvironmentRule = {
  id: "nodes-have-addresses",
  reads: ["network", "cluster"],
  check: ({ network, cluster }) => {
    if (network === undefined || cluster.kind !== "eks") return [];
    // Of subnets that exist the sizes are read when they are.
    if (network.existing !== undefined || networkProblems(network, "").length > 0) return [];
    const needs = Object.values(cluster.nodeGroups).map(
      (group) => addressesOf(group, cluster.prefixDelegation) ?? 0,
    );
    const needed = needs.reduce((sum, each) => sum + each, 0);
    return zoneAddresses(network)
      .filter(({ has }) => needed > has)
      .slice(0, 1)
      .map(({ zone, blocks, has }) => ({
        path: AT,
        found: `nodes and pods that may take ${needed} addresses in each zone`,
        allowed: `at most ${has}, as the private subnets of ${zone} are ${blocks.join(" and ")}`,
        fix: `lower maxPerZone or maxPods${cluster.prefixDelegation ? ", set prefixDelegation to false" : ""}, or add a block to network.podBlocks`,
      }));
  },
};

const autoModeHasKeysOfAws: EnvironmentRule = {
  id: "auto-mode-has-keys-of-aws",
  reads: ["aws", "cluster"],
  check: ({ aws, cluster }) =>
    aws?.keys !== "own" || cluster.kind !== "eks" || cluster.autoscaler.kind !== "auto-mode"
      ? []
      : [
          {
            path: `${ROOT}.aws.keys`,
            found: "own, and cluster.autoscaler is auto-mode",
            allowed: "aws: the pools that EKS has ready encrypt the disks of nodes with keys of AWS",
            fix: "set keys to aws, or choose another autoscaler",
          },
        ],
};

const controlPlaneHasZonesOfTheNetwork: EnvironmentRule = {
  id: "control-plane-has-zones-of-the-network",
  reads: ["network", "cluster"],
  check: ({ network, cluster }) => {
    if (network === undefined || cluster.kind !== "eks") return [];
    const zones = cluster.controlPlaneZones ?? [];
    return zones.flatMap((zone, index) =>
      network.zones.includes(zone) && zones.indexOf(zone) === index
        ? []
        : [
            {
              path: `${ROOT}.cluster.controlPlaneZones[${index}]`,
              found: shown(zone),
              allowed: `each of ${network.zones.join(", ")} once, as network.zones has no other`,
              fix: "remove it, or add it to network.zones",
            },
          ],
    );
  },
};

const autoModeHasNoPodBlocks: EnvironmentRule = {
  id: "auto-mode-has-no-pod-blocks",
  reads: ["network", "cluster"],
  check: ({ network, cluster }) =>
    cluster.kind !== "eks" || cluster.autoscaler.kind !== "auto-mode" || !network?.podBlocks.length
      ? []
      : [
          {
            path: `${ROOT}.network.podBlocks`,
            found: "blocks, and cluster.autoscaler is auto-mode",
            allowed: "none: EKS Auto Mode gives pods their addresses, and does not look for these subnets",
            fix: "remove podBlocks, or choose another autoscaler",
          },
        ],
};

/** The rules between nodes and what is around them. */
export const NODE_RULES: readonly EnvironmentRule[] = [
  productionKeepsItsNodes,
  nodesHaveAddresses,
  autoModeHasKeysOfAws,
  controlPlaneHasZonesOfTheNetwork,
  autoModeHasNoPodBlocks,
];
