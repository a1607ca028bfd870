import { PRODUCTION, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const deletionProtection: ResourcePolicy = {
  id: "deletion-protection",
  area: "cluster",
  pack: "reliability",
  standards: ["NIST CP-9", "NIST CM-5"],
  scope: "resource",
  title: "EKS deletion protection is on.",
  why: "It blocks a deletion with any tool. Pulumi's protect option blocks only Pulumi.",
  fix: "set deletionProtection to true (here: cluster.deletionProtection in the environment)",
  severity: "high",
  levels: PRODUCTION,
  types: [TYPES.eksCluster],
  check: ({ properties }) =>
    judge(() => (properties.at("deletionProtection").is(true) ? undefined : "the cluster can be deleted")),
};
