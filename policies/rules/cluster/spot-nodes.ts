import { FROM_STAGING, type StackPolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const spotNodes: StackPolicy = {
  id: "spot-nodes",
  area: "cluster",
  pack: "reliability",
  standards: ["NIST CP-2"],
  scope: "stack",
  title: "Some nodes are not spot instances.",
  why: "AWS takes spot instances back with two minutes' notice, often all of one type, and with them the monitoring.",
  fix: "set capacityType to ON_DEMAND in one node group of each zone",
  severity: "high",
  levels: FROM_STAGING,
  check: (resources) => {
    const groups = resources.filter(({ type }) => type === TYPES.nodeGroup);
    const [first] = groups;
    if (first === undefined) return [];
    return judge(
      () =>
        groups.every(({ properties }) => properties.at("capacityType").is("SPOT"))
          ? "every node is a spot instance"
          : undefined,
      first,
    );
  },
};
