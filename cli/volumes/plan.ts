import type { VolumeGoal, VolumeState } from "./state.ts";
import { nextStep, type Step } from "./steps.ts";

/**
 * Every step that is left, in order, if others do what is expected of them: drivers grow what they are asked to, the operator creates
 * the StatefulSet that is missing, pods become ready.
 */
export function planOf(state: VolumeState, goal: VolumeGoal): readonly Step[] {
  const steps: Step[] = [];
  let expected = state;
  // Far more than any number of pods needs: a plan without an end is a defect.
  while (steps.length < 1000) {
    const step = nextStep(expected, goal, 0);
    if (step === undefined) return steps;
    steps.push(step);
    expected = expectedAfter(expected, step, goal);
  }
  throw new Error(`the plan has no end: ${JSON.stringify({ state, goal })}`);
}

/** What is expected to be in the cluster once a step is done. */
function expectedAfter(state: VolumeState, step: Step, goal: VolumeGoal): VolumeState {
  const { resource, statefulSet } = state;
  const claims = (change: object, name: string) =>
    state.claims.map((claim) => (claim.name === name ? { ...claim, ...change } : claim));
  switch (step.kind) {
    case "request-claim":
      return { ...state, claims: claims({ requested: step.to, infeasible: false }, step.claim) };
    case "await-claim":
      return { ...state, claims: claims({ capacity: step.to }, step.claim) };
    case "restart-pod":
      return { ...state, claims: claims({ capacity: goal.size }, step.claim) };
    case "await-members":
      return {
        ...state,
        members: state.members.map((member) => ({ ...member, ready: true })),
        ...(statefulSet && { statefulSet: { ...statefulSet, settled: true } }),
      };
    case "pause":
      return { ...state, resource: pausedAt(step) };
    case "set-retention":
      return resource ? { ...state, resource: { ...resource, retentionSize: step.retentionSize } } : state;
    case "keep-manifest": {
      const { uid = "", generation = 0 } = statefulSet ?? {};
      return { ...state, kept: { uid, generation, size: step.size } };
    }
    case "delete-stateful-set":
      return statefulSet ? { ...state, statefulSet: { ...statefulSet, deleting: true } } : state;
    case "await-deletion":
      return without(state, "statefulSet");
    case "create-stateful-set":
      return { ...state, statefulSet: created(state.kept?.size ?? goal.size) };
    case "resume":
      return { ...state, ...(resource && { resource: { ...resource, paused: "no" } }) };
    case "await-stateful-set":
      return { ...state, statefulSet: { ...created(resource?.size ?? goal.size), settled: true } };
    case "discard-manifest":
      return without(state, "kept");
  }
}

function pausedAt({ size, retentionSize }: { readonly size: number; readonly retentionSize?: string }) {
  const paused = "by this command" as const;
  return { size, paused, ...(retentionSize !== undefined && { retentionSize }) };
}

function created(size: number) {
  return { uid: "of the new one", generation: 1, size, settled: false, deleting: false };
}

function without<Field extends "statefulSet" | "kept">(state: VolumeState, field: Field): VolumeState {
  const { [field]: _, ...rest } = state;
  return rest as VolumeState;
}
