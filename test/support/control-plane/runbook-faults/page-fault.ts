import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../../servers.ts";
import type { ApiClient, KubernetesObject, Reference } from "../api.ts";
import { isReady, type RunningPod } from "../evictions.ts";
import type { Stage } from "../incidents.ts";
import type { KubeletStreams } from "../kubelet-streams.ts";
import type { MonitoringServer } from "../monitoring-server.ts";
import { MONITORING } from "../platform.ts";
import type { Sink } from "../sink.ts";

/** Where the commands of the pages run. */
export interface PageStage extends Stage {
  readonly streams: KubeletStreams;
  readonly sink: Sink;
}

/** A fault that an alert is about, and what the commands on its page show of it. */
export interface PageFault {
  readonly alert: string;
  /** What is wrong. */
  readonly fault: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly inject: (stage: PageStage) => Promise<void>;
  /** What the commands of the page show then, in its order; what has no text shows another fault of the page. */
  readonly shows: readonly (RegExp | undefined)[];
  readonly clear: (stage: PageStage) => Promise<void>;
}

type Spec = Readonly<Record<string, unknown>>;

/** Changes an object and returns what changes it back. */
export async function changed(
  api: ApiClient,
  reference: Reference,
  change: (object: KubernetesObject) => Spec,
): Promise<() => Promise<void>> {
  const before = await api.get(reference);
  if (before === undefined) throw new Error(`there is no ${reference.kind} ${reference.name}`);
  const path = await api.pathOf(reference, reference.name);
  const put = async (fields: Spec) => {
    // Controllers write to it meanwhile.
    for (let tries = 0; ; tries++) {
      const now = await api.get(reference);
      const { status } = await api.ask("PUT", path, { ...now, ...fields });
      if (status < 300) return;
      if (tries === 5) throw new Error(`${reference.kind} ${reference.name} is not changed: ${status}`);
    }
  };
  const fields = change(before);
  await put(fields);
  return () => put(Object.fromEntries(Object.keys(fields).map((field) => [field, before[field]])));
}

/** The part of a fault that has to be undone: kept between `inject` and `clear`. */
export function undone(make: (stage: PageStage) => Promise<() => Promise<void>>) {
  let undo: (() => Promise<void>) | undefined;
  return {
    inject: async (stage: PageStage) => {
      undo = await make(stage);
    },
    clear: async (_: PageStage) => {
      await undo?.();
      undo = undefined;
    },
  };
}

export async function podsOf(
  api: ApiClient,
  namespace: string,
  prefix: string,
): Promise<readonly RunningPod[]> {
  const pods = await api.list<RunningPod>({ apiVersion: "v1", kind: "Pod", namespace });
  return pods.filter(({ metadata }) => metadata.name.startsWith(prefix));
}

export async function untilReady(api: ApiClient, namespace: string, prefix: string): Promise<void> {
  await until(async () => {
    const pods = await podsOf(api, namespace, prefix);
    return pods.length > 0 && pods.every(isReady);
  }, 90);
}

export async function removePods(api: ApiClient, namespace: string, prefix: string): Promise<void> {
  for (const { metadata } of await podsOf(api, namespace, prefix))
    await api.remove({ apiVersion: "v1", kind: "Pod", name: metadata.name, namespace });
}

interface ContainerStatus {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** A container ends again and again, as its kubelet says of it: the status alone, since nothing runs. */
export async function crashes(api: ApiClient, pod: string, container: string): Promise<void> {
  const reference: Reference = { apiVersion: "v1", kind: "Pod", name: pod, namespace: MONITORING };
  const found = await api.get<{
    readonly status: {
      readonly containerStatuses: readonly ContainerStatus[];
      readonly conditions: readonly { readonly type: string }[];
    };
  }>(reference);
  const state = {
    waiting: { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting failed container" },
  };
  const lastState = { terminated: { exitCode: 1, reason: "Error" } };
  const containerStatuses = (found?.status.containerStatuses ?? []).map((status) =>
    status.name === container ? { ...status, ready: false, restartCount: 7, state, lastState } : status,
  );
  const conditions = (found?.status.conditions ?? []).map((condition) =>
    /^(Containers)?Ready$/.test(condition.type) ? { ...condition, status: "False" } : condition,
  );
  await api.merge(reference, { status: { containerStatuses, conditions } }, "/status");
}

/** Writes something into the configuration that the server does not take, and returns what takes it back. */
export async function misconfigured(server: MonitoringServer): Promise<() => Promise<void>> {
  const before = await readFile(server.configFile, "utf8");
  await writeFile(server.configFile, `${before}\nno_such_section: {}\n`);
  return () => writeFile(server.configFile, before);
}

/** An event as the kubelet of a node writes it. */
export async function kubeletEvent(
  api: ApiClient,
  pod: { readonly name: string; readonly namespace: string; readonly node: string },
  { reason, message }: { readonly reason: string; readonly message: string },
): Promise<() => Promise<void>> {
  const now = new Date().toISOString().replace(/\.\d+/, "");
  const { name, namespace, node } = pod;
  const metadata = { name: `${name}.${reason.toLowerCase()}`, namespace };
  await api.apply({
    apiVersion: "v1",
    kind: "Event",
    metadata,
    involvedObject: { apiVersion: "v1", kind: "Pod", name, namespace },
    reason,
    message,
    type: "Warning",
    count: 1,
    firstTimestamp: now,
    lastTimestamp: now,
    source: { component: "kubelet", host: node },
  });
  return () => api.remove({ apiVersion: "v1", kind: "Event", ...metadata });
}

const clusterRole = (name: string): Reference => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  name,
});

interface Rule {
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
}

/** A role may no longer do something with nodes, or with anything. */
export async function mayNot(
  api: ApiClient,
  role: string,
  verbs: readonly string[] | "all",
): Promise<() => Promise<void>> {
  return changed(api, clusterRole(role), ({ rules }) => ({
    rules: (rules as readonly Rule[]).flatMap((rule) => {
      if (verbs !== "all" && rule.resources?.includes("nodes") !== true) return [rule];
      const left = verbs === "all" ? [] : rule.verbs.filter((verb) => !verbs.includes(verb));
      return left.length === 0 ? [] : [{ ...rule, verbs: left }];
    }),
  }));
}

/** Waits, from now on, until a program has written something into its log: at most a minute and a half. */
export async function logFrom(
  { platform: { plane } }: PageStage,
  log: string,
): Promise<(text: RegExp) => Promise<void>> {
  const file = join(plane.logs, `${log}.log`);
  const before = (await readFile(file, "utf8")).length;
  return (text) => until(async () => text.test((await readFile(file, "utf8")).slice(before)), 90);
}
