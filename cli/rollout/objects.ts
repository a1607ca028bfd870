import { type Budget, budgetsOf } from "../cluster/budget.ts";
import {
  at,
  type ClusterObject,
  conditionOf,
  controllerOf,
  isManagedBy,
  numberAt,
} from "../cluster/object.ts";
import { podOf } from "../cluster/pod.ts";
import { type Begun, FIELD_MANAGER, type Member, type Named, type Workload } from "./state.ts";

/** The annotation of a template by which kubectl restarts a rollout, too. */
export const RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

/** The annotation of a workload whose pods this command evicts: a {@link Begun} as JSON. */
export const RESTARTING = "bellwether.dev/restarting";

const REVISION = "deployment.kubernetes.io/revision";
/** Counts the templates of a DaemonSet, as the label `pod-template-generation` of its pods does. */
const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";
const TEMPLATE_ANNOTATIONS = ["spec", "template", "metadata", "annotations"] as const;

/** What else there is in the namespace of a workload. */
export interface Surrounding {
  readonly pods: readonly ClusterObject[];
  /** Of a Deployment: its pods are theirs. */
  readonly replicaSets: readonly ClusterObject[];
  readonly budgets: readonly Budget[];
}

/** The state of a workload from its object and those of its namespace. */
export function workloadOf(
  named: Named,
  object: ClusterObject,
  { pods, replicaSets, budgets }: Surrounding,
): Workload {
  const members = membersOf(named, object, pods, replicaSets);
  const owner = controllerOf(object);
  const status = (field: string) => numberAt(object, 0, "status", field);
  const progressing = conditionOf(object, "Progressing");
  const failing = progressing?.status === "False" ? progressing.message : undefined;
  const begun = begunOf(object);
  const held = heldOf(object);
  const byHand = owner !== undefined || strategyOf(object).type === "OnDelete";
  return {
    ...named,
    ...countsOf(named, object),
    observed: status("observedGeneration") >= (object.metadata.generation ?? 0),
    replacement: byHand ? "by eviction" : "by its controller",
    awayAtMost: byHand ? 1 : awayAtMost(named, object),
    ...(owner && { owner: `${owner.kind} ${owner.name}` }),
    ...(held && { held }),
    ...(failing !== undefined && { failing }),
    ...(begun && { begun }),
    members,
    budgets: [...new Set(members.flatMap((member) => budgetsOf(member, budgets)))],
  };
}

type Counts = Pick<Workload, "desired" | "updated" | "total" | "available">;

function countsOf({ kind }: Named, object: ClusterObject): Counts {
  const status = (field: string) => numberAt(object, 0, "status", field);
  if (kind === "DaemonSet")
    return {
      desired: status("desiredNumberScheduled"),
      updated: status("updatedNumberScheduled"),
      total: status("currentNumberScheduled"),
      available: status("numberAvailable"),
    };
  return {
    desired: numberAt(object, 1, "spec", "replicas"),
    updated: status("updatedReplicas"),
    total: status("replicas"),
    available: status("availableReplicas"),
  };
}

function membersOf(
  { kind }: Named,
  object: ClusterObject,
  pods: readonly ClusterObject[],
  replicaSets: readonly ClusterObject[],
): readonly Member[] {
  const uid = object.metadata.uid;
  if (kind === "Deployment") {
    const own = replicaSets.filter((set) => controllerOf(set)?.uid === uid);
    const revision = object.metadata.annotations?.[REVISION];
    const newest = own.find(({ metadata }) => metadata.annotations?.[REVISION] === revision)?.metadata.uid;
    const uids = new Set(own.map(({ metadata }) => metadata.uid));
    return pods
      .filter((pod) => uids.has(controllerOf(pod)?.uid))
      .map((pod) => ({ ...podOf(pod), newest: controllerOf(pod)?.uid === newest }));
  }
  const own = pods.filter((pod) => controllerOf(pod)?.uid === uid);
  const hash = (pod: ClusterObject) => pod.metadata.labels?.["controller-revision-hash"];
  const wanted = at(object, "status", "updateRevision");
  const generation = object.metadata.annotations?.[TEMPLATE_GENERATION];
  return own.map((pod) => ({
    ...podOf(pod),
    newest:
      kind === "StatefulSet"
        ? hash(pod) === wanted
        : pod.metadata.labels?.["pod-template-generation"] === generation,
  }));
}

interface Strategy {
  readonly type?: string;
  readonly rollingUpdate?: {
    readonly maxUnavailable?: number | string;
    readonly partition?: number;
  };
}

/** Deployments call it `strategy`, the other two `updateStrategy`. */
function strategyOf(object: ClusterObject): Strategy {
  return (at(object, "spec", "strategy") ?? at(object, "spec", "updateStrategy") ?? {}) as Strategy;
}

/** How many pods may be away at the same time: shares of a Deployment are rounded down, those of the others up, as Kubernetes does. */
function awayAtMost(named: Named, object: ClusterObject): number {
  const { type, rollingUpdate: { maxUnavailable } = {} } = strategyOf(object);
  const { desired } = countsOf(named, object);
  if (type === "Recreate") return desired;
  if (typeof maxUnavailable === "number") return Math.min(maxUnavailable, desired);
  const share = (Number.parseFloat(maxUnavailable ?? "") / 100) * desired;
  if (Number.isNaN(share)) return 1;
  return named.kind === "Deployment" ? Math.floor(share) : Math.max(Math.ceil(share), 1);
}

function heldOf(object: ClusterObject): Workload["held"] {
  if (at(object, "spec", "paused") === true) return "paused";
  return (strategyOf(object).rollingUpdate?.partition ?? 0) > 0 ? "partition" : undefined;
}

function begunOf(object: ClusterObject): Begun | undefined {
  const restarting = object.metadata.annotations?.[RESTARTING];
  if (restarting !== undefined) return readBegun(restarting);
  const time = at(object, ...TEMPLATE_ANNOTATIONS, RESTARTED_AT);
  const isOurs = isManagedBy(object, FIELD_MANAGER, ...TEMPLATE_ANNOTATIONS, RESTARTED_AT);
  const moment = typeof time === "string" && isOurs ? Date.parse(time) : Number.NaN;
  return Number.isNaN(moment) ? undefined : { at: moment };
}

/** What another hand has written into the annotation is no beginning. */
function readBegun(text: string): Begun | undefined {
  try {
    const read = JSON.parse(text) as Partial<Begun>;
    const isBegun = typeof read.at === "number" && Array.isArray(read.pods);
    return isBegun ? { at: read.at, pods: (read.pods as readonly unknown[]).map(String) } : undefined;
  } catch {
    return undefined;
  }
}
