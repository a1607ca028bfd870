import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../servers.ts";
import type { ApiClient, KubernetesObject, Reference } from "./api.ts";
import { readyNodes } from "./control-plane.ts";
import type { RunningPod } from "./evictions.ts";
import type { Stage } from "./incidents.ts";
import { NODES, POWER, type Zone } from "./nodes.ts";
import { MONITORING, readGenerated } from "./platform.ts";

// What takes more than one part away at once, or a part at a bad moment, and how it comes back.

/** Ends every program of the cluster and of its monitoring, each with time to write down what it knows, and starts them anew. */
export async function restartEverything({ platform, monitoring }: Stage, between: () => void): Promise<void> {
  const { parts } = platform.plane;
  const { operator, kubeStateMetrics } = platform;
  const { prometheus, alertmanagers } = monitoring;
  const controllers = [parts.kwok, parts["kube-scheduler"], parts["kube-controller-manager"]];
  await Promise.all([...prometheus, ...alertmanagers, operator, kubeStateMetrics].map((each) => each.stop()));
  await Promise.all(controllers.map((each) => each.stop()));
  await parts["kube-apiserver"].stop();
  await parts.etcd.stop();
  between();
  await parts.etcd.start();
  await parts["kube-apiserver"].start();
  await Promise.all([...controllers, operator, kubeStateMetrics].map((each) => each.start()));
  await Promise.all([...alertmanagers, ...prometheus].map((each) => each.start()));
}

const podsOn = async (api: ApiClient, zone: Zone): Promise<readonly RunningPod[]> => {
  const names = NODES.filter((node) => node.zone === zone).map(({ name }) => name);
  const pods = await api.list<RunningPod>({ apiVersion: "v1", kind: "Pod" });
  return pods.filter(({ spec }) => names.includes(spec.nodeName));
};

/** Those of the real programs whose pods are in a zone. */
async function programsIn({ platform, monitoring }: Stage, zone: Zone) {
  const pods = (await podsOn(platform.plane.api, zone)).map(({ metadata }) => metadata.name);
  const servers = [...monitoring.prometheus, ...monitoring.alertmanagers].filter(({ pod }) =>
    pods.includes(pod),
  );
  const single = [
    ["prometheus-operator-", platform.operator],
    ["kube-state-metrics-", platform.kubeStateMetrics],
  ] as const;
  const others = single.filter(([name]) => pods.some((pod) => pod.startsWith(name)));
  return [...servers, ...others.map(([, program]) => program)];
}

/** Takes the power from a zone: its kubelets fall silent, nothing there answers, and what ran there is dead. Returns what ends it. */
export async function darken(stage: Stage, zone: Zone): Promise<() => Promise<void>> {
  const { api } = stage.platform.plane;
  const { network } = stage.monitoring;
  const programs = await programsIn(stage, zone);
  network.dark.add(zone);
  await Promise.all(programs.map((program) => program.kill()));
  await power(api, zone, null);
  return async () => {
    await power(api, zone, "on");
    await until(async () => (await readyNodes(api)) === NODES.length, 60);
    network.dark.delete(zone);
    await Promise.all(programs.map((program) => program.start()));
  };
}

async function power(api: ApiClient, zone: Zone, state: "on" | null): Promise<void> {
  for (const { name } of NODES.filter((node) => node.zone === zone))
    await api.merge({ apiVersion: "v1", kind: "Node", name }, { metadata: { labels: { [POWER]: state } } });
}

/** What the operator writes first, and what it writes last. */
const CONFIGURATION: Reference = {
  apiVersion: "v1",
  kind: "Secret",
  name: "prometheus-prometheus",
  namespace: MONITORING,
};
const STATEFUL_SET: Reference = {
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  name: "prometheus-prometheus",
  namespace: MONITORING,
};

/** The label and the argument that the change below makes. */
const CHANGE = { externalLabel: "changed", logLevel: "warn" } as const;

/**
 * Changes Prometheus' resource in a way that takes the operator several writes, a configuration and a StatefulSet, and ends the operator
 * after the first. The operator may be too quick; then the change is taken back and made again.
 */
export async function killOperatorMidway({ platform }: Stage, object: KubernetesObject): Promise<void> {
  const { api } = platform.plane;
  const spec = object["spec"] as { readonly externalLabels: object };
  const changed: KubernetesObject = {
    ...object,
    spec: {
      ...spec,
      externalLabels: { ...spec.externalLabels, [CHANGE.externalLabel]: "true" },
      logLevel: CHANGE.logLevel,
    },
  };
  for (let attempt = 0; attempt < 5; attempt++) {
    const before = await versionOf(api, CONFIGURATION);
    await api.apply(changed);
    for (let look = 0; look < 5000 && (await versionOf(api, CONFIGURATION)) === before; look++)
      await sleep(1);
    await platform.operator.kill();
    const { configuration, statefulSet } = await done(api);
    if (configuration && !statefulSet) return;
    await platform.operator.start();
    await api.apply(object);
    await until(async () => !(await done(api)).configuration && !(await done(api)).statefulSet, 60);
  }
  throw new Error("the operator was never caught in the middle of a change");
}

/** How far the operator is with the change. */
export async function done(
  api: ApiClient,
): Promise<{ readonly configuration: boolean; readonly statefulSet: boolean }> {
  const { prometheus } = await readGenerated(api);
  return {
    configuration: prometheus.includes(`${CHANGE.externalLabel}:`),
    statefulSet: JSON.stringify(await api.get(STATEFUL_SET)).includes(`--log.level=${CHANGE.logLevel}`),
  };
}

async function versionOf(api: ApiClient, reference: Reference): Promise<string | undefined> {
  return (await api.get(reference))?.metadata.resourceVersion;
}
