import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

const LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

export const controlPlaneLogs: ResourcePolicy = {
  id: "control-plane-logs",
  area: "cluster",
  scope: "resource",
  title: "The cluster writes all five control-plane logs.",
  why: "They are written from the day they are switched on; after an incident nobody can ask for them any more.",
  fix: `list ${LOGS.join(", ")} in cluster.logs of the environment`,
  severity: "medium",
  levels: FROM_STAGING,
  types: [TYPES.eksCluster],
  check: ({ properties }) =>
    judge(() => {
      const enabled = properties.at("enabledClusterLogTypes").items();
      const missing = LOGS.filter((log) => !enabled.some((type) => type.is(log)));
      return missing.length === 0 ? undefined : `the logs ${missing.join(", ")} are not written`;
    }),
};
