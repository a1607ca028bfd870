import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

const LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

export const controlPlaneLogs: ResourcePolicy = {
  id: "control-plane-logs",
  area: "cluster",
  pack: "security",
  standards: ["CIS EKS 2.1.1", "FSBP EKS.8", "NIST AU-12", "NSA/CISA Audit logging and threat detection"],
  scope: "resource",
  title: "All five control plane logs are enabled.",
  why: "Logs exist only from the time they are enabled. They cannot be created after an incident.",
  fix: `list ${LOGS.join(", ")} in enabledClusterLogTypes (here: cluster.logs of the environment)`,
  severity: "medium",
  levels: FROM_STAGING,
  types: [TYPES.eksCluster],
  check: ({ properties }) =>
    judge(() => {
      const enabled = properties.at("enabledClusterLogTypes").items();
      const missing = LOGS.filter((log) => !enabled.some((type) => type.is(log)));
      return missing.length === 0 ? undefined : `the logs ${missing.join(", ")} are not enabled`;
    }),
};
