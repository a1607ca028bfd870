import { type Namespaces, WORKLOADS } from "./model.ts";

/** A program of the platform whose data is on a volume for each of its pods, and what Kubernetes calls the objects. */
export interface VolumeOwner {
  /** For people. */
  readonly title: string;
  readonly namespace: string;
  readonly statefulSet: string;
  /** Name of its claim template: the claim of pod n is `<template>-<statefulSet>-<n>`. */
  readonly claimTemplate: string;
  /** The resource that the operator makes the StatefulSet from. Undefined: the program creates the StatefulSet itself. */
  readonly resource?: { readonly kind: "Prometheus" | "Alertmanager"; readonly name: string };
}

const { prometheus, alertmanager, grafana } = WORKLOADS;

/** All of them. The operator derives its names from that of the resource (prometheus-operator 0.94, pkg/prometheus and pkg/alertmanager). */
export const VOLUME_OWNERS = {
  prometheus: {
    title: "Prometheus",
    statefulSet: `prometheus-${prometheus.instance}`,
    claimTemplate: `prometheus-${prometheus.instance}-db`,
    resource: { kind: "Prometheus", name: prometheus.instance },
  },
  alertmanager: {
    title: "Alertmanager",
    statefulSet: `alertmanager-${alertmanager.instance}`,
    claimTemplate: `alertmanager-${alertmanager.instance}-db`,
    resource: { kind: "Alertmanager", name: alertmanager.instance },
  },
  grafana: {
    title: "Grafana",
    statefulSet: grafana.name,
    claimTemplate: "data",
  },
} as const satisfies Readonly<Record<string, Omit<VolumeOwner, "namespace">>>;

/** Most shards that a Prometheus has. */
export const MOST_SHARDS = 20;

/** The names of the StatefulSets that the operator makes of a Prometheus with shards (prometheus-operator 0.94): the first has no number. */
export function shardNames(shards: number): readonly string[] {
  const { statefulSet } = VOLUME_OWNERS.prometheus;
  return Array.from({ length: shards }, (_, shard) =>
    shard === 0 ? statefulSet : `${statefulSet}-shard-${shard}`,
  );
}

export type VolumeOwnerName = keyof typeof VOLUME_OWNERS;

/** One of them, in the namespaces of an environment. */
export function volumeOwner(name: VolumeOwnerName, { monitoring }: Namespaces): VolumeOwner {
  return { ...VOLUME_OWNERS[name], namespace: monitoring };
}

/**
 * The fields about a volume, which `pulumi up` sets when it creates the object and leaves alone afterwards (`ignoreChanges`). A claim
 * keeps its size when a template changes; what a changed template does is that the operator deletes the StatefulSet with all its pods,
 * that Pulumi replaces Grafana's, and that a `retentionSize` that was computed from the new size is larger than the disk. `bellwether
 * grow-volumes` changes the claims and then these fields: docs/how-to/grow-volumes.md.
 */
export const SET_ONCE = {
  prometheus: ["spec.storage", "spec.retentionSize"],
  alertmanager: ["spec.storage"],
  grafana: ["spec.volumeClaimTemplates"],
} as const satisfies Readonly<Record<VolumeOwnerName, readonly string[]>>;
