import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const clusterAccess: ResourcePolicy = {
  id: "cluster-access",
  area: "access",
  pack: "security",
  standards: ["CIS EKS 5.5.1", "NIST AC-2"],
  scope: "resource",
  title:
    "Access entries define who may use the cluster, and its creator has no hidden administrator's right.",
  why: "The ConfigMap aws-auth can be edited by whoever may edit ConfigMaps, and the creator's right appears in no list.",
  fix: "set accessConfig.authenticationMode to API and accessConfig.bootstrapClusterCreatorAdminPermissions to false",
  severity: "medium",
  levels: ALWAYS,
  types: [TYPES.eksCluster],
  check: ({ properties }) => {
    const access = properties.at("accessConfig");
    return [
      ...judge(() =>
        access.at("authenticationMode").is("API")
          ? undefined
          : "the ConfigMap aws-auth gives access to the cluster",
      ),
      ...judge(() =>
        access.at("bootstrapClusterCreatorAdminPermissions").is(false)
          ? undefined
          : "whoever creates the cluster stays its administrator, and no access entry says so",
      ),
    ];
  },
};
