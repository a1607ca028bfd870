import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { judge } from "../violation.ts";
import { BINDING_TYPES } from "./rbac.ts";

export const rbacAdministrators: ResourcePolicy = {
  id: "rbac-administrators",
  area: "access",
  pack: "security",
  standards: [
    "CIS EKS 4.1.1",
    "CIS EKS 4.1.7",
    "CIS Kubernetes 5.1.1",
    "CIS Kubernetes 5.1.7",
    "NSA/CISA Authentication and authorization",
    "NIST AC-6",
  ],
  scope: "resource",
  title: "No binding makes a service account, or the group system:masters, an administrator of the cluster.",
  why: "Whoever breaks into the pod then owns the cluster, and rights of system:masters cannot be taken away.",
  fix: "bind a role with the verbs and resources that the workload needs in roleRef",
  severity: "critical",
  levels: ALWAYS,
  types: BINDING_TYPES,
  check: ({ properties }) =>
    judge(() => {
      const subjects = properties.at("subjects").items();
      if (subjects.some((subject) => subject.at("name").is("system:masters")))
        return "the group system:masters is bound";
      if (!properties.at("roleRef", "name").is("cluster-admin")) return undefined;
      return subjects.some((subject) => subject.at("kind").is("ServiceAccount"))
        ? "a service account is bound to cluster-admin"
        : undefined;
    }),
};
