import type * as pulumi from "@pulumi/pulumi";
import { ROLE_ANNOTATION } from "../cluster/service-account-role.ts";
import type { KubernetesObject, KubernetesObjects } from "../kubernetes/model.ts";

/** How the pods of Thanos get into an S3 bucket: what must be there before they start, and the roles by the name of the service account. */
export interface ObjectStorageAccess {
  readonly after: readonly pulumi.Resource[];
  /** ARNs that service accounts are annotated with. Default: none, as with EKS Pod Identity. */
  readonly roles?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** The objects, with the role that its pods assume in AWS on each service account that has one. */
export function withRole(
  objects: KubernetesObjects,
  roles: ObjectStorageAccess["roles"] = {},
): KubernetesObjects {
  return Object.fromEntries(
    Object.entries(objects).map(([key, object]) => {
      const role = object.kind === "ServiceAccount" ? roles[object.metadata?.name ?? ""] : undefined;
      if (role === undefined) return [key, object];
      const metadata = { ...object.metadata, annotations: { [ROLE_ANNOTATION]: role } };
      return [key, { ...object, metadata } as KubernetesObject];
    }),
  );
}
