import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const noSsh: ResourcePolicy = {
  id: "no-ssh",
  area: "cluster",
  pack: "security",
  standards: ["FSBP EC2.13", "NIST AC-17"],
  scope: "resource",
  title: "Nodes do not accept SSH logins.",
  why: "A key pair has no owner, no expiry and no log. Manual changes on a node are lost with the node.",
  fix: "remove the key pair; kubectl debug node opens a shell on a node and is recorded in the audit log",
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.launchTemplate, TYPES.nodeGroup],
  check: ({ type, properties }) =>
    judge(() => {
      const access = type === TYPES.launchTemplate ? properties.at("keyName") : properties.at("remoteAccess");
      // After deployment AWS reports an absent key as an empty name.
      return access.exists && !(access.known && access.is("")) ? "nodes accept SSH logins" : undefined;
    }),
};
