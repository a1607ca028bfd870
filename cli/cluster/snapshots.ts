import { setTimeout as sleep } from "node:timers/promises";
import type { Problem } from "../../components/core/problems.ts";
import { type ClusterClient, PATCH } from "./client.ts";
import { at, type ClusterObject } from "./object.ts";
import { listed } from "./requests.ts";

const GROUP = "/apis/snapshot.storage.k8s.io/v1";
const FIELD_MANAGER = "bellwether-snapshot";
const MADE_BY = { "app.kubernetes.io/managed-by": "bellwether" } as const;
const IS_DEFAULT = "snapshot.storage.kubernetes.io/is-default-class";
/** A snapshot that this command took so long ago, in milliseconds, is not taken again by a run that continues. */
const TAKEN_WITHIN = 3_600_000;

/** A claim whose volume is to have a snapshot. */
export interface ClaimName {
  readonly namespace: string;
  readonly claim: string;
}

/** A snapshot that is there, or is to be taken. */
export interface PlannedSnapshot extends ClaimName {
  readonly name: string;
  readonly snapshotClass: string;
  readonly taken: boolean;
}

/**
 * What snapshots there are to take of claims, and every reason why one cannot be taken. Snapshots that were taken within an hour count.
 *
 * @param now in Unix milliseconds.
 */
export async function plannedSnapshots(
  client: ClusterClient,
  claims: readonly ClaimName[],
  now: number,
): Promise<{ readonly snapshots: readonly PlannedSnapshot[]; readonly problems: readonly Problem[] }> {
  const answer = await client.get<{ readonly items: readonly ClusterObject[] }>(
    `${GROUP}/volumesnapshotclasses`,
  );
  const classes = answer?.items ?? [];
  const snapshots: PlannedSnapshot[] = [];
  const problems: Problem[] = [];
  for (const { namespace, claim } of claims) {
    const driver = await driverOf(client, namespace, claim);
    const of = classes.filter((each) => each["driver"] === driver);
    const chosen = of.length === 1 ? of[0] : of.find(isDefault);
    if (chosen === undefined) {
      problems.push(noClass({ namespace, claim }, driver, of.length));
      continue;
    }
    const recent = await recentSnapshot(client, { namespace, claim }, now);
    const stamp = new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, "").toLowerCase();
    snapshots.push({
      namespace,
      claim,
      name: recent ?? `${claim.slice(0, 230)}-${stamp}`,
      snapshotClass: chosen.metadata.name,
      taken: recent !== undefined,
    });
  }
  return { snapshots, problems };
}

function isDefault({ metadata }: ClusterObject): boolean {
  return metadata.annotations?.[IS_DEFAULT] === "true";
}

async function driverOf(
  client: ClusterClient,
  namespace: string,
  claim: string,
): Promise<string | undefined> {
  const object = await client.get(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${claim}`);
  const volume = at(object, "spec", "volumeName");
  if (typeof volume !== "string") return undefined;
  const driver = at(await client.get(`/api/v1/persistentvolumes/${volume}`), "spec", "csi", "driver");
  return typeof driver === "string" ? driver : undefined;
}

function noClass({ namespace, claim }: ClaimName, driver: string | undefined, found: number): Problem {
  return {
    path: `claim ${namespace}/${claim}`,
    found:
      driver === undefined
        ? "no volume of a CSI driver"
        : found === 0
          ? `a volume of ${driver}, and no VolumeSnapshotClass with this driver`
          : `${found} VolumeSnapshotClasses of ${driver}, and none is the default`,
    allowed: "a VolumeSnapshotClass for the driver of the volume, or the default one of several",
    fix: "create one, with the CRDs and the controller of external-snapshotter; or leave --snapshot out",
  };
}

async function recentSnapshot(
  client: ClusterClient,
  { namespace, claim }: ClaimName,
  now: number,
): Promise<string | undefined> {
  const selector = new URLSearchParams({
    labelSelector: Object.entries(MADE_BY)
      .map((pair) => pair.join("="))
      .join(),
  });
  const all = await listed(client, "VolumeSnapshot", `${snapshotsOf(namespace)}?${selector}`);
  return all.find(
    (snapshot) =>
      at(snapshot, "spec", "source", "persistentVolumeClaimName") === claim &&
      at(snapshot, "status", "error") === undefined &&
      now - Date.parse(snapshot.metadata.creationTimestamp ?? "") < TAKEN_WITHIN,
  )?.metadata.name;
}

/** A snapshot is not taken in time, or its driver reports why it cannot be. */
export class NotTaken extends Error {
  override readonly name = "NotTaken";
}

export interface TakingOptions {
  readonly onProgress: (text: string) => void;
  /** Milliseconds for all snapshots. */
  readonly patience: number;
  /** Aborted by who wants it to stop. */
  readonly signal?: AbortSignal;
  /** Milliseconds between two reads. Default: two seconds. */
  readonly interval?: number;
}

/**
 * Takes the snapshots and waits until each has its moment (`status.creationTime`): what is written afterwards is not in it, however long
 * the driver copies. Throws a NotTaken with what the driver reports.
 */
export async function takeSnapshots(
  client: ClusterClient,
  snapshots: readonly PlannedSnapshot[],
  { onProgress, patience, signal, interval = 2_000 }: TakingOptions,
): Promise<void> {
  const started = Date.now();
  for (const snapshot of snapshots) {
    const { namespace, claim, name, snapshotClass, taken } = snapshot;
    if (!taken) {
      onProgress(`take the snapshot ${namespace}/${name}`);
      const object = {
        apiVersion: "snapshot.storage.k8s.io/v1",
        kind: "VolumeSnapshot",
        metadata: { name, namespace, labels: MADE_BY },
        spec: {
          volumeSnapshotClassName: snapshotClass,
          source: { persistentVolumeClaimName: claim },
        },
      };
      const query = new URLSearchParams({ fieldManager: FIELD_MANAGER, force: "true" });
      await client.must("PATCH", `${snapshotsOf(namespace)}/${name}?${query}`, object, PATCH.apply);
    }
    onProgress(`wait: the snapshot ${namespace}/${name} has no moment yet`);
    while (!(await hasMoment(client, snapshot))) {
      if (Date.now() - started > patience)
        throw new NotTaken(`the snapshot ${namespace}/${name} is not taken: its driver has not answered`);
      if (signal?.aborted === true) throw new NotTaken("interrupted");
      await sleep(interval);
    }
  }
}

async function hasMoment(client: ClusterClient, { namespace, name }: PlannedSnapshot): Promise<boolean> {
  const object = await client.must("GET", `${snapshotsOf(namespace)}/${name}`);
  const error = at(object, "status", "error", "message");
  if (error !== undefined)
    throw new NotTaken(`the snapshot ${namespace}/${name} is not taken: ${String(error)}`);
  return at(object, "status", "creationTime") !== undefined;
}

function snapshotsOf(namespace: string): string {
  return `${GROUP}/namespaces/${namespace}/volumesnapshots`;
}

/** A snapshot as a step of a plan. */
export function snapshotInWords({ namespace, claim, name, snapshotClass, taken }: PlannedSnapshot): string {
  return taken
    ? `keep the snapshot ${namespace}/${name} of ${claim}, which is less than an hour old`
    : `take a snapshot of ${namespace}/${claim}, with the class ${snapshotClass}`;
}
