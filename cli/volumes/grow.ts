import { setTimeout as sleep } from "node:timers/promises";
import type { VolumeOwner } from "../../components/workloads/volumes.ts";
import type { VolumesCluster } from "./cluster.ts";
import type { VolumeGoal, VolumeState } from "./state.ts";
import { nextStep, type Step } from "./steps.ts";
import { stepInWords } from "./words.ts";

/** The volumes do not get the size: what is waited for does not happen. The message says what that is. */
export class NotFinished extends Error {
  override readonly name = "NotFinished";
}

/** What is read and changed; of the methods of a cluster those that this needs. */
type Volumes = Pick<VolumesCluster, "read" | "perform" | "warningAbout">;

export interface GrowOptions {
  readonly owner: VolumeOwner;
  readonly goal: VolumeGoal;
  /** Called before each step, and once for one that waits. */
  readonly onStep: (step: Step) => void;
  /** Milliseconds until a step that waits is given up. Default: half an hour; AWS may take minutes for a large volume. */
  readonly patience?: number;
  /** Milliseconds between two reads while a step waits. Default: two seconds. */
  readonly interval?: number;
}

const PATIENCE = 30 * 60_000;
const INTERVAL = 2_000;
/** Of the largest plan, a hundred times. Two programs that undo each other's changes must not go on for ever. */
const MOST_CHANGES = 1_000;

/**
 * Gives the volumes of a program a size, step by step, until nothing is left to do. Each step is chosen by what is in the cluster then,
 * so that it may be interrupted anywhere and called again. Throws a NotFinished where a step that waits takes too long.
 */
export async function growVolumes(cluster: Volumes, options: GrowOptions): Promise<void> {
  const { owner, goal, onStep } = options;
  for (let changes = 0; changes < MOST_CHANGES; changes++) {
    const step = await afterWaiting(cluster, options);
    if (step === undefined) return;
    onStep(step);
    await cluster.perform(owner, step);
  }
  throw new NotFinished(`another program undoes the changes to ${owner.statefulSet} (${goal.size} bytes)`);
}

/** Waits while the next step is to wait, and returns the one that changes something; undefined where none is left. */
async function afterWaiting(
  cluster: Volumes,
  { owner, goal, onStep, patience = PATIENCE, interval = INTERVAL }: GrowOptions,
): Promise<Step | undefined> {
  let waiting: { readonly text: string; readonly since: number } | undefined;
  for (;;) {
    const state = await cluster.read(owner);
    const step = nextStep(state, goal, Date.now());
    if (step === undefined || !step.kind.startsWith("await-")) return step;
    const text = stepInWords(step, owner);
    if (waiting?.text !== text) {
      waiting = { text, since: Date.now() };
      onStep(step);
    }
    if (isHopeless(state, step) || Date.now() - waiting.since > patience)
      throw new NotFinished(await reason(cluster, owner, step));
    await sleep(interval);
  }
}

function isHopeless({ claims }: VolumeState, step: Step): boolean {
  return (
    step.kind === "await-claim" && claims.some(({ name, infeasible }) => name === step.claim && infeasible)
  );
}

async function reason(cluster: Volumes, owner: VolumeOwner, step: Step): Promise<string> {
  const what = `not reached: ${stepInWords(step, owner)}`;
  if (step.kind !== "await-claim") return what;
  const warning = await cluster.warningAbout(step.claim, owner).catch(() => undefined);
  return warning === undefined ? what : `${what}. Kubernetes reports: ${warning}`;
}
