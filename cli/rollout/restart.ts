import { setTimeout as sleep } from "node:timers/promises";
import type { RolloutCluster } from "./cluster.ts";
import type { Named, Workload } from "./state.ts";
import { isContinued, nextStep, type Step } from "./steps.ts";
import { progressInWords, stuckInWords } from "./words.ts";

/** Not every pod is replaced in time. The message says which, and why as far as Kubernetes reports it. */
export class NotRestarted extends Error {
  override readonly name = "NotRestarted";
}

/** What is read and changed; of the methods of a cluster those that this needs. */
type Rollouts = Pick<RolloutCluster, "read" | "perform">;

export interface RestartOptions {
  /** Called before each change, and with what is waited for whenever that changes. */
  readonly onProgress: (text: string) => void;
  /** Milliseconds until the whole restart is given up. */
  readonly patience: number;
  /** Milliseconds between two reads while it waits. Default: two seconds. */
  readonly interval?: number;
  /** Unix milliseconds. Default: the clock of this machine. */
  readonly clock?: () => number;
}

const INTERVAL = 2_000;

/**
 * Replaces every pod of a workload, step by step. Each step is chosen by what is in the cluster then, so that it may be interrupted
 * anywhere and called again: what was begun within a quarter of an hour is continued. Throws a NotRestarted where it takes too long.
 */
export async function restartRollout(
  cluster: Rollouts,
  named: Named,
  { onProgress, patience, interval = INTERVAL, clock = Date.now }: RestartOptions,
): Promise<void> {
  const started = clock();
  let hasBegun: boolean | undefined;
  let said = "";
  let heldPod: string | undefined;
  const say = (text: string) => {
    if (text !== said) onProgress(text);
    said = text;
  };
  for (;;) {
    const workload = await cluster.read(named);
    if (workload === undefined) throw new NotRestarted("it was deleted meanwhile");
    hasBegun ??= isContinued(workload, started);
    const step = nextStep(workload, hasBegun);
    if (step === undefined) return;
    if (clock() - started > patience) throw new NotRestarted(inTime(workload, patience));
    const isAskedAgain = step.kind === "evict" && step.pod.uid === heldPod;
    // While a budget holds a pod, that is said once.
    if (!isAskedAgain) say(progressInWords(step, workload));
    const parting = await cluster.perform(named, step, clock());
    heldPod = parting.kind === "held" && step.kind === "evict" ? step.pod.uid : undefined;
    if (parting.kind === "held") say(`wait: ${parting.reason}`);
    if (begins(step)) hasBegun = true;
    if (step.kind === "await" || parting.kind === "held") await sleep(interval);
  }
}

function begins({ kind }: Step): boolean {
  return kind === "change-template" || kind === "begin";
}

function inTime(workload: Workload, patience: number): string {
  const stuck = stuckInWords(workload);
  const minutes = Math.round(patience / 6_000) / 10;
  return [`not every pod is replaced after ${minutes} min:`, ...stuck.map((line) => `  ${line}`)].join("\n");
}
