import { type ClusterClient, Refused } from "./client.ts";
import type { ClusterObject } from "./object.ts";
import { type Pod, podOf } from "./pod.ts";

/** The objects at a path. The items of a list do not say their kind; these do. */
export async function listed(
  client: ClusterClient,
  kind: string,
  path: string,
): Promise<readonly ClusterObject[]> {
  const { items } = await client.must<{ readonly items: readonly ClusterObject[] }>("GET", path);
  return items.map((item) => ({ ...item, kind }));
}

/** The pods of a namespace or, without one, of the cluster. */
export async function podsIn(client: ClusterClient, namespace?: string): Promise<readonly Pod[]> {
  const place = namespace === undefined ? "" : `/namespaces/${namespace}`;
  return (await listed(client, "Pod", `/api/v1${place}/pods`)).map(podOf);
}

/** What became of a request to end a pod. */
export type Parting =
  | { readonly kind: "going" }
  /** A disruption budget refuses for now; its reason, as the API server words it. */
  | { readonly kind: "held"; readonly reason: string };

/**
 * Asks for the eviction of this very pod, and of no successor with its name. A pod that is gone is going. Rejects with a Refused for
 * every other refusal than that of a budget.
 */
export async function evict(client: ClusterClient, { namespace, name, uid }: Pod): Promise<Parting> {
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
  const eviction = {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name, namespace },
    deleteOptions: { preconditions: { uid } },
  };
  try {
    await client.must("POST", path, eviction);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status === 429) return { kind: "held", reason: error.message };
    if (!isOvertaken(error)) throw error;
  }
  return { kind: "going" };
}

/** Deletes a pod as it was read: one that has changed since, such as one that is ready by now, stays. */
export async function deleteUnchanged(client: ClusterClient, pod: Pod): Promise<void> {
  const { namespace, name, uid, resourceVersion } = pod;
  const options = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid, resourceVersion } };
  try {
    await client.must("DELETE", `/api/v1/namespaces/${namespace}/pods/${name}`, options);
  } catch (error) {
    if (!(error instanceof Refused && isOvertaken(error))) throw error;
  }
}

/** Whether the object is gone, or another than was read: what is to be done follows from reading it again. */
function isOvertaken({ status }: Refused): boolean {
  return status === 404 || status === 409;
}

/** The newest warning about an object, as Kubernetes words it; undefined where there is none. */
export async function warningAbout(
  client: ClusterClient,
  kind: string,
  namespace: string,
  name: string,
): Promise<string | undefined> {
  const fieldSelector = `involvedObject.kind=${kind},involvedObject.name=${name},type=Warning`;
  const path = `/api/v1/namespaces/${namespace}/events?${new URLSearchParams({ fieldSelector })}`;
  const newest = (await listed(client, "Event", path))
    .map((event) => ({
      when: String(event["lastTimestamp"] ?? event["eventTime"] ?? ""),
      message: event["message"],
    }))
    .sort((a, b) => a.when.localeCompare(b.when, "en"))
    .at(-1);
  return typeof newest?.message === "string" ? newest.message : undefined;
}
