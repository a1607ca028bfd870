import { PRODUCTION, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const deletionProtection: ResourcePolicy = {
  id: "deletion-protection",
  area: "cluster",
  scope: "resource",
  title: "EKS refuses to delete the cluster.",
  why: "It holds against every tool and every console, where Pulumi's protection holds against Pulumi alone.",
  fix: "set cluster.deletionProtection to true in the environment",
  severity: "high",
  levels: PRODUCTION,
  types: [TYPES.eksCluster],
  check: ({ properties }) =>
    judge(() => (properties.at("deletionProtection").is(true) ? undefined : "the cluster can be deleted")),
};
