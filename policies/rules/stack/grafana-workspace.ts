import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const grafanaWorkspace: ResourcePolicy = {
  id: "grafana-workspace",
  area: "stack",
  scope: "resource",
  title:
    "A workspace of Amazon Managed Grafana brings its own role, names its version, and reads its own account.",
  why: "A role that AWS makes may read more than the dashboards need; a version that AWS chooses is another one the next time.",
  fix: "set permissionType to CUSTOMER_MANAGED with a roleArn, accountAccessType to CURRENT_ACCOUNT, and grafanaVersion",
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.grafanaWorkspace],
  check: ({ properties }) =>
    judge(() => [
      ...(properties.at("permissionType").is("CUSTOMER_MANAGED") && properties.at("roleArn").exists
        ? []
        : ["the workspace has no role of its own"]),
      ...(properties.at("accountAccessType").is("CURRENT_ACCOUNT")
        ? []
        : ["the workspace reads other accounts of the organisation"]),
      ...(properties.at("grafanaVersion").exists ? [] : ["the workspace names no version of Grafana"]),
    ]),
};
