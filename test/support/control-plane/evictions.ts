import { until } from "../servers.ts";
import type { ApiClient, KubernetesObject } from "./api.ts";
import { MONITORING } from "./platform.ts";

export interface RunningPod extends KubernetesObject {
  readonly spec: { readonly nodeName: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** The pods of the pair and of Alertmanager's cluster. */
export async function monitoringPods(api: ApiClient): Promise<readonly RunningPod[]> {
  const pods = await api.list<RunningPod>({ apiVersion: "v1", kind: "Pod", namespace: MONITORING });
  return pods.filter(({ metadata }) => /^(prometheus-prometheus|alertmanager-main)-\d$/.test(metadata.name));
}

export function isReady({ status }: RunningPod): boolean {
  return status?.conditions?.some(({ type, status: holds }) => type === "Ready" && holds === "True") ?? false;
}

/** Lets no pod start on a node, or lets them again. */
export async function cordon(api: ApiClient, node: string, unschedulable: boolean): Promise<void> {
  await api.merge({ apiVersion: "v1", kind: "Node", name: node }, { spec: { unschedulable } });
}

/** Asks for a pod's eviction, as `kubectl drain` does: false when a disruption budget refuses. */
export async function evict(api: ApiClient, pod: string): Promise<boolean> {
  const path = `/api/v1/namespaces/${MONITORING}/pods/${pod}/eviction`;
  const metadata = { name: pod, namespace: MONITORING };
  const { status, body } = await api.ask("POST", path, {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata,
  });
  if (status === 429) return false;
  if (status >= 300) throw new Error(`${pod} is not evicted: ${status} ${JSON.stringify(body)}`);
  return true;
}

/**
 * Waits until each budget of the platform lets a pod go. KWOK's pods end and start again at once, so that the controller takes one with the
 * same name for the one that was evicted, for two minutes.
 */
export async function untilBudgetsAreFree(api: ApiClient): Promise<void> {
  await until(async () => {
    const budgets = await api.list({
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      namespace: MONITORING,
    });
    return budgets.every(
      ({ status }) => (status as { readonly disruptionsAllowed: number }).disruptionsAllowed > 0,
    );
  }, 180);
}
