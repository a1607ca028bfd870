import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject, KubernetesObjects } from "./model.ts";

type ObjectClass = new (
  name: string,
  args: never,
  opts?: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

// The provider's typed class per kind. Everything else that has a group of its own is a custom resource.
const CLASSES: Readonly<Record<string, ObjectClass>> = {
  "v1/Namespace": kubernetes.core.v1.Namespace,
  "v1/ServiceAccount": kubernetes.core.v1.ServiceAccount,
  "v1/ConfigMap": kubernetes.core.v1.ConfigMap,
  "v1/Secret": kubernetes.core.v1.Secret,
  "v1/Service": kubernetes.core.v1.Service,
  "v1/PersistentVolumeClaim": kubernetes.core.v1.PersistentVolumeClaim,
  "apps/v1/Deployment": kubernetes.apps.v1.Deployment,
  "apps/v1/DaemonSet": kubernetes.apps.v1.DaemonSet,
  "apps/v1/StatefulSet": kubernetes.apps.v1.StatefulSet,
  "policy/v1/PodDisruptionBudget": kubernetes.policy.v1.PodDisruptionBudget,
  "networking.k8s.io/v1/NetworkPolicy": kubernetes.networking.v1.NetworkPolicy,
  "rbac.authorization.k8s.io/v1/ClusterRole": kubernetes.rbac.v1.ClusterRole,
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": kubernetes.rbac.v1.ClusterRoleBinding,
  "rbac.authorization.k8s.io/v1/Role": kubernetes.rbac.v1.Role,
  "rbac.authorization.k8s.io/v1/RoleBinding": kubernetes.rbac.v1.RoleBinding,
  "scheduling.k8s.io/v1/PriorityClass": kubernetes.scheduling.v1.PriorityClass,
  "storage.k8s.io/v1/StorageClass": kubernetes.storage.v1.StorageClass,
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy":
    kubernetes.admissionregistration.v1.ValidatingAdmissionPolicy,
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding":
    kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding,
};

/**
 * Registers one rendered object under its logical name. Typed classes await readiness and diff by field; a custom resource
 * does neither, so `CustomResource` is only for the kinds that have no class.
 */
export function createObject(
  name: string,
  object: KubernetesObject,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const Class = CLASSES[`${object.apiVersion}/${object.kind}`];
  if (Class !== undefined) return new Class(name, object as never, opts);
  if (!object.apiVersion.includes("."))
    throw new Error(
      `${object.apiVersion}/${object.kind} is a built-in kind without a class in components/kubernetes`,
    );
  return new kubernetes.apiextensions.CustomResource(name, object as never, opts);
}

/** Registers objects as `${name}-${role}`, in the order of their roles; returns them by role. */
export function createObjects<Objects extends KubernetesObjects>(
  name: string,
  objects: Objects,
  opts: pulumi.CustomResourceOptions,
): { readonly [Role in keyof Objects]: pulumi.CustomResource } {
  return Object.fromEntries(
    Object.entries(objects).map(([role, object]) => [role, createObject(`${name}-${role}`, object, opts)]),
  ) as { readonly [Role in keyof Objects]: pulumi.CustomResource };
}

/**
 * The name that the provider gave an object that is registered without one: its logical name and random characters. It exists only
 * after the object does, and changes whenever the object is replaced.
 */
export function generatedName(object: pulumi.CustomResource): pulumi.Output<string> {
  // The id of an object in a namespace is `namespace/name`.
  return object.id.apply((id) => id.slice(id.lastIndexOf("/") + 1));
}

/** Adds to what `dependsOn` already holds, without losing it. */
export function after(
  opts: pulumi.CustomResourceOptions,
  ...resources: pulumi.Resource[]
): pulumi.CustomResourceOptions {
  return pulumi.mergeOptions(opts, { dependsOn: resources });
}
