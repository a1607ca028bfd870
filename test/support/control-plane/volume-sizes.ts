import { DEFAULT_NAMESPACES } from "../../../components/workloads/model.ts";
import { VOLUME_OWNERS, volumeOwner } from "../../../components/workloads/volumes.ts";
import type { ApiClient, KubernetesObject } from "./api.ts";
import { MONITORING } from "./platform.ts";

/** What a cluster has, and promises, of the volumes of one program. */
export interface VolumeSizes {
  /** The capacity of each claim. */
  readonly claims: readonly string[];
  readonly statefulSet: string | undefined;
  readonly resource: string | undefined;
  readonly paused: boolean | undefined;
  readonly retentionSize: string | undefined;
}

interface ClaimSpec {
  readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
}

interface StatefulSet extends KubernetesObject {
  readonly spec: { readonly volumeClaimTemplates: readonly ClaimSpec[] };
}

interface Resource extends KubernetesObject {
  readonly spec: {
    readonly paused?: boolean;
    readonly retentionSize?: string;
    readonly storage: { readonly volumeClaimTemplate: ClaimSpec };
  };
}

interface Claim extends KubernetesObject {
  readonly status: { readonly capacity: { readonly storage: string } };
}

export type Program = keyof typeof VOLUME_OWNERS;
export const PROGRAMS = Object.keys(VOLUME_OWNERS) as readonly Program[];

export async function volumeSizes(api: ApiClient, program: Program): Promise<VolumeSizes> {
  const {
    statefulSet,
    claimTemplate,
    namespace,
    resource: reference,
  } = volumeOwner(program, DEFAULT_NAMESPACES);
  const set = await api.get<StatefulSet>({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    name: statefulSet,
    namespace,
  });
  const all = await api.list<Claim>({ apiVersion: "v1", kind: "PersistentVolumeClaim", namespace });
  const claims = all.filter(({ metadata }) => metadata.name.startsWith(`${claimTemplate}-${statefulSet}-`));
  const resource =
    reference &&
    (await api.get<Resource>({ apiVersion: "monitoring.coreos.com/v1", ...reference, namespace }));
  const spec = resource?.spec;
  return {
    claims: claims.map(({ status }) => status.capacity.storage),
    statefulSet: set?.spec.volumeClaimTemplates[0]?.spec.resources.requests.storage,
    resource: spec?.storage.volumeClaimTemplate.spec.resources.requests.storage,
    paused: spec?.paused,
    retentionSize: spec?.retentionSize,
  };
}

/** The UIDs of the pods of a program. */
export async function podsOf(api: ApiClient, program: Program): Promise<readonly unknown[]> {
  const pods = await api.list({ apiVersion: "v1", kind: "Pod", namespace: MONITORING });
  const { statefulSet } = VOLUME_OWNERS[program];
  return pods
    .filter(({ metadata }) => metadata.name.replace(/-\d+$/, "") === statefulSet)
    .map(({ metadata }) => metadata["uid"]);
}
