import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { objectName, TYPES } from "../resource.ts";
import { judge } from "../violation.ts";
import { PRIVILEGED_NAMESPACE } from "./restricted-pods.ts";

const ENFORCE = "pod-security.kubernetes.io/enforce";

export const namespacePodSecurity: ResourcePolicy = {
  id: "namespace-pod-security",
  area: "workloads",
  scope: "resource",
  title: "Every namespace enforces the pod security level restricted, except monitoring-node.",
  why: "The label also applies to pods that no policy checks: those that are created manually or by an operator.",
  fix: `set the label ${ENFORCE}: restricted`,
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.namespace],
  check: (resource) =>
    judge(() => {
      const level = resource.properties.at("metadata", "labels", ENFORCE);
      if (level.is("restricted")) return undefined;
      if (objectName(resource) === PRIVILEGED_NAMESPACE && level.exists) return undefined;
      return level.exists
        ? "the namespace enforces a weaker level than restricted"
        : "the namespace enforces no pod security level";
    }),
};
