import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { objectName, TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import { judge } from "../violation.ts";
import { PRIVILEGED_NAMESPACE } from "./restricted-pods.ts";

const ENFORCE = "pod-security.kubernetes.io/enforce";

const SETTINGS = {
  privilegedNamespaces: {
    type: "strings",
    default: [PRIVILEGED_NAMESPACE],
    description: "The namespaces that may enforce a weaker level.",
  },
} as const;

export const namespacePodSecurity: ResourcePolicy = {
  id: "namespace-pod-security",
  area: "workloads",
  pack: "security",
  standards: ["CIS EKS 4.2.1", "CIS Kubernetes 5.2.1", "NSA/CISA Kubernetes pod security", "NIST CM-7"],
  scope: "resource",
  title: "Every namespace enforces the pod security level restricted, except those for agents on nodes.",
  why: "The label also applies to pods that no policy checks: those that are created manually or by an operator.",
  fix: `set the label ${ENFORCE}: restricted`,
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.namespace],
  settings: SETTINGS,
  check: (resource, context) =>
    judge(() => {
      const { privilegedNamespaces } = settingsOf(SETTINGS, context);
      const level = resource.properties.at("metadata", "labels", ENFORCE);
      if (level.is("restricted")) return undefined;
      if (privilegedNamespaces.includes(objectName(resource)) && level.exists) return undefined;
      return level.exists
        ? "the namespace enforces a weaker level than restricted"
        : "the namespace enforces no pod security level";
    }),
};
