import { at, type ClusterObject, conditionOf, controllerOf } from "./object.ts";

/** A pod, as far as the commands decide by it. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined until it is scheduled. */
  readonly node?: string;
  readonly ready: boolean;
  readonly deleting: boolean;
  /** Whether all its containers have ended for good. */
  readonly finished: boolean;
  /** Whether a kubelet made it from a file of its node: it cannot be evicted. */
  readonly mirror: boolean;
  /** What makes another when it is gone. */
  readonly controller?: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly claims: readonly string[];
  /** Names of volumes that are deleted with it. */
  readonly emptyDirs: readonly string[];
  /** Why it is not ready, as Kubernetes reports it: a reason such as `CrashLoopBackOff`, and its message. */
  readonly reasons: readonly Reason[];
}

export interface Reason {
  readonly reason: string;
  readonly message: string;
}

const MIRROR = "kubernetes.io/config.mirror";

/** A pod from its object. */
export function podOf(object: ClusterObject): Pod {
  const { metadata } = object;
  const node = at(object, "spec", "nodeName");
  const controller = controllerOf(object);
  const phase = at(object, "status", "phase");
  const volumes = (at(object, "spec", "volumes") ?? []) as readonly ClusterVolume[];
  const deleting = metadata.deletionTimestamp !== undefined;
  return {
    namespace: metadata.namespace ?? "default",
    name: metadata.name,
    uid: metadata.uid ?? "",
    resourceVersion: String(at(object, "metadata", "resourceVersion") ?? ""),
    labels: metadata.labels ?? {},
    ...(typeof node === "string" && node !== "" && { node }),
    ready: !deleting && conditionOf(object, "Ready")?.status === "True",
    deleting,
    finished: phase === "Succeeded" || phase === "Failed",
    mirror: metadata.annotations?.[MIRROR] !== undefined,
    ...(controller && {
      controller: { kind: controller.kind, name: controller.name, uid: controller.uid },
    }),
    claims: volumes.flatMap(({ persistentVolumeClaim: claim }) => (claim ? [claim.claimName] : [])),
    emptyDirs: volumes.filter(({ emptyDir }) => emptyDir !== undefined).map(({ name }) => name),
    reasons: reasonsOf(object),
  };
}

interface ClusterVolume {
  readonly name: string;
  readonly emptyDir?: object;
  readonly persistentVolumeClaim?: { readonly claimName: string };
}

interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly state?: {
    readonly waiting?: Partial<Reason>;
    readonly terminated?: Partial<Reason> & { readonly exitCode?: number };
  };
}

function reasonsOf(pod: ClusterObject): readonly Reason[] {
  const scheduled = conditionOf(pod, "PodScheduled");
  const unscheduled =
    scheduled?.status === "False"
      ? [{ reason: scheduled.reason ?? "Unschedulable", message: scheduled.message ?? "" }]
      : [];
  const containers = ["initContainerStatuses", "containerStatuses"]
    .flatMap((field) => (at(pod, "status", field) ?? []) as readonly ContainerStatus[])
    .filter(({ ready }) => ready !== true)
    .flatMap(({ name, state }) => {
      const { waiting, terminated } = state ?? {};
      if (waiting?.reason !== undefined)
        return [{ reason: waiting.reason, message: waiting.message ?? `the container ${name} waits` }];
      // An init container that has succeeded is no reason.
      if (terminated?.reason === undefined || terminated.exitCode === 0) return [];
      const message = terminated.message ?? `the container ${name} ended with ${terminated.exitCode}`;
      return [{ reason: terminated.reason, message }];
    });
  const known = [...unscheduled, ...containers];
  if (known.length > 0) return known;
  const ready = conditionOf(pod, "Ready");
  const isUnready = ready !== undefined && ready.status !== "True" && ready.reason !== "PodCompleted";
  return isUnready ? [{ reason: ready.reason ?? "NotReady", message: ready.message ?? "" }] : [];
}
