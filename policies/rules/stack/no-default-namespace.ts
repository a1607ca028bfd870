import { ALWAYS, type StackPolicy } from "../policy.ts";
import type { StackResource } from "../resource.ts";
import { NotVisible } from "../value.ts";
import { judgeResources } from "../violation.ts";
import { isObject } from "./recommended-labels.ts";

/** Kinds of Kubernetes that belong to no namespace, from the API reference of Kubernetes 1.36. */
const CLUSTER_KINDS = new Set([
  "APIService",
  "CertificateSigningRequest",
  "ClusterRole",
  "ClusterRoleBinding",
  "ClusterTrustBundle",
  "ComponentStatus",
  "CSIDriver",
  "CSINode",
  "CustomResourceDefinition",
  "DeviceClass",
  "DeviceTaintRule",
  "FlowSchema",
  "IngressClass",
  "IPAddress",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "ResourceSlice",
  "RuntimeClass",
  "SelfSubjectAccessReview",
  "SelfSubjectReview",
  "SelfSubjectRulesReview",
  "ServiceCIDR",
  "StorageClass",
  "StorageVersion",
  "StorageVersionMigration",
  "SubjectAccessReview",
  "TokenReview",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
  "VolumeAttributesClass",
]);

const DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";

export const noDefaultNamespace: StackPolicy = {
  id: "no-default-namespace",
  area: "stack",
  pack: "reliability",
  standards: ["CIS EKS 4.5.3", "CIS EKS 4.5.1", "CIS Kubernetes 5.7.4", "NIST CM-6"],
  scope: "stack",
  title: "No object is in the namespace default, except Roles and RoleBindings.",
  why: "This namespace has no quota, no pod security level and no network policy of this platform, and objects of different owners mix there.",
  fix: "set metadata.namespace to the namespace that the object belongs to",
  severity: "medium",
  levels: ALWAYS,
  check: (resources) => {
    const definitions = resources.filter(({ type }) => type === DEFINITION);
    return judgeResources(
      resources.filter(({ type }) => isObject(type) && !GRANTS.has(kindOf(type))),
      (resource) => {
        const { type, properties, provider } = resource;
        const kind = kindOf(type);
        const namespace = properties.at("metadata", "namespace");
        if (namespace.exists) return namespace.known && namespace.is("default") ? SAYS : undefined;
        if (isBuiltIn(type) && CLUSTER_KINDS.has(kind)) return undefined;
        // A provider may put what names no namespace into one.
        const otherwise = provider?.at("namespace");
        if (otherwise?.exists && !(otherwise.known && otherwise.is("default"))) return undefined;
        if (isBuiltIn(type)) return SAYS;
        const scope = scopeOf(resource, kind, definitions);
        if (scope === undefined)
          throw new NotVisible(
            `the definition of ${kind}, which says whether it has a namespace, is no resource of this stack`,
          );
        return scope === "Cluster" ? undefined : SAYS;
      },
    );
  },
};

function kindOf(type: string): string {
  return type.split(":")[2] ?? "";
}

/** They say who may do what with the objects of the namespace, and are in it for that reason. */
const GRANTS: ReadonlySet<string> = new Set(["Role", "RoleBinding"]);

const SAYS = "the object is in the namespace default";

/** The groups of Kubernetes itself whose names have a dot. */
const BUILT_IN_GROUPS = new Set(
  "admissionregistration apiextensions authentication certificates coordination discovery events flowcontrol.apiserver internal.apiserver networking node rbac.authorization authorization resource scheduling storage storagemigration"
    .split(" ")
    .map((name) => `${name}.k8s.io`)
    .concat("apiregistration.k8s.io"),
);

function isBuiltIn(type: string): boolean {
  const group = type.split(":")[1]?.split("/")[0] ?? "";
  return !group.includes(".") || BUILT_IN_GROUPS.has(group);
}

/** By the definition in the stack; by convention, a kind that begins with Cluster has no namespace. Undefined where nothing says. */
function scopeOf(
  { type }: StackResource,
  kind: string,
  definitions: readonly StackResource[],
): string | undefined {
  const group = type.split(":")[1]?.split("/")[0];
  const definition = definitions.find(
    ({ properties }) =>
      properties.at("spec", "names", "kind").is(kind) && properties.at("spec", "group").text() === group,
  );
  if (definition !== undefined) return definition.properties.at("spec", "scope").text();
  if (NAMESPACED_GROUPS.has(group ?? "")) return "Namespaced";
  return kind.startsWith("Cluster") ? "Cluster" : undefined;
}

/** Every kind of prometheus-operator is in a namespace. */
const NAMESPACED_GROUPS: ReadonlySet<string> = new Set(["monitoring.coreos.com"]);
