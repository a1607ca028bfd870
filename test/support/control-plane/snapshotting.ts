import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient, KubernetesObject } from "./api.ts";

const GROUP = "snapshot.storage.k8s.io";
const SNAPSHOT = { apiVersion: `${GROUP}/v1`, kind: "VolumeSnapshot" } as const;

/** A CRD with the names of external-snapshotter's, and no schema. */
function definition(kind: string, plural: string, scope: "Namespaced" | "Cluster"): KubernetesObject {
  const annotations = {
    // The API server keeps the group for definitions that Kubernetes' own reviewers have approved.
    "api-approved.kubernetes.io": "unapproved, simulated by a test",
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${GROUP}`, annotations },
    spec: {
      group: GROUP,
      scope,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  };
}

/**
 * Simulates external-snapshotter and the CSI driver of EBS: the kinds, a class, and a moment for each snapshot.
 *
 * @returns what stops it.
 */
export async function simulateSnapshots(api: ApiClient): Promise<() => Promise<void>> {
  await api.apply(definition("VolumeSnapshot", "volumesnapshots", "Namespaced"));
  await api.apply(definition("VolumeSnapshotClass", "volumesnapshotclasses", "Cluster"));
  const driverClass = {
    apiVersion: `${GROUP}/v1`,
    kind: "VolumeSnapshotClass",
    metadata: { name: "ebs" },
    driver: "ebs.csi.aws.com",
    deletionPolicy: "Retain",
  };
  for (let attempt = 0; ; attempt++) {
    try {
      await api.apply(driverClass);
      break;
    } catch (error) {
      if (attempt === 300) throw error;
      await sleep(100);
    }
  }
  let stopped = false;
  const loop = async () => {
    while (!stopped) {
      for (const { metadata, status } of await api.list(SNAPSHOT).catch(() => []))
        if (status === undefined) {
          const { name, namespace = "" } = metadata;
          const creationTime = new Date().toISOString();
          await api.merge({ ...SNAPSHOT, name, namespace }, { status: { creationTime, readyToUse: false } });
        }
      await sleep(200, undefined, { ref: false });
    }
  };
  const ended = loop();
  return async () => {
    stopped = true;
    await ended;
  };
}
