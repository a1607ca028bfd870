import { describe, expect, it } from "vitest";
import type { ClusterObject } from "../../../cli/cluster/object.ts";
import { keptConfigMap, keptManifest, readKept } from "../../../cli/volumes/manifest.ts";
import { stateOf } from "../../../cli/volumes/objects.ts";
import { DEFAULT_NAMESPACES } from "../../../components/workloads/model.ts";
import { volumeOwner } from "../../../components/workloads/volumes.ts";
import { GI } from "./samples.ts";

// Objects as the API server of Kubernetes 1.35.4 and the operator 0.94.1 have them, shortened.

const request = (storage: string) => ({ resources: { requests: { storage } } });
const template = (name: string, storage: string) => ({ metadata: { name }, spec: request(storage) });

const CLAIM = "prometheus-prometheus-db-prometheus-prometheus-0";
const claim = (name: string, status: object, storage = "25Gi") => ({
  kind: "PersistentVolumeClaim",
  metadata: { name },
  spec: { ...request(storage), storageClassName: "gp3-encrypted" },
  status,
});

const resource = (spec: object, manager = "bellwether-grow-volumes") => ({
  kind: "Prometheus",
  metadata: {
    name: "prometheus",
    managedFields: [
      { manager: "pulumi-kubernetes-1a2b3c4d", operation: "Apply", fieldsV1: { "f:spec": {} } },
      { manager, operation: "Update", fieldsV1: { "f:spec": { "f:paused": {} } } },
    ],
  },
  spec: {
    replicas: 2,
    retentionSize: "12288MiB",
    storage: { volumeClaimTemplate: { spec: request("15Gi") } },
    ...spec,
  },
});

const set = (name: string, templates: readonly object[], status: object = {}) => ({
  kind: "StatefulSet",
  metadata: {
    name,
    uid: "1f",
    generation: 3,
    labels: { app: name },
    managedFields: [
      {
        manager: "kube-controller-manager",
        operation: "Update",
        subresource: "status",
        fieldsV1: { "f:status": {} },
      },
      {
        manager: "pulumi-kubernetes-1a2b3c4d",
        operation: "Apply",
        fieldsV1: { "f:spec": { "f:volumeClaimTemplates": {} } },
      },
    ],
  },
  spec: { replicas: 2, serviceName: name, volumeClaimTemplates: templates },
  status: { observedGeneration: 3, readyReplicas: 2, updatedReplicas: 2, ...status },
});

const prometheusSet = (status = {}) =>
  set("prometheus-prometheus", [template("prometheus-prometheus-db", "15Gi")], status);
const read = (objects: readonly object[]) =>
  stateOf(volumeOwner("prometheus", DEFAULT_NAMESPACES), objects as readonly ClusterObject[], undefined);

describe("the state of a program's volumes", () => {
  it("has the sizes of claims, StatefulSet and resource, and of no other program's", () => {
    const others = [claim("alertmanager-main-db-alertmanager-main-0", {}), claim(`${CLAIM}-copy`, {})];
    const state = read([
      claim(CLAIM, { capacity: { storage: "15Gi" } }),
      prometheusSet(),
      resource({}),
      ...others,
    ]);
    expect(state).toMatchObject({
      replicas: 2,
      claims: [
        { name: CLAIM, ordinal: 0, requested: 25 * GI, capacity: 15 * GI, storageClass: "gp3-encrypted" },
      ],
      statefulSet: { size: 15 * GI, settled: true, deleting: false },
      resource: { size: 15 * GI, retentionSize: "12288MiB", paused: "no" },
    });
    expect(state.claims).toHaveLength(1);
  });

  it("knows since when a file system waits for its pod, and that a driver cannot provide a size", () => {
    const lastTransitionTime = "2026-11-23T10:00:00Z";
    const conditions = [{ type: "FileSystemResizePending", status: "True", lastTransitionTime }];
    const allocatedResourceStatuses = { storage: "ControllerResizeInfeasible" };
    const [found] = read([
      claim(CLAIM, { capacity: { storage: "15Gi" }, conditions, allocatedResourceStatuses }),
    ]).claims;
    expect(found).toMatchObject({
      fileSystemPendingSince: Date.parse(lastTransitionTime),
      infeasible: true,
    });
  });

  it("distinguishes a pause of its own from one of others", () => {
    const pausedBy = (manager: string) => read([resource({ paused: true }, manager)]).resource?.paused;
    expect(pausedBy("bellwether-grow-volumes")).toBe("by this command");
    expect(pausedBy("kubectl-patch")).toBe("by others");
    expect(read([resource({ paused: false })]).resource?.paused).toBe("no");
  });

  it.each([
    ["a pod is not ready", { readyReplicas: 1 }],
    ["a pod is of an old revision", { updatedReplicas: 1 }],
    ["a change was not seen yet", { observedGeneration: 2 }],
  ])("is not settled while %s", (_, status) => {
    expect(read([prometheusSet(status)]).statefulSet?.settled).toBe(false);
  });

  it("counts a pod that is being deleted as not ready", () => {
    const pod = (deletionTimestamp?: string) => ({
      kind: "Pod",
      metadata: { name: "prometheus-prometheus-0", deletionTimestamp },
      status: { startTime: "2026-11-23T10:00:00Z", conditions: [{ type: "Ready", status: "True" }] },
    });
    expect(read([pod()]).members).toMatchObject([{ ready: true }]);
    expect(read([pod("2026-11-23T11:00:00Z")]).members).toMatchObject([{ ready: false }]);
  });
});

describe("the manifest of Grafana's StatefulSet that is kept", () => {
  const grafana = volumeOwner("grafana", DEFAULT_NAMESPACES);
  const original = set("grafana", [{ ...template("data", "15Gi"), status: { phase: "Pending" } }]);
  const kept = keptConfigMap(original as ClusterObject, grafana, "25Gi") as ClusterObject;

  it("is the StatefulSet with the new size, without what the API server adds", () => {
    const { manifest } = readKept(kept);
    expect(JSON.parse(manifest)).toEqual({
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "grafana", namespace: "monitoring", labels: { app: "grafana" } },
      spec: { replicas: 2, serviceName: "grafana", volumeClaimTemplates: [template("data", "25Gi")] },
    });
  });

  it("is applied as the field manager that has applied it before, so that the next pulumi up has no conflict", () => {
    expect(readKept(kept).manager).toBe("pulumi-kubernetes-1a2b3c4d");
  });

  it("says which StatefulSet it was read from", () => {
    expect(keptManifest(kept, grafana)).toEqual({ uid: "1f", generation: 3, size: 25 * GI });
    const state = stateOf(grafana, [original as ClusterObject], kept);
    expect(state.kept).toEqual({ uid: "1f", generation: 3, size: 25 * GI });
  });
});
