import type { Budget } from "../cluster/budget.ts";
import type { Pod } from "../cluster/pod.ts";

/** The field manager of every change of this command: it recognises by it what it began. */
export const FIELD_MANAGER = "bellwether-drain";

/** A node, as far as pods can go there. */
export interface ClusterNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ready: boolean;
  /** Whether it takes no new pods, and at whose wish. */
  readonly cordoned: "no" | "by this command" | "by others";
}

/** A server of the platform whose members stand in for each other. */
export interface Server {
  readonly title: string;
  readonly namespace: string;
  readonly statefulSet: string;
  /** How many members must be ready while one is away. */
  readonly needed: number;
  readonly replicas: number;
  readonly members: readonly Pod[];
}

/** A node with its pods, and what decides whether they may leave it. */
export interface DrainState {
  readonly node: ClusterNode;
  /** Those that are to leave: not those of DaemonSets and of the kubelet. */
  readonly leaving: readonly Pod[];
  readonly staying: readonly Pod[];
  readonly budgets: readonly Budget[];
  /** Nodes beside it that take new pods. */
  readonly others: readonly ClusterNode[];
  /** By `<namespace>/<pod>`, claims whose volume no other node that takes pods can have, with where it can be. */
  readonly bound: ReadonlyMap<string, string>;
  readonly servers: readonly Server[];
}

export function keyOf({ namespace, name }: Pod): string {
  return `${namespace}/${name}`;
}
