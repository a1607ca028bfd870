import type { Claim, Member, VolumeGoal, VolumeState } from "./state.ts";

/** What is done next: one request to the API server, or waiting for what others do. Sizes are bytes. */
export type Step =
  | { readonly kind: "request-claim"; readonly claim: string; readonly from: number; readonly to: number }
  | { readonly kind: "await-claim"; readonly claim: string; readonly to: number }
  | { readonly kind: "restart-pod"; readonly pod: string; readonly claim: string }
  | { readonly kind: "await-members" }
  | { readonly kind: "pause"; readonly size: number; readonly retentionSize?: string }
  | { readonly kind: "keep-manifest"; readonly size: number }
  | { readonly kind: "delete-stateful-set" }
  | { readonly kind: "await-deletion" }
  | { readonly kind: "create-stateful-set" }
  | { readonly kind: "resume" }
  | { readonly kind: "await-stateful-set" }
  | { readonly kind: "discard-manifest" }
  | { readonly kind: "set-retention"; readonly retentionSize: string };

/** A kubelet that can grow a mounted file system does so within seconds; after this long, in milliseconds, its pod must start again. */
export const PATIENCE_WITH_FILE_SYSTEMS = 3 * 60_000;

/**
 * What to do next, from what is in the cluster and nothing else, so that an interrupted command goes on where it stopped. Undefined:
 * claims, StatefulSet, resource and `retentionSize` have the size.
 *
 * - Claims first, one after the other: a template or a `retentionSize` never promises what a disk does not have yet.
 * - The operator would delete a StatefulSet whose template changes, with all its pods at once. So it is paused in the same request that
 *   changes the resource, the StatefulSet is deleted without its pods, and the operator creates the new one, which adopts them.
 * - Grafana's StatefulSet has no operator: its manifest is kept in a ConfigMap until the new one exists.
 * - What was begun for another size is ended first.
 *
 * @param now in Unix milliseconds.
 */
export function nextStep(state: VolumeState, goal: VolumeGoal, now: number): Step | undefined {
  const { resource, kept } = state;
  if (resource?.paused === "by this command") return stepWhilePaused(state, resource.size);
  if (kept !== undefined) return stepWithManifest(state, kept);
  return stepOfClaims(state, goal, now) ?? stepOfTemplate(state, goal);
}

function stepWhilePaused({ statefulSet }: VolumeState, size: number): Step {
  if (statefulSet === undefined || (statefulSet.size === size && !statefulSet.deleting))
    return { kind: "resume" };
  return statefulSet.deleting ? { kind: "await-deletion" } : { kind: "delete-stateful-set" };
}

function stepWithManifest({ statefulSet }: VolumeState, kept: NonNullable<VolumeState["kept"]>): Step {
  if (statefulSet === undefined) return { kind: "create-stateful-set" };
  if (statefulSet.deleting) return { kind: "await-deletion" };
  if (statefulSet.uid !== kept.uid) return { kind: "discard-manifest" };
  // Changed since by a deployment: what is created again must be what was there last.
  if (statefulSet.generation !== kept.generation) return { kind: "keep-manifest", size: kept.size };
  return { kind: "delete-stateful-set" };
}

function stepOfClaims(state: VolumeState, { size }: VolumeGoal, now: number): Step | undefined {
  for (const claim of [...state.claims].sort((a, b) => a.ordinal - b.ordinal)) {
    const { name, requested, infeasible } = claim;
    const tooMuch = requested > size && infeasible;
    if (requested < size || tooMuch) return { kind: "request-claim", claim: name, from: requested, to: size };
    if (isReached(claim, state.replicas, size)) continue;
    return stepOfGrowingClaim(claim, state.members, size, now);
  }
  return undefined;
}

/** A claim without a pod has its new size when the driver has: its file system grows when a pod mounts it. */
function isReached(claim: Claim, replicas: number, size: number): boolean {
  return claim.capacity >= size || (claim.ordinal >= replicas && claim.fileSystemPendingSince !== undefined);
}

function stepOfGrowingClaim(claim: Claim, members: readonly Member[], size: number, now: number): Step {
  const { name, ordinal, fileSystemPendingSince: since } = claim;
  const waiting: Step = { kind: "await-claim", claim: name, to: size };
  if (since === undefined || now - since < PATIENCE_WITH_FILE_SYSTEMS) return waiting;
  const pod = members.find((member) => member.name.endsWith(`-${ordinal}`));
  // One that started since then is mounting the volume.
  if (pod?.started === undefined || pod.started > since) return waiting;
  return members.every(({ ready }) => ready)
    ? { kind: "restart-pod", pod: pod.name, claim: name }
    : { kind: "await-members" };
}

function stepOfTemplate(state: VolumeState, { size, retentionSize }: VolumeGoal): Step | undefined {
  const { statefulSet, resource } = state;
  const agrees = statefulSet?.size === size && (resource === undefined || resource.size === size);
  if (agrees && statefulSet.settled) {
    if (retentionSize !== undefined && resource?.retentionSize !== retentionSize)
      return { kind: "set-retention", retentionSize };
    return undefined;
  }
  // The operator, or who else deletes it, is at work.
  if (agrees || statefulSet === undefined || statefulSet.deleting) return { kind: "await-stateful-set" };
  if (!statefulSet.settled) return { kind: "await-members" };
  if (resource === undefined) return { kind: "keep-manifest", size };
  return { kind: "pause", size, ...(retentionSize !== undefined && { retentionSize }) };
}
