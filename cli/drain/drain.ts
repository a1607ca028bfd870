import { setTimeout as sleep } from "node:timers/promises";
import type { Pod } from "../cluster/pod.ts";
import type { DrainCluster } from "./cluster.ts";
import { serverProblems } from "./problems.ts";
import { type DrainState, keyOf } from "./state.ts";

/** Not every pod has left. The message says which are there, and what held the last one. */
export class NotDrained extends Error {
  override readonly name = "NotDrained";
}

/** What is read and changed; of the methods of a cluster those that this needs. */
type Drains = Pick<DrainCluster, "read" | "cordon" | "evict">;

export interface DrainOptions {
  /** Called before each change, and with what is waited for whenever that changes. */
  readonly onProgress: (text: string) => void;
  /** Milliseconds until the whole drain is given up. */
  readonly patience: number;
  /** Aborted by who wants it to stop. */
  readonly signal: AbortSignal;
  /** Milliseconds between two reads while it waits. Default: two seconds. */
  readonly interval?: number;
}

const INTERVAL = 2_000;

/**
 * Cordons a node and evicts its pods one after the other, each when its budget lets it go and the one before has left. What to do next
 * follows from what is in the cluster, so that it may be interrupted anywhere and called again. Throws a NotDrained where it takes too
 * long or is aborted. The node is still cordoned then: {@link giveUp}.
 */
export async function drain(
  cluster: Drains,
  name: string,
  { onProgress, patience, signal, interval = INTERVAL }: DrainOptions,
): Promise<void> {
  const started = Date.now();
  let said = "";
  let held: Held | undefined;
  const say = (text: string) => {
    if (text !== said) onProgress(text);
    said = text;
  };
  for (;;) {
    const state = await cluster.read(name);
    if (state === undefined) throw new NotDrained(`the node ${name} is gone`);
    if (signal.aborted) throw new NotDrained(unfinished("interrupted", state, held));
    if (Date.now() - started > patience) throw new NotDrained(unfinished("it takes too long", state, held));
    if (state.node.cordoned === "no") {
      say(`cordon ${name}`);
      await cluster.cordon(name, true);
      continue;
    }
    const next = nextPod(state);
    if (next === undefined) return;
    held = await leaveOrWait(cluster, next, held, say);
    if (held !== undefined) await sleep(interval, undefined, { signal }).catch(() => {});
  }
}

/** What the drain waits for. */
interface Held {
  readonly reason: string;
  /** The uid of the pod that a budget does not let go. */
  readonly pod?: string;
}

/** Evicts the next pod; what is waited for, if it may not leave yet. */
async function leaveOrWait(
  cluster: Drains,
  next: Next,
  held: Held | undefined,
  say: (text: string) => void,
): Promise<Held | undefined> {
  if (next.kind === "wait") {
    say(`wait: ${next.reason}`);
    return { reason: next.reason };
  }
  // Asked again and again while its budget holds it: that is said once.
  if (held?.pod !== next.pod.uid) say(`evict ${keyOf(next.pod)}`);
  const parting = await cluster.evict(next.pod);
  if (parting.kind === "going") return undefined;
  say(`wait: ${parting.reason}`);
  return { reason: `${keyOf(next.pod)}: ${parting.reason}`, pod: next.pod.uid };
}

type Next =
  | { readonly kind: "leave"; readonly pod: Pod }
  /** What must happen before another pod leaves. */
  | { readonly kind: "wait"; readonly reason: string };

/** The pod that leaves next, or what is waited for; undefined where all have left. */
function nextPod(state: DrainState): Next | undefined {
  const going = state.leaving.find(({ deleting }) => deleting);
  if (going) return { kind: "wait", reason: `${keyOf(going)} ends` };
  const left = state.leaving.map((pod) => ({ pod, problems: serverProblems(pod, state) }));
  const free = left.find(({ problems }) => problems.length === 0);
  if (free) return { kind: "leave", pod: free.pod };
  const [first] = left;
  if (first === undefined) return undefined;
  return {
    kind: "wait",
    reason: `${keyOf(first.pod)}: ${first.problems.map(({ found }) => found).join(", ")}`,
  };
}

function unfinished(why: string, { leaving }: DrainState, held: Held | undefined): string {
  const left = leaving.map(keyOf).join(", ");
  return `${why}. Still there: ${left || "no pod"}${held === undefined ? "" : `. ${held.reason}`}`;
}

/**
 * Lets pods start on the node again, if this command has cordoned it. What becomes of the node, as a sentence; it never rejects, because
 * it is called after something else has gone wrong.
 */
export async function giveUp(cluster: Drains, name: string): Promise<string> {
  try {
    const state = await cluster.read(name);
    if (state === undefined) return "";
    if (state.node.cordoned === "by others") return `${name} stays cordoned, as it was before.`;
    if (state.node.cordoned === "by this command") await cluster.cordon(name, false);
    return `${name} takes pods again.`;
  } catch (error) {
    return `${name} may still be cordoned (${(error as Error).message}): kubectl uncordon ${name}`;
  }
}
