import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient, KubernetesObject, Reference } from "./api.ts";

interface Condition {
  readonly type: string;
  readonly status: string;
}

interface Conditioned extends KubernetesObject {
  readonly spec: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly { readonly state?: { readonly waiting?: object } }[];
  };
}

/**
 * Says of pods that they are ready when their node is back, as a kubelet does: Kubernetes takes every pod of a silent node for unready,
 * and KWOK calls a pod ready once in its life.
 *
 * @returns what stops it.
 */
export function reportPodsOfNodesThatAreBack(api: ApiClient): () => Promise<void> {
  let stopped = false;
  const loop = async () => {
    while (!stopped) {
      // The API server may be down for a while: that is what some tests are about.
      await report(api).catch(() => {});
      await sleep(1000, undefined, { ref: false });
    }
  };
  const ended = loop();
  return async () => {
    stopped = true;
    await ended;
  };
}

async function report(api: ApiClient): Promise<void> {
  const nodes = await api.list<Conditioned>({ apiVersion: "v1", kind: "Node" });
  const ready = new Set(nodes.filter((node) => is(node, "Ready")).map(({ metadata }) => metadata.name));
  const pods = await api.list<Conditioned>({ apiVersion: "v1", kind: "Pod" });
  for (const pod of pods) {
    const { metadata, spec, status } = pod;
    if (status?.phase !== "Running" || is(pod, "Ready") || !ready.has(spec.nodeName ?? "")) continue;
    // A container that waits for its restart is not ready, whatever its node says.
    if (status.containerStatuses?.some(({ state }) => state?.waiting !== undefined)) continue;
    const { name, namespace = "" } = metadata;
    const conditions = (status.conditions ?? []).map((condition) =>
      /^(Containers)?Ready$/.test(condition.type) ? { ...condition, status: "True" } : condition,
    );
    const reference: Reference = { apiVersion: "v1", kind: "Pod", name, namespace };
    await api.merge(reference, { status: { conditions } }, "/status");
  }
}

function is({ status }: Conditioned, type: string): boolean {
  return status?.conditions?.some((each) => each.type === type && each.status === "True") ?? false;
}
