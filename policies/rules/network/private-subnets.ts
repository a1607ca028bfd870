import { ALWAYS, type StackPolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judgeResources } from "../violation.ts";
import { isPublicSubnet } from "./subnets.ts";

export const privateSubnets: StackPolicy = {
  id: "private-subnets",
  area: "network",
  pack: "security",
  standards: ["FSBP EC2.15", "NIST SC-7"],
  scope: "stack",
  title: "No private subnet gives its machines public addresses.",
  why: "With one more route, or a mistake in one, everything in the subnet is on the Internet.",
  fix: "set mapPublicIpOnLaunch to false, or leave it out",
  severity: "medium",
  levels: ALWAYS,
  check: (resources) =>
    judgeResources(
      resources.filter(({ type }) => type === TYPES.subnet),
      (subnet) =>
        subnet.properties.at("mapPublicIpOnLaunch").is(true) && !isPublicSubnet(subnet, resources)
          ? "the subnet is private and gives its machines public addresses"
          : undefined,
    ),
};
