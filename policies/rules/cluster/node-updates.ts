import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const nodeUpdates: ResourcePolicy = {
  id: "node-updates",
  area: "cluster",
  pack: "reliability",
  standards: ["NIST CP-2", "NIST CM-3"],
  scope: "resource",
  title:
    "An update of a node group replaces at most half of its nodes at a time, and respects disruption budgets.",
  why: "With force_update_version, or all nodes at once, an update stops every pod however it is spread.",
  fix: "set updateConfig.maxUnavailablePercentage to 33 or less, and remove forceUpdateVersion",
  severity: "medium",
  levels: FROM_STAGING,
  types: [TYPES.nodeGroup],
  check: ({ properties }) => [
    ...judge(() =>
      (properties.at("updateConfig", "maxUnavailablePercentage").number() ?? 0) > 50
        ? "an update replaces more than half of the nodes at once"
        : undefined,
    ),
    ...judge(() =>
      properties.at("forceUpdateVersion").is(true) ? "an update ignores disruption budgets" : undefined,
    ),
  ],
};
