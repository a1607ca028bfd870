import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { KubernetesObject } from "../../support/control-plane/api.ts";
import { isReady, monitoringPods } from "../../support/control-plane/evictions.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import { MONITORING, type Platform, startPlatform } from "../../support/control-plane/platform.ts";
import { until } from "../../support/servers.ts";

// With this feature, which Kubernetes 1.35.0 to 1.35.3 have by default, the StatefulSet controller leaves a pod that a bad rollout broke,
// and the operator has to evict it.
const featureGates = ["MaxUnavailableStatefulSet=true"];

let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform(join(inject("previews"), "prod"), (_, key) => `stand-in for ${key}`, {
    featureGates,
  });
});
keepLogsOfFailures(() => platform?.plane);
afterAll(() => platform?.stop());

const REVISION = "controller-revision-hash";

interface StatefulSet extends KubernetesObject {
  readonly spec: { readonly replicas: number };
  readonly status: { readonly updateRevision: string };
}

/** The pods of a server, with whether each is ready, and of which revision. */
async function podsOf(server: string) {
  const pods = await monitoringPods(platform.plane.api);
  return pods
    .filter(({ metadata }) => metadata.name.startsWith(server))
    .map((pod) => ({ ready: isReady(pod), revision: pod.metadata.labels?.[REVISION] }));
}

describe("a rollout whose pods cannot start", () => {
  it.each([
    ["Alertmanager", "alertmanager-main"],
    ["Prometheus", "prometheus-prometheus"],
  ])("goes on once the resource is fixed: %s", async (kind, server) => {
    const { api } = platform.plane;
    const fixed = platform.steps.flatMap(({ objects }) => objects).find((object) => object.kind === kind);
    if (fixed === undefined) throw new Error(`production has no ${kind}`);
    const nodeSelector = { "bellwether.test/none": "here" };
    await api.apply({ ...fixed, spec: { ...(fixed["spec"] as object), nodeSelector } });
    await until(async () => (await podsOf(server)).some(({ ready }) => !ready), 60);
    await api.apply(fixed);

    const healed = async () => {
      const reference = { apiVersion: "apps/v1", kind: "StatefulSet", name: server, namespace: MONITORING };
      const { spec, status } = (await api.get(reference)) as StatefulSet;
      const desired = (await podsOf(server)).filter(
        ({ ready, revision }) => ready && revision === status.updateRevision,
      );
      return desired.length === spec.replicas;
    };
    await until(healed, 90).catch(async () => {
      expect(await podsOf(server), "the pods of the desired revision").toEqual("all ready");
    });
  });
});
