import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const grafanaWorkspace: ResourcePolicy = {
  id: "grafana-workspace",
  area: "stack",
  pack: "security",
  standards: ["NIST AC-6", "NIST CM-2"],
  scope: "resource",
  title:
    "A workspace of Amazon Managed Grafana has its own IAM role, a stated version, and access only to its own account.",
  why: "A role that AWS creates can read more than the dashboards need. A version that AWS chooses can differ at the next deployment.",
  fix: "set permissionType to CUSTOMER_MANAGED with a roleArn, accountAccessType to CURRENT_ACCOUNT, and grafanaVersion",
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.grafanaWorkspace],
  check: ({ properties }) =>
    judge(() => [
      ...(properties.at("roleArn").exists ? [] : ["the workspace has no IAM role of its own"]),
      ...(properties.at("permissionType").is("CUSTOMER_MANAGED")
        ? []
        : ["AWS manages the permissions of the workspace, because permissionType is not CUSTOMER_MANAGED"]),
      ...(properties.at("accountAccessType").is("CURRENT_ACCOUNT")
        ? []
        : ["the workspace can read other accounts of the organization"]),
      ...(properties.at("grafanaVersion").exists ? [] : ["the workspace states no version of Grafana"]),
    ]),
};
