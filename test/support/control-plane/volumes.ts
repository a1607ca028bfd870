import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient, KubernetesObject } from "./api.ts";
import { NODES } from "./nodes.ts";

/** What the scheduler writes on a claim: where the pod goes, so that the disk is made in that zone. */
const SELECTED_NODE = "volume.kubernetes.io/selected-node";

interface Claim extends KubernetesObject {
  readonly spec: {
    readonly accessModes: readonly string[];
    readonly resources: { readonly requests: { readonly storage: string } };
    readonly storageClassName?: string;
    readonly volumeName?: string;
  };
}

/**
 * Makes disks as the EBS CSI driver would: when the scheduler has chosen a node for a claim's pod, a volume in that node's zone,
 * which no pod in another zone can use. It is the one part of a cluster that is neither real nor KWOK's.
 *
 * @returns what stops it.
 */
export function provisionVolumes(api: ApiClient): () => Promise<void> {
  let stopped = false;
  const loop = async () => {
    while (!stopped) {
      // The API server may be down for a while: that is what some tests are about.
      await provisionPending(api).catch(() => {});
      await sleep(250, undefined, { ref: false });
    }
  };
  const ended = loop();
  return async () => {
    stopped = true;
    await ended;
  };
}

async function provisionPending(api: ApiClient): Promise<void> {
  const claims = await api.list<Claim>({ apiVersion: "v1", kind: "PersistentVolumeClaim" });
  for (const claim of claims) {
    const chosen = claim.metadata.annotations?.[SELECTED_NODE];
    const zone = NODES.find(({ name }) => name === chosen)?.zone;
    if (claim.spec.volumeName !== undefined || zone === undefined) continue;
    const { apiVersion, kind, metadata, spec } = claim;
    const { name, namespace } = metadata;
    const volume = `pv-${namespace}-${name}`;
    await api.apply({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: volume },
      spec: {
        accessModes: spec.accessModes,
        capacity: spec.resources.requests,
        claimRef: { apiVersion, kind, name, namespace, uid: metadata["uid"] },
        csi: { driver: "ebs.csi.aws.com", volumeHandle: volume },
        persistentVolumeReclaimPolicy: "Retain",
        storageClassName: spec.storageClassName,
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              {
                matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: [zone] }],
              },
            ],
          },
        },
      },
    });
  }
}
