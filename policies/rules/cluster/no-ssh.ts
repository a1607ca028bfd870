import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const noSsh: ResourcePolicy = {
  id: "no-ssh",
  area: "cluster",
  scope: "resource",
  title: "Nobody logs in to a node by SSH.",
  why: "A key pair has no owner, no expiry and no log; what is changed by hand on a node is gone with it.",
  fix: "remove the key pair; kubectl debug node opens a shell on a node, and the audit log says who did",
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.launchTemplate, TYPES.nodeGroup],
  check: ({ type, properties }) =>
    judge(() => {
      const access = type === TYPES.launchTemplate ? properties.at("keyName") : properties.at("remoteAccess");
      // After deployment AWS reports an absent key as an empty name.
      return access.exists && !(access.known && access.is("")) ? "nodes take logins by SSH" : undefined;
    }),
};
