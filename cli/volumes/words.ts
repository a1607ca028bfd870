import type { VolumeOwner } from "../../components/workloads/volumes.ts";
import { inBinaryUnits } from "../cluster/quantity.ts";
import type { Wanted } from "./problems.ts";
import type { Step } from "./steps.ts";

/** A step as a sentence without its full stop. */
export function stepInWords(step: Step, { statefulSet, resource }: VolumeOwner): string {
  switch (step.kind) {
    case "request-claim":
      return `change the request of the claim ${step.claim} from ${inBinaryUnits(step.from)} to ${inBinaryUnits(step.to)}`;
    case "await-claim":
      return `wait until the file system of ${step.claim} has ${inBinaryUnits(step.to)}`;
    case "restart-pod":
      return `evict the pod ${step.pod}, because the driver grows the file system of ${step.claim} only when its pod starts`;
    case "await-members":
      return `wait until every pod of ${statefulSet} is ready`;
    case "pause":
      return `pause the operator for the ${resource?.kind} ${resource?.name}, and set ${[
        inBinaryUnits(step.size),
        ...(step.retentionSize === undefined ? [] : [`retentionSize ${step.retentionSize}`]),
      ].join(" and ")} in it`;
    case "set-retention":
      return `set retentionSize ${step.retentionSize}`;
    case "keep-manifest":
      return `keep the manifest of the StatefulSet ${statefulSet}, with ${inBinaryUnits(step.size)}, in a ConfigMap`;
    case "delete-stateful-set":
      return `delete the StatefulSet ${statefulSet} without its pods, which keep running`;
    case "await-deletion":
      return `wait until the StatefulSet ${statefulSet} is deleted`;
    case "create-stateful-set":
      return `create the StatefulSet ${statefulSet}, which adopts the pods`;
    case "resume":
      return "end the pause: the operator creates the StatefulSet, which adopts the pods";
    case "await-stateful-set":
      return `wait until the StatefulSet ${statefulSet} is there and every pod is ready`;
    case "discard-manifest":
      return "delete the ConfigMap with the manifest";
  }
}

/** A program, and the steps that are left for it. */
interface Planned extends Wanted {
  readonly steps: readonly Step[];
}

/** The steps of all programs, for a person who decides whether to do them. */
export function planInWords(plans: readonly Planned[], where: string): string {
  const blocks = plans.map(({ owner, goal, state, steps }) => {
    const sizes = state.claims.map(({ name, requested }) => `  ${name} has ${inBinaryUnits(requested)}`);
    const headline = `${owner.title}: ${inBinaryUnits(goal.size)} for each volume`;
    const todo =
      steps.length === 0
        ? ["  nothing to do"]
        : steps.map((step, index) => `  ${index + 1}. ${stepInWords(step, owner)}`);
    return [headline, ...sizes, ...todo].join("\n");
  });
  const notes = plans.some(({ steps }) => steps.length > 0) ? [NOTES] : [];
  return `${[where, ...blocks, ...notes].join("\n\n")}\n`;
}

const NOTES = [
  "No pod is deleted. If a driver grows a file system only when its pod starts, the pods restart one after the other.",
  "If this command is interrupted, run it again: it continues where it stopped.",
].join("\n");
