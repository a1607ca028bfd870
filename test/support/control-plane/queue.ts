import type { KubernetesObject } from "./api.ts";

const LABELS = { app: "queue" };
/** A StatefulSet of a team, whose pods have these fields besides. */
export const queueWith = (pod: object): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name: "queue", namespace: "shop" },
  spec: {
    replicas: 3,
    serviceName: "queue",
    selector: { matchLabels: LABELS },
    template: {
      metadata: { labels: LABELS },
      spec: { containers: [{ name: "main", image: "example.com/stand-in:1" }], ...pod },
    },
  },
});

/** Its budget, which lets so many pods be away. */
export const budgetWith = (maxUnavailable: number): KubernetesObject => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "queue", namespace: "shop" },
  spec: { maxUnavailable, selector: { matchLabels: LABELS } },
});
