import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { has, judgeRules } from "./rbac.ts";

export const rbacSecrets: ResourcePolicy = {
  id: "rbac-secrets",
  area: "access",
  pack: "security",
  standards: [
    "CIS EKS 4.1.2",
    "CIS Kubernetes 5.1.2",
    "NSA/CISA Authentication and authorization",
    "NIST AC-6",
  ],
  scope: "resource",
  title: "No ClusterRole can read every Secret of the cluster.",
  why: "A Secret of kube-system is often a way to administer the cluster.",
  fix: "use a Role in the namespace whose Secrets are needed, or name them in rules[].resourceNames",
  severity: "high",
  levels: ALWAYS,
  types: ["kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"],
  check: (resource) =>
    judgeRules(resource, (rule) =>
      has(rule.at("resources"), "secrets") &&
      has(rule.at("verbs"), "get", "list", "watch") &&
      // An empty list is all of them, as none is.
      rule.at("resourceNames").items().length === 0
        ? `${rule.path} reads the Secrets of every namespace`
        : undefined,
    ),
};
