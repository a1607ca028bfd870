import { ALWAYS, type StackPolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judgeResources } from "../violation.ts";
import { isPublicSubnet, subnetsBehind } from "./subnets.ts";

export const privateNodes: StackPolicy = {
  id: "private-nodes",
  area: "network",
  pack: "security",
  standards: ["CIS EKS 5.4.3", "FSBP EC2.9", "NIST SC-7", "NSA/CISA Network separation and hardening"],
  scope: "stack",
  title: "Nodes are in private subnets and have no public address.",
  why: "A node with a public address answers the Internet on each port that a pod or a mistake in a security group opens.",
  fix: "give the node group the subnets whose route leads through a NAT gateway, and remove associatePublicIpAddress from the launch template",
  severity: "high",
  levels: ALWAYS,
  check: (resources) => [
    ...judgeResources(
      resources.filter(({ type }) => type === TYPES.nodeGroup),
      (group) =>
        subnetsBehind(group, resources)
          .filter((subnet) => isPublicSubnet(subnet, resources))
          .map((subnet) => `nodes are in the public subnet ${subnet.name}`),
    ),
    ...judgeResources(
      resources.filter(({ type }) => type === TYPES.launchTemplate),
      ({ properties }) =>
        properties
          .at("networkInterfaces")
          .items()
          .some((card) => [true, "true"].some((yes) => card.at("associatePublicIpAddress").is(yes)))
          ? "nodes get a public address"
          : undefined,
    ),
  ],
};
