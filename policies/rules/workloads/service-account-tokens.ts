import { podSpec, TEMPLATE_TYPES } from "../pods.ts";
import { type ResourcePolicy, SHARED } from "../policy.ts";
import { judge } from "../violation.ts";

export const serviceAccountTokens: ResourcePolicy = {
  id: "service-account-tokens",
  area: "workloads",
  pack: "security",
  standards: [
    "CIS EKS 4.1.5",
    "CIS EKS 4.1.6",
    "CIS Kubernetes 5.1.5",
    "CIS Kubernetes 5.1.6",
    "NSA/CISA Authentication and authorization",
  ],
  scope: "resource",
  title: "A pod has a token of the Kubernetes API only with a service account of its own.",
  why: "The token of the account default is in every pod that says nothing, and whoever breaks in can use it.",
  fix: "set automountServiceAccountToken to false in the pod's spec, or serviceAccountName to an account of its own",
  severity: "medium",
  levels: SHARED,
  types: TEMPLATE_TYPES,
  check: (resource) =>
    judge(() => {
      const pod = podSpec(resource);
      if (pod.at("automountServiceAccountToken").is(false)) return undefined;
      const account = pod.at("serviceAccountName").exists
        ? pod.at("serviceAccountName")
        : pod.at("serviceAccount");
      return account.exists && !(account.known && account.is("default"))
        ? undefined
        : "the pod has the token of the service account default";
    }),
};
