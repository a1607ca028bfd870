import { type ClusterClient, Refused } from "../cluster/client.ts";
import { type ContextFlags, readCluster } from "../cluster/context.ts";
import type { RecordedResource } from "../recording/monitor.ts";
import { asSecret, at, itemsOf, textAt, type Wire } from "../recording/wire.ts";
import { type Audited, plainResource } from "./audited.ts";

/** What is asked of a cluster. */
export interface ClusterOptions extends ContextFlags {
  /** Default: all but those of Kubernetes itself. */
  readonly namespaces?: readonly string[];
}

/** An object as the API server sends it. */
type Found = { readonly [field: string]: Wire };

interface ResourceList {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly verbs: readonly string[];
  }[];
}

interface GroupList {
  readonly groups: readonly {
    readonly name: string;
    readonly preferredVersion: { readonly groupVersion: string };
  }[];
}

/** The namespaces that Kubernetes makes for its own objects. */
const OWN_NAMESPACES = ["kube-system", "kube-public", "kube-node-lease"];

/**
 * What controllers write all the time or copy from other objects, and what no policy judges. Secrets are read one by one, and only
 * those that Alertmanager is configured by.
 */
const LEFT_OUT = new Set([
  "Secret",
  "Event",
  "Lease",
  "Endpoints",
  "EndpointSlice",
  "Node",
  "CSINode",
  "VolumeAttachment",
  "ControllerRevision",
  "ComponentStatus",
]);

/** Policies about what only a program says. */
const NOT_ASKED = {
  "protected-data": "whether Pulumi protects a resource is in the state and not in the cluster",
} as const;

/**
 * The objects of a cluster, read through a context of a kubeconfig. Objects that have an owner, such as the pods of a Deployment, are left out, and so are those of
 * Kubernetes itself. Nothing is changed. Rejects with an InvalidInputError if the context leads nowhere or the cluster does not answer.
 */
export async function auditedCluster(options: ClusterOptions, env: NodeJS.ProcessEnv): Promise<Audited> {
  const { context, namespaces } = options;
  return await readCluster("audit", options, env, async (client) => {
    const notices: string[] = [];
    const all = await objectsOn(client, notices);
    const isClaim = claimsOfStatefulSets(all);
    const own = all.filter((object) => isJudged(object, namespaces) && !isClaim(object));
    const secrets = await alertmanagerSecrets(client, own, notices);
    return {
      name: `the cluster of context ${context}`,
      project: "audit",
      stack: context,
      resources: [...own, ...secrets].map((object) => resourceOf(object, context)),
      notAsked: NOT_ASKED,
      notices,
    };
  });
}

/** Every object of every kind that can be listed; a kind that the user may not list is a notice. */
async function objectsOn(client: ClusterClient, notices: string[]): Promise<readonly Found[]> {
  const { groups } = await client.must<GroupList>("GET", "/apis");
  const roots = [
    "/api/v1",
    ...groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`),
  ];
  const objects: Found[] = [];
  for (const root of roots) {
    const kinds = await listed<ResourceList>(client, root, notices);
    for (const { name, kind, verbs } of kinds?.resources ?? []) {
      if (name.includes("/") || !verbs.includes("list") || LEFT_OUT.has(kind)) continue;
      const path = `${root}/${name}`;
      const list = await listed<{ readonly items: readonly Found[] }>(client, path, notices);
      const apiVersion = root.replace(/^\/apis?\//, "");
      for (const item of list?.items ?? []) objects.push({ ...item, apiVersion, kind });
    }
  }
  return objects;
}

/** What a path has; a notice where it is refused, as for an aggregated API that is away. */
async function listed<T>(client: ClusterClient, path: string, notices: string[]): Promise<T | undefined> {
  try {
    return await client.must<T>("GET", path);
  } catch (error) {
    if (!(error instanceof Refused) || error.status === 401) throw error;
    notices.push(`${path} cannot be listed (${error.status}), so its objects are not judged.`);
    return undefined;
  }
}

function isJudged(object: Found, namespaces: readonly string[] | undefined): boolean {
  if (itemsOf(at(object, "metadata", "ownerReferences")).length > 0) return false;
  const namespace = namespaceOf(object);
  const isAskedFor = namespaces?.includes(namespace) ?? !OWN_NAMESPACES.includes(namespace);
  return isAskedFor && !isOfKubernetes(object);
}

/** Tells the claims that StatefulSets make from their templates, <template>-<set>-<ordinal>: they have no owner. */
function claimsOfStatefulSets(objects: readonly Found[]): (object: Found) => boolean {
  const prefixes = objects
    .filter(({ kind }) => kind === "StatefulSet")
    .flatMap((set) =>
      itemsOf(at(set, "spec", "volumeClaimTemplates")).map(
        (template) =>
          `${namespaceOf(set)}/${textAt(template, "metadata", "name")}-${textAt(set, "metadata", "name")}-`,
      ),
    );
  return (object) => {
    if (object["kind"] !== "PersistentVolumeClaim") return false;
    const name = `${namespaceOf(object)}/${textAt(object, "metadata", "name")}`;
    return prefixes.some((prefix) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)));
  };
}

/** The namespace of an object; of a Namespace its name; of another object without one, nothing. */
function namespaceOf(object: Found): string {
  if (object["kind"] === "Namespace") return textAt(object, "metadata", "name") ?? "";
  return textAt(object, "metadata", "namespace") ?? "";
}

/** What the API server and its controllers make in every cluster. */
function isOfKubernetes(object: Found): boolean {
  const name = textAt(object, "metadata", "name") ?? "";
  return (
    at(object, "metadata", "labels", "kubernetes.io/bootstrapping") !== undefined ||
    at(object, "metadata", "annotations", "kubernetes.io/description") !== undefined ||
    at(object, "metadata", "labels", "addonmanager.kubernetes.io/mode") !== undefined ||
    name.startsWith("system:") ||
    (namespaceOf(object) === "default" && name === "kubernetes") ||
    (object["kind"] === "ServiceAccount" && name === "default") ||
    (object["kind"] === "ConfigMap" && name === "kube-root-ca.crt") ||
    (object["kind"] === "Namespace" && name === "default") ||
    ["APIService", "FlowSchema", "PriorityLevelConfiguration"].includes(String(object["kind"])) ||
    (object["kind"] === "PriorityClass" && name.startsWith("system-"))
  );
}

/** The Secrets that hold the configuration of an Alertmanager: routes are judged by them. */
async function alertmanagerSecrets(
  client: ClusterClient,
  objects: readonly Found[],
  notices: string[],
): Promise<readonly Found[]> {
  const secrets: Found[] = [];
  for (const alertmanager of objects.filter(({ kind }) => kind === "Alertmanager")) {
    const namespace = namespaceOf(alertmanager);
    const name =
      textAt(alertmanager, "spec", "configSecret") ??
      `alertmanager-${textAt(alertmanager, "metadata", "name")}`;
    const secret = await listed<Found>(client, `/api/v1/namespaces/${namespace}/secrets/${name}`, notices);
    if (secret !== undefined) secrets.push({ ...secret, apiVersion: "v1", kind: "Secret" });
  }
  return secrets;
}

/** An object as a resource of a program would be: without what the API server writes, and what a Secret holds as a secret. */
function resourceOf(object: Found, context: string): RecordedResource {
  const { status: _, metadata, ...rest } = object;
  const {
    managedFields: _fields,
    resourceVersion: _version,
    uid: _uid,
    generation: _generation,
    creationTimestamp: _created,
    ...kept
  } = metadata as Found;
  const apiVersion = String(object["apiVersion"]);
  const type = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${String(object["kind"])}`;
  const namespace = textAt(object, "metadata", "namespace");
  const own = textAt(object, "metadata", "name") ?? "";
  const name = namespace === undefined ? own : `${namespace}/${own}`;
  const { data } = rest as { readonly data?: Wire };
  return plainResource({
    urn: `urn:pulumi:${context}::audit::${type}::${name}`,
    type,
    name,
    inputs: {
      ...rest,
      metadata: kept,
      ...(object["kind"] === "Secret" && data !== undefined && { data: asSecret(data) }),
    },
  });
}
