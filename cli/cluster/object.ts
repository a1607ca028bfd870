import { bytesOf } from "./quantity.ts";

/** A Kubernetes object, with the fields that the commands read. */
export interface ClusterObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly deletionTimestamp?: string;
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

/** What is at a path; undefined where there is no such field. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner === null || typeof inner !== "object" ? undefined : (inner as Fields)[key]),
    value,
  );
}
