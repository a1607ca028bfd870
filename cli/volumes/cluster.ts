import type { VolumeOwner } from "../../components/workloads/volumes.ts";
import { type ClusterClient, PATCH, Refused } from "../cluster/client.ts";
import type { ClusterObject } from "../cluster/object.ts";
import { inBinaryUnits } from "../cluster/quantity.ts";
import { listed, warningAbout } from "../cluster/requests.ts";
import { keptConfigMap, keptName, readKept } from "./manifest.ts";
import { stateOf } from "./objects.ts";
import { FIELD_MANAGER, type VolumeState } from "./state.ts";
import type { Step } from "./steps.ts";

const CORE = "/api/v1";
const RESOURCES = { Prometheus: "prometheuses", Alertmanager: "alertmanagers" } as const;

/**
 * The volumes of a cluster, read and changed through its API server. Every method rejects with a Refused where the API server refuses,
 * and with an InvalidInputError where it does not answer.
 */
export class VolumesCluster {
  readonly #client: ClusterClient;

  constructor(client: ClusterClient) {
    this.#client = client;
  }

  async read(owner: VolumeOwner): Promise<VolumeState> {
    const kept = owner.resource === undefined ? this.#client.get<ClusterObject>(keptPath(owner)) : undefined;
    const objects = await Promise.all([
      owner.resource && this.#client.get<ClusterObject>(resourcePath(owner)),
      this.#client.get<ClusterObject>(statefulSetPath(owner)),
      ...(await this.#list("PersistentVolumeClaim", `${inNamespace(owner)}/persistentvolumeclaims`)),
      ...(await this.#list("Pod", `${inNamespace(owner)}/pods`)),
    ]);
    return stateOf(
      owner,
      objects.filter((object) => object !== undefined),
      await kept,
    );
  }

  /** By name, whether a storage class lets claims grow. */
  async expandableClasses(): Promise<ReadonlyMap<string, boolean>> {
    const classes = await this.#list("StorageClass", "/apis/storage.k8s.io/v1/storageclasses");
    return new Map(
      classes.map(({ metadata, allowVolumeExpansion }) => [metadata.name, allowVolumeExpansion === true]),
    );
  }

  /** The newest warning about a claim, as Kubernetes words it. */
  warningAbout(claim: string, owner: VolumeOwner): Promise<string | undefined> {
    return warningAbout(this.#client, "PersistentVolumeClaim", owner.namespace, claim);
  }

  /** Does what a step says: one request, or none for a step that waits. */
  async perform(owner: VolumeOwner, step: Step): Promise<void> {
    switch (step.kind) {
      case "request-claim":
        return this.#merge(`${inNamespace(owner)}/persistentvolumeclaims/${step.claim}`, requestOf(step.to));
      case "pause":
        return this.#merge(resourcePath(owner), {
          paused: true,
          storage: { volumeClaimTemplate: { spec: requestOf(step.size) } },
          ...(step.retentionSize !== undefined && { retentionSize: step.retentionSize }),
        });
      case "set-retention":
        return this.#merge(resourcePath(owner), { retentionSize: step.retentionSize });
      case "resume":
        return this.#merge(resourcePath(owner), { paused: null });
      case "delete-stateful-set":
        return this.#delete(statefulSetPath(owner), { propagationPolicy: "Orphan" });
      case "restart-pod":
        return this.#evict(step.pod, owner);
      case "keep-manifest":
        return this.#keepManifest(owner, step.size);
      case "create-stateful-set":
        return this.#createFromManifest(owner);
      case "discard-manifest":
        return this.#delete(keptPath(owner), {});
      case "await-claim":
      case "await-members":
      case "await-deletion":
      case "await-stateful-set":
        return;
    }
  }

  #list(kind: string, path: string): Promise<readonly ClusterObject[]> {
    return listed(this.#client, kind, path);
  }

  async #merge(path: string, spec: object): Promise<void> {
    await this.#client.must("PATCH", `${path}?fieldManager=${FIELD_MANAGER}`, { spec }, PATCH.merge);
  }

  async #delete(path: string, options: object): Promise<void> {
    try {
      await this.#client.must("DELETE", path, { apiVersion: "v1", kind: "DeleteOptions", ...options });
    } catch (error) {
      // What is gone already needs no deletion.
      if (!(error instanceof Refused && error.status === 404)) throw error;
    }
  }

  async #evict(name: string, owner: VolumeOwner): Promise<void> {
    const { namespace } = owner;
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } };
    await this.#client.must("POST", `${inNamespace(owner)}/pods/${name}/eviction`, eviction);
  }

  async #keepManifest(owner: VolumeOwner, size: number): Promise<void> {
    const set = await this.#client.get<ClusterObject>(statefulSetPath(owner));
    // Deleted meanwhile: the next step follows from that.
    if (set === undefined) return;
    await this.#apply(keptPath(owner), keptConfigMap(set, owner, inBinaryUnits(size)), FIELD_MANAGER);
  }

  async #createFromManifest(owner: VolumeOwner): Promise<void> {
    const kept = await this.#client.must<ClusterObject>("GET", keptPath(owner));
    const { manifest, manager } = readKept(kept);
    await this.#apply(statefulSetPath(owner), JSON.parse(manifest) as object, manager);
  }

  async #apply(path: string, object: object, fieldManager: string): Promise<void> {
    const query = new URLSearchParams({ fieldManager, force: "true" });
    await this.#client.must("PATCH", `${path}?${query}`, object, PATCH.apply);
  }
}

function inNamespace({ namespace }: VolumeOwner): string {
  return `${CORE}/namespaces/${namespace}`;
}

function keptPath(owner: VolumeOwner): string {
  return `${inNamespace(owner)}/configmaps/${keptName(owner)}`;
}

function statefulSetPath({ namespace, statefulSet }: VolumeOwner): string {
  return `/apis/apps/v1/namespaces/${namespace}/statefulsets/${statefulSet}`;
}

function resourcePath({ namespace, resource }: VolumeOwner): string {
  if (resource === undefined) throw new Error("the operator does not run this program");
  const { kind, name } = resource;
  return `/apis/monitoring.coreos.com/v1/namespaces/${namespace}/${RESOURCES[kind]}/${name}`;
}

function requestOf(size: number): object {
  return { resources: { requests: { storage: inBinaryUnits(size) } } };
}
