import { PRODUCTION, type StackPolicy } from "../policy.ts";
import { type StackResource, TYPES } from "../resource.ts";
import { judge } from "../violation.ts";
import { isPublicSubnet, subnetsBehind } from "./subnets.ts";

const NAT = "aws:ec2/natGateway:NatGateway";

export const natPerZone: StackPolicy = {
  id: "nat-per-zone",
  area: "network",
  pack: "reliability",
  standards: ["NIST CP-8", "AWS Well-Architected REL10-BP01"],
  scope: "stack",
  title: "Every zone with private subnets has its own NAT gateway.",
  why: "If the zone of the only gateway fails, no node of any zone reaches a registry, AWS or the pager's service.",
  fix: "create an aws.ec2.NatGateway in a public subnet of each zone (here: network.natGateways in the environment)",
  severity: "high",
  levels: PRODUCTION,
  check: (resources) => {
    const gateways = resources.filter(({ type }) => type === NAT);
    const [first] = gateways;
    if (first === undefined) return [];
    return judge(() => {
      const served = new Set(gateways.flatMap((gateway) => zonesOf(subnetsBehind(gateway, resources))));
      const nodes = resources.filter(
        (resource) => resource.type === TYPES.subnet && !isPublicSubnet(resource, resources),
      );
      const missing = [...new Set(zonesOf(nodes))].filter((zone) => !served.has(zone)).sort();
      return missing.length > 0
        ? `no NAT gateway is in ${missing.join(", ")}, where private subnets are`
        : undefined;
    }, first);
  },
};

function zonesOf(subnets: readonly StackResource[]): string[] {
  return subnets.flatMap((subnet) => subnet.properties.at("availabilityZone").text() ?? []);
}
