import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { has, judgeRules, ROLE_TYPES } from "./rbac.ts";

const VERBS = ["escalate", "bind", "impersonate"];

export const rbacEscalation: ResourcePolicy = {
  id: "rbac-escalation",
  area: "access",
  pack: "security",
  standards: ["CIS EKS 4.1.8", "CIS Kubernetes 5.1.8", "NIST AC-6"],
  scope: "resource",
  title: `No Role or ClusterRole has the verbs ${VERBS.join(", ")} without naming what they are for.`,
  why: "Each of them gives its holder the rights of another user.",
  fix: "remove the verb, or name the roles or users in rules[].resourceNames",
  severity: "high",
  levels: ALWAYS,
  types: ROLE_TYPES,
  check: (resource) =>
    judgeRules(resource, (rule) => {
      const verbs = VERBS.filter((verb) => has(rule.at("verbs"), verb));
      return verbs.length > 0 && !rule.at("resourceNames").exists
        ? `${rule.path} allows ${verbs.join(", ")} without resourceNames`
        : undefined;
    }),
};
