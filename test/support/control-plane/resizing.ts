import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient, KubernetesObject } from "./api.ts";

interface Claim extends KubernetesObject {
  readonly spec: {
    readonly resources: { readonly requests: { readonly storage: string } };
    readonly volumeName?: string;
  };
  readonly status?: {
    readonly phase?: string;
    readonly capacity?: { readonly storage: string };
    readonly conditions?: readonly { readonly type: string }[];
  };
}

const CLAIMS = { apiVersion: "v1", kind: "PersistentVolumeClaim" };
const PENDING = "FileSystemResizePending";

/**
 * Simulates the resize controller of a CSI driver and the kubelet: a claim that asks for more than it has gets a larger volume, and a
 * moment later a larger file system, while its pod runs. What may ask is the real API server's to decide (`allowVolumeExpansion`).
 *
 * @returns what stops it.
 */
export function simulateResizing(api: ApiClient): () => Promise<void> {
  let stopped = false;
  const loop = async () => {
    while (!stopped) {
      await resizeClaims(api).catch(() => {});
      await sleep(250, undefined, { ref: false });
    }
  };
  const ended = loop();
  return async () => {
    stopped = true;
    await ended;
  };
}

async function resizeClaims(api: ApiClient): Promise<void> {
  for (const claim of await api.list<Claim>(CLAIMS)) {
    const { metadata, spec, status } = claim;
    const { storage } = spec.resources.requests;
    const has = status?.capacity?.storage;
    if (status?.phase !== "Bound" || has === undefined || has === storage) continue;
    // The items of a list do not say their kind.
    const reference = { ...CLAIMS, name: metadata.name, namespace: metadata.namespace ?? "" };
    if (status.conditions?.some(({ type }) => type === PENDING) === true) {
      await api.merge(reference, { status: { capacity: { storage }, conditions: [] } }, "/status");
      continue;
    }
    const volume = { apiVersion: "v1", kind: "PersistentVolume", name: spec.volumeName ?? "" };
    await api.merge(volume, { spec: { capacity: { storage } } });
    const lastTransitionTime = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    const conditions = [{ type: PENDING, status: "True", lastTransitionTime }];
    await api.merge(reference, { status: { conditions } }, "/status");
  }
}
