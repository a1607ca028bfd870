/** The field manager of every change that this command makes: it recognises by it what it began. */
export const FIELD_MANAGER = "bellwether-grow-volumes";

/** A claim of one of a program's pods. Sizes are bytes. */
export interface Claim {
  readonly name: string;
  /** The number of its pod. */
  readonly ordinal: number;
  readonly requested: number;
  /** The size of the file system; 0 while there is no volume. */
  readonly capacity: number;
  readonly storageClass: string;
  /** Whether the driver has a larger volume ready and the file system is not larger yet: since then, in Unix milliseconds. */
  readonly fileSystemPendingSince?: number;
  /** Whether the driver reports that it cannot provide the size. */
  readonly infeasible: boolean;
}

/** A pod of a program. */
export interface Member {
  readonly name: string;
  readonly ready: boolean;
  /** When its kubelet accepted it, in Unix milliseconds; undefined before that. */
  readonly started?: number;
}

/** A StatefulSet. Its size is that of its claim template, in bytes. */
export interface StatefulSetState {
  readonly uid: string;
  readonly generation: number;
  readonly size: number;
  /** Whether every pod is ready and of the newest revision. */
  readonly settled: boolean;
  readonly deleting: boolean;
}

/** The resource that the operator makes the StatefulSet from. */
export interface OperatedState {
  readonly size: number;
  readonly retentionSize?: string;
  /** Whether the operator leaves it alone, and at whose wish. */
  readonly paused: "no" | "by this command" | "by others";
}

/** A StatefulSet's manifest that this command has put aside, to create it again. */
export interface KeptManifest {
  /** Of the StatefulSet that it was read from. */
  readonly uid: string;
  readonly generation: number;
  /** Of the claim template in it, in bytes. */
  readonly size: number;
}

/** What is in the cluster of one program and its volumes. */
export interface VolumeState {
  /** The number of pods that there should be. */
  readonly replicas: number;
  readonly claims: readonly Claim[];
  readonly members: readonly Member[];
  /** Undefined while there is none. */
  readonly statefulSet?: StatefulSetState;
  /** Undefined for a program that the operator does not run. */
  readonly resource?: OperatedState;
  readonly kept?: KeptManifest;
}

/** What there should be. */
export interface VolumeGoal {
  /** Bytes. */
  readonly size: number;
  readonly retentionSize?: string;
}
