import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { judge } from "../violation.ts";
import { isObject } from "./recommended-labels.ts";

/** Kinds that belong to no namespace. */
const CLUSTER_KINDS = new Set([
  "APIService",
  "ClusterRole",
  "ClusterRoleBinding",
  "CSIDriver",
  "CustomResourceDefinition",
  "IngressClass",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "RuntimeClass",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
]);

export const noDefaultNamespace: ResourcePolicy = {
  id: "no-default-namespace",
  area: "stack",
  scope: "resource",
  title: "No object is in the namespace default.",
  why: "This namespace has no quota, no pod security level and no network policy of this platform, and objects of different owners mix there.",
  fix: "set metadata.namespace to the namespace that the object belongs to",
  severity: "medium",
  levels: ALWAYS,
  check: ({ type, properties }) =>
    judge(() => {
      const kind = type.split(":")[2] ?? "";
      if (!isObject(type) || CLUSTER_KINDS.has(kind)) return undefined;
      const namespace = properties.at("metadata", "namespace");
      const elsewhere = namespace.exists && !(namespace.known && namespace.is("default"));
      return elsewhere ? undefined : "the object is in the namespace default";
    }),
};
