import type { Problem } from "../../components/core/problems.ts";
import type { VolumeOwner } from "../../components/workloads/volumes.ts";
import { inBinaryUnits } from "../cluster/quantity.ts";
import type { Claim, VolumeGoal, VolumeState } from "./state.ts";

/** One program, what is in the cluster of it, and what there should be. */
export interface Wanted {
  readonly owner: VolumeOwner;
  /** The field of the environment that states the size. */
  readonly path: string;
  readonly goal: VolumeGoal;
  readonly state: VolumeState;
}

/**
 * Why the volumes of a program cannot have the size, all at once: nothing is changed then.
 *
 * @param expandable by name, whether a storage class allows that claims grow.
 */
export function volumeProblems(wanted: Wanted, expandable: ReadonlyMap<string, boolean>): readonly Problem[] {
  return [
    ...wanted.state.claims.flatMap((claim) => claimProblems(claim, wanted)),
    ...storageClassProblems(wanted, expandable),
    ...objectProblems(wanted),
  ];
}

function claimProblems(claim: Claim, { path, goal, state }: Wanted): readonly Problem[] {
  const { name, requested, capacity, infeasible, ordinal } = claim;
  const asked = inBinaryUnits(requested);
  const wanted = inBinaryUnits(goal.size);
  const isUsed = ordinal < state.replicas;
  if (capacity === 0)
    return [
      {
        path: `claim ${name}`,
        found: "no volume",
        allowed: "a claim that is bound to a volume",
        fix: "find out what its pod waits for, with: kubectl describe, then run this command again",
      },
    ];
  // What no pod uses may be larger than what they need.
  if (requested <= goal.size || !isUsed) return [];
  if (capacity >= goal.size)
    return [
      {
        path,
        found: `${wanted}, while the claim ${name} has ${asked}`,
        allowed: `${asked} or more: Kubernetes cannot shrink a volume`,
        fix: `write ${asked}; for a smaller volume, replace the claims: docs/how-to/grow-volumes.md`,
      },
    ];
  if (infeasible) return [];
  return [
    {
      path,
      found: `${wanted}, while the claim ${name} is growing from ${inBinaryUnits(capacity)} to ${asked}`,
      allowed: `${asked} or more`,
      fix: `write ${asked}, and run this command again`,
    },
  ];
}

function storageClassProblems(
  { state, goal }: Wanted,
  expandable: ReadonlyMap<string, boolean>,
): readonly Problem[] {
  const growing = state.claims.filter(({ requested }) => requested < goal.size);
  const classes = [...new Set(growing.map(({ storageClass }) => storageClass))];
  return classes
    .filter((name) => expandable.get(name) !== true)
    .map((name) => ({
      path: `storage class ${name}`,
      found: expandable.has(name) ? "no allowVolumeExpansion: true" : "no such storage class",
      allowed: `a class that allows expansion, for ${growing.map((claim) => claim.name).join(", ")}`,
      fix: "set allowVolumeExpansion: true in the class if its driver can resize volumes; else replace the claims: docs/how-to/grow-volumes.md",
    }));
}

function objectProblems({ owner, state }: Wanted): readonly Problem[] {
  const { resource, namespace, statefulSet } = owner as VolumeOwner & { readonly statefulSet: string };
  if (resource !== undefined && state.resource === undefined)
    return [
      {
        path: `${resource.kind} ${namespace}/${resource.name}`,
        found: "nothing",
        allowed: "a platform that is deployed",
        fix: "run pulumi up first: it creates volumes of the stated size",
      },
    ];
  if (state.resource?.paused === "by others")
    return [
      {
        path: `${resource?.kind} ${namespace}/${resource?.name}`,
        found: "spec.paused: true, which another program or person has set",
        allowed: "a resource that the operator reconciles",
        fix: "remove spec.paused, or ask who has set it (kubectl get --show-managed-fields), then run this command again",
      },
    ];
  if (resource === undefined && state.statefulSet === undefined && state.kept === undefined)
    return [
      {
        path: `StatefulSet ${namespace}/${statefulSet}`,
        found: "nothing",
        allowed: "a platform that is deployed",
        fix: "run pulumi up first; with pulumi up --refresh it also creates one that was deleted",
      },
    ];
  return [];
}
