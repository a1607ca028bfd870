import type { VolumeOwner } from "../../components/workloads/volumes.ts";
import { at, type ClusterObject, conditionOf, isManagedBy, numberAt, quantityAt } from "../cluster/object.ts";
import { keptManifest, templateSize } from "./manifest.ts";
import type { Claim, Member, OperatedState, StatefulSetState, VolumeState } from "./state.ts";
import { FIELD_MANAGER } from "./state.ts";

/** The state of one program, from the objects of its namespace and the ConfigMap with its manifest, if there is one. */
export function stateOf(
  owner: VolumeOwner,
  objects: readonly ClusterObject[],
  keptMap: ClusterObject | undefined,
): VolumeState {
  const find = (kind: string, name: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);
  const set = find("StatefulSet", owner.statefulSet);
  const resource = owner.resource && find(owner.resource.kind, owner.resource.name);
  const kept = keptMap && keptManifest(keptMap, owner);
  return {
    replicas: numberAt(resource ?? set, 1, "spec", "replicas"),
    claims: claimsOf(owner, objects),
    members: membersOf(owner, objects),
    ...(set && { statefulSet: statefulSetState(set, owner.claimTemplate) }),
    ...(resource && { resource: operatedState(resource) }),
    ...(kept && { kept }),
  };
}

function claimsOf(owner: VolumeOwner, objects: readonly ClusterObject[]): readonly Claim[] {
  return objects
    .filter(({ kind }) => kind === "PersistentVolumeClaim")
    .flatMap((claim) => {
      const ordinal = ordinalIn(claim.metadata.name, `${owner.claimTemplate}-${owner.statefulSet}`);
      return ordinal === undefined ? [] : [claimOf(claim, ordinal)];
    });
}

function claimOf(claim: ClusterObject, ordinal: number): Claim {
  const pending = conditionOf(claim, "FileSystemResizePending");
  const resize = at(claim, "status", "allocatedResourceStatuses", "storage");
  return {
    name: claim.metadata.name,
    ordinal,
    requested: quantityAt(claim, "spec", "resources", "requests", "storage"),
    capacity: quantityAt(claim, "status", "capacity", "storage"),
    storageClass: String(at(claim, "spec", "storageClassName") ?? ""),
    ...(pending?.status === "True" && {
      fileSystemPendingSince: Date.parse(pending.lastTransitionTime ?? "") || 0,
    }),
    infeasible: typeof resize === "string" && resize.endsWith("Infeasible"),
  };
}

function membersOf(owner: VolumeOwner, objects: readonly ClusterObject[]): readonly Member[] {
  return objects
    .filter(
      ({ kind, metadata }) => kind === "Pod" && ordinalIn(metadata.name, owner.statefulSet) !== undefined,
    )
    .map((pod) => {
      const started = Date.parse(String(at(pod, "status", "startTime") ?? ""));
      return {
        name: pod.metadata.name,
        ready: pod.metadata.deletionTimestamp === undefined && conditionOf(pod, "Ready")?.status === "True",
        ...(!Number.isNaN(started) && { started }),
      };
    });
}

/** `data-grafana` and `data-grafana-0` → 0. */
function ordinalIn(name: string, prefix: string): number | undefined {
  const rest = name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1) : "";
  return /^\d+$/.test(rest) ? Number(rest) : undefined;
}

function statefulSetState(set: ClusterObject, claimTemplate: string): StatefulSetState {
  const { uid = "", generation = 0, deletionTimestamp } = set.metadata;
  const replicas = numberAt(set, 1, "spec", "replicas");
  const status = (field: string) => numberAt(set, 0, "status", field);
  return {
    uid,
    generation,
    size: templateSize(set, claimTemplate),
    settled:
      status("observedGeneration") >= generation &&
      status("readyReplicas") === replicas &&
      status("updatedReplicas") === replicas,
    deleting: deletionTimestamp !== undefined,
  };
}

const CLAIM_TEMPLATE = ["spec", "storage", "volumeClaimTemplate", "spec"] as const;

function operatedState(resource: ClusterObject): OperatedState {
  const retentionSize = at(resource, "spec", "retentionSize");
  return {
    size: quantityAt(resource, ...CLAIM_TEMPLATE, "resources", "requests", "storage"),
    ...(typeof retentionSize === "string" && { retentionSize }),
    paused:
      at(resource, "spec", "paused") !== true
        ? "no"
        : isManagedBy(resource, FIELD_MANAGER, "spec", "paused")
          ? "by this command"
          : "by others",
  };
}
