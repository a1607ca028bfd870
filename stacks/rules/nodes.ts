import { addressesOf, keepsPodsAway } from "../../components/cluster/model.ts";
import { addressCount } from "../../components/network/cidr.ts";
import { layoutOf, networkProblems } from "../../components/network/model.ts";
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

// AWS keeps the first four addresses of a subnet and the last (Amazon VPC user guide, Subnet CIDR blocks).
const OF_AWS = 5;

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
    return Object.entries(layoutOf(network).private)
      .map(([zone, block]) => ({ zone, block, has: addressCount(block) - OF_AWS }))
      .filter(({ has }) => needed > has)
      .slice(0, 1)
      .map(({ zone, block, has }) => ({
        path: AT,
        found: `nodes and pods that may take ${needed} addresses in each zone`,
        allowed: `at most ${has}, as the private subnet of ${zone} is ${block}`,
        fix: `lower maxPerZone or maxPods${cluster.prefixDelegation ? ", set prefixDelegation to false" : ""}, or choose larger subnets`,
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

/** The rules between nodes and what is around them. */
export const NODE_RULES: readonly EnvironmentRule[] = [
  productionKeepsItsNodes,
  nodesHaveAddresses,
  autoModeHasKeysOfAws,
];
