import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { has, judgeRules, ROLE_TYPES } from "./rbac.ts";

export const rbacWildcards: ResourcePolicy = {
  id: "rbac-wildcards",
  area: "access",
  pack: "security",
  standards: [
    "CIS EKS 4.1.3",
    "CIS Kubernetes 5.1.3",
    "NSA/CISA Authentication and authorization",
    "NIST AC-6",
  ],
  scope: "resource",
  title: "No Role or ClusterRole allows every verb, or everything of an API group.",
  why: "A wildcard also covers what is added later, such as Secrets of a new operator.",
  fix: "name the verbs and the resources in rules[].verbs and rules[].resources",
  severity: "high",
  levels: ALWAYS,
  types: ROLE_TYPES,
  check: (resource) =>
    judgeRules(resource, (rule) => {
      if (has(rule.at("verbs"), "*")) return `${rule.path} allows every verb`;
      return has(rule.at("resources"), "*") ? `${rule.path} covers every resource` : undefined;
    }),
};
