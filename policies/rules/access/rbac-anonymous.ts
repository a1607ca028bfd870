import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { judge } from "../violation.ts";
import { BINDING_TYPES } from "./rbac.ts";

const EVERYBODY = ["system:anonymous", "system:unauthenticated", "system:authenticated"];

export const rbacAnonymous: ResourcePolicy = {
  id: "rbac-anonymous",
  area: "access",
  pack: "security",
  standards: ["NSA/CISA Authentication and authorization", "NIST AC-14", "CIS Kubernetes 5.1.1"],
  scope: "resource",
  title: "No binding gives rights to every user of the Kubernetes API.",
  why: "Anonymous users need no credential, and on EKS every principal of the account that can get a token is authenticated.",
  fix: "name users, groups or service accounts in subjects",
  severity: "critical",
  levels: ALWAYS,
  types: BINDING_TYPES,
  check: ({ properties }) =>
    judge(() => {
      const found = properties
        .at("subjects")
        .items()
        .flatMap((subject) => EVERYBODY.filter((name) => subject.at("name").is(name)));
      return found.length > 0 ? `${found.join(", ")} gets the rights of the role` : undefined;
    }),
};
