import { bytesOf } from "./quantity.ts";

/** A Kubernetes object, with the fields that the commands read. */
export interface ClusterObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly OwnerReference[];
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly ManagedFields[];
  };
  readonly spec?: Fields;
  readonly status?: Fields;
  readonly data?: Readonly<Record<string, string>>;
  readonly allowVolumeExpansion?: boolean;
  readonly [field: string]: unknown;
}

/** What made an object, such as the ReplicaSet of a pod. */
interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly fieldsV1?: Fields;
}

type Fields = { readonly [name: string]: unknown };

/** Bytes; 0 where there is no such field. */
export function quantityAt(object: ClusterObject, ...path: readonly string[]): number {
  const value = at(object, ...path);
  return value === undefined ? 0 : bytesOf(String(value));
}

/** A number, or another where there is none. */
export function numberAt(
  object: ClusterObject | undefined,
  otherwise: number,
  ...path: readonly string[]
): number {
  const value = at(object, ...path);
  return typeof value === "number" ? value : otherwise;
}

/** What controls an object: the one of its owners that replaces it. */
export function controllerOf({
  metadata: { ownerReferences = [] },
}: ClusterObject): OwnerReference | undefined {
  return ownerReferences.find(({ controller }) => controller === true);
}

/** Whether a field manager owns a field: the API server notes the manager of each field. */
export function isManagedBy(
  { metadata: { managedFields = [] } }: ClusterObject,
  fieldManager: string,
  ...path: readonly string[]
): boolean {
  return managedFields.some(
    ({ manager, fieldsV1 }) =>
      manager === fieldManager && at(fieldsV1, ...path.map((field) => `f:${field}`)) !== undefined,
  );
}

/** A condition of an object's status. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** A condition by its type; undefined where the object does not report it. */
export function conditionOf(object: ClusterObject, type: string): Condition | undefined {
  const conditions = (at(object, "status", "conditions") ?? []) as readonly Condition[];
  return conditions.find((condition) => condition.type === type);
}

/** What is at a path; undefined where there is no such field. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner === null || typeof inner !== "object" ? undefined : (inner as Fields)[key]),
    value,
  );
}
