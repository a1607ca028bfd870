import type { Budget } from "../../../cli/cluster/budget.ts";
import type { ClusterObject } from "../../../cli/cluster/object.ts";
import { workloadOf } from "../../../cli/rollout/objects.ts";
import type { Named, Workload } from "../../../cli/rollout/state.ts";

// Objects as an API server gives them, with the fields that the commands read.

const NAMESPACE = "shop";

interface PodOptions {
  readonly owner: { readonly kind: string; readonly uid: string; readonly name?: string };
  readonly ready?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly waiting?: { readonly reason: string; readonly message: string };
  readonly claim?: string;
  readonly uid?: string;
  readonly node?: string;
  readonly namespace?: string;
}

export function podObject(name: string, options: PodOptions): ClusterObject {
  const { owner, ready = true, labels = {}, waiting, claim, uid = `uid of ${name}`, node = "n1" } = options;
  const { kind, uid: ownerUid, name: ownerName = "owner" } = owner;
  return {
    kind: "Pod",
    metadata: {
      name,
      namespace: options.namespace ?? NAMESPACE,
      uid,
      labels: { app: "web", ...labels },
      ownerReferences: [{ kind, name: ownerName, uid: ownerUid, controller: true }],
    },
    spec: {
      nodeName: node,
      volumes: claim === undefined ? [] : [{ name: "data", persistentVolumeClaim: { claimName: claim } }],
    },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: ready ? "True" : "False", reason: "ContainersNotReady" }],
      containerStatuses: [{ name: "web", ready, state: waiting === undefined ? {} : { waiting } }],
    },
  };
}

export function budget(allowed: number, changes: Partial<Budget> = {}): Budget {
  return {
    namespace: NAMESPACE,
    name: "web",
    selector: { matchLabels: { app: "web" } },
    allowed,
    healthy: 3,
    desired: 2,
    expected: 3,
    letsUnhealthyGo: false,
    ...changes,
  };
}

export const SET: Named = { kind: "StatefulSet", namespace: NAMESPACE, name: "web" };
const DEPLOYMENT: Named = { ...SET, kind: "Deployment" };
export const NOW = Date.parse("2026-11-30T12:00:00Z");
export const OWN_SET = { kind: "StatefulSet", uid: "set" };

export function statefulSet(
  changes: { readonly metadata?: object; readonly spec?: object } = {},
): ClusterObject {
  return {
    kind: "StatefulSet",
    metadata: { name: "web", namespace: NAMESPACE, uid: "set", generation: 2, ...changes.metadata },
    spec: {
      replicas: 3,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
      ...changes.spec,
    },
    status: {
      observedGeneration: 2,
      updateRevision: "new",
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
    },
  };
}

export const threePods = (ready = [true, true, true]) =>
  ready.map((each, index) =>
    podObject(`web-${index}`, {
      owner: OWN_SET,
      ready: each,
      labels: { "controller-revision-hash": "new" },
    }),
  );

export function setWith(object = statefulSet(), pods = threePods(), budgets = [budget(1)]): Workload {
  return workloadOf(SET, object, { pods, replicaSets: [], budgets });
}

export const OPERATED = {
  metadata: {
    ownerReferences: [{ kind: "Prometheus", name: "prometheus", uid: "p", controller: true }],
  },
};

export function deployment(spec: object, status: object = {}): ClusterObject {
  return {
    kind: "Deployment",
    metadata: {
      name: "web",
      namespace: NAMESPACE,
      uid: "deployment",
      generation: 1,
      annotations: { "deployment.kubernetes.io/revision": "2" },
    },
    spec: { replicas: 3, ...spec },
    status: { observedGeneration: 1, replicas: 3, updatedReplicas: 3, availableReplicas: 3, ...status },
  };
}

const replicaSet = (revision: string): ClusterObject => ({
  kind: "ReplicaSet",
  metadata: {
    name: `web-${revision}`,
    uid: `rs ${revision}`,
    annotations: { "deployment.kubernetes.io/revision": revision },
    ownerReferences: [{ kind: "Deployment", name: "web", uid: "deployment", controller: true }],
  },
});

export function deploymentWith(object: ClusterObject, budgets = [budget(1)]): Workload {
  const pods = ["2", "2", "1"].map((revision, index) =>
    podObject(`web-${revision}-${index}`, { owner: { kind: "ReplicaSet", uid: `rs ${revision}` } }),
  );
  const replicaSets = [replicaSet("1"), replicaSet("2")];
  return workloadOf(DEPLOYMENT, object, { pods, replicaSets, budgets });
}
