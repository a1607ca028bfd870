import { isSettled, type Member, type Workload } from "./state.ts";

/** What is done next: one request to the API server, or waiting for what others do. */
export type Step =
  /** Changes the template, so that the controller replaces every pod. */
  | { readonly kind: "change-template" }
  /** Notes which pods are to go. */
  | { readonly kind: "begin"; readonly pods: readonly string[] }
  /** Deletes a pod that serves nothing: it is not ready. */
  | { readonly kind: "delete"; readonly pod: Member }
  | { readonly kind: "evict"; readonly pod: Member }
  | { readonly kind: "await" }
  /** Removes the note. */
  | { readonly kind: "end" };

/** A restart that was begun longer ago, in milliseconds, is not continued: another one begins. */
const CONTINUED_WITHIN = 15 * 60_000;

/** Whether a restart that this command began some time ago is not over, and recent enough to be continued. */
export function isContinued(workload: Workload, now: number): boolean {
  const { begun } = workload;
  if (begun === undefined || now - begun.at > CONTINUED_WITHIN) return false;
  return begun.pods !== undefined || !isSettled(workload);
}

/**
 * What to do next, from what is in the cluster. Undefined: every pod has been replaced and is available.
 *
 * @param hasBegun whether a restart is under way: one that this run began, or one that it continues.
 */
export function nextStep(workload: Workload, hasBegun: boolean): Step | undefined {
  return workload.replacement === "by its controller"
    ? stepOfController(workload, hasBegun)
    : stepOfEvictions(workload, hasBegun);
}

function stepOfController(workload: Workload, hasBegun: boolean): Step | undefined {
  if (!hasBegun) return { kind: "change-template" };
  if (isSettled(workload)) return undefined;
  // The controller of a StatefulSet may wait for a pod of an older revision that never becomes ready.
  const blocking =
    workload.kind === "StatefulSet" && workload.observed
      ? workload.members.find((member) => !member.newest && isBroken(member))
      : undefined;
  return blocking ? { kind: "delete", pod: blocking } : { kind: "await" };
}

function stepOfEvictions({ members, begun, desired }: Workload, hasBegun: boolean): Step | undefined {
  if (!hasBegun) return { kind: "begin", pods: members.map(({ uid }) => uid) };
  // Without the note, its last step is done.
  if (begun?.pods === undefined) return undefined;
  const left = members.filter(({ uid, deleting }) => begun.pods?.includes(uid) && !deleting);
  const broken = left.find(isBroken);
  if (broken) return { kind: "delete", pod: broken };
  const serving = members.filter(({ ready, deleting }) => ready && !deleting);
  if (serving.length < desired || members.some(({ deleting }) => deleting)) return { kind: "await" };
  const [next] = left;
  return next ? { kind: "evict", pod: next } : { kind: "end" };
}

/** A pod that is not ready and not on its way out: nothing is lost with it. */
function isBroken({ ready, deleting, finished }: Member): boolean {
  return !ready && !deleting && !finished;
}
