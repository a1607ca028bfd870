import type { Budget } from "../cluster/budget.ts";
import type { Pod } from "../cluster/pod.ts";

/** The field manager of every change of this command: it recognises by it what it began. */
export const FIELD_MANAGER = "bellwether-restart-rollout";

/** Kinds whose pods can be restarted, as the command line writes them. */
export const KINDS = {
  deployment: "Deployment",
  statefulset: "StatefulSet",
  daemonset: "DaemonSet",
} as const;

type Kind = (typeof KINDS)[keyof typeof KINDS];

/** What names a workload. */
export interface Named {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
}

/** A restart that this command began. */
export interface Begun {
  /** In Unix milliseconds, by the clock of the machine that began it. */
  readonly at: number;
  /** The uids of the pods that are to go. Undefined: its controller replaces all, because the template has changed. */
  readonly pods?: readonly string[];
}

/** A pod of a workload. */
export interface Member extends Pod {
  /** Whether it is of the newest revision of the template. */
  readonly newest: boolean;
}

/** A Deployment, StatefulSet or DaemonSet as it is in the cluster. Numbers are pods. */
export interface Workload extends Named {
  readonly desired: number;
  readonly updated: number;
  /** How many exist, of every revision. */
  readonly total: number;
  readonly available: number;
  /** Whether its controller has seen the newest specification. */
  readonly observed: boolean;
  /**
   * How its pods are replaced: by its controller when the template changes, or by evicting them, where the template belongs to another
   * program or the controller leaves pods alone (`OnDelete`).
   */
  readonly replacement: "by its controller" | "by eviction";
  /** How many pods its controller takes away at the same time at most. */
  readonly awayAtMost: number;
  /** What its template belongs to, such as the Prometheus resource that the operator makes it from. */
  readonly owner?: string;
  /** Why a restart would not reach every pod: `paused`, or the partition of a StatefulSet. */
  readonly held?: "paused" | "partition";
  /** Why its controller says that it does not get on. */
  readonly failing?: string;
  readonly begun?: Begun;
  readonly members: readonly Member[];
  /** Those that guard its pods. */
  readonly budgets: readonly Budget[];
}

/** Whether every pod is of the newest revision and available, and none is left over. */
export function isSettled({ observed, desired, updated, total, available, members }: Workload): boolean {
  return (
    observed &&
    updated >= desired &&
    total === updated &&
    available >= desired &&
    members.every(({ deleting, ready, finished }) => !deleting && (ready || finished))
  );
}
