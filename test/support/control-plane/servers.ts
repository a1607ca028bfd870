import { join } from "node:path";
import { alertmanagerCluster } from "./alertmanager-cluster.ts";
import type { MonitoringServer } from "./monitoring-server.ts";
import { ClusterNetwork } from "./network.ts";
import type { Platform } from "./platform.ts";
import { prometheusPair } from "./prometheus-pair.ts";
import type { Sink } from "./sink.ts";
import { StandIns } from "./stand-ins.ts";

/** The Prometheus servers and the Alertmanagers that the operator's objects describe, running for real. */
export interface MonitoringServers {
  readonly prometheus: readonly MonitoringServer[];
  readonly alertmanagers: readonly MonitoringServer[];
  readonly network: ClusterNetwork;
  readonly standIns: StandIns;
  /** Takes over what the operator has generated since. False if a Prometheus refuses it. */
  readonly refresh: () => Promise<boolean>;
  readonly stop: () => Promise<void>;
}

export interface MonitoringOptions {
  /** Tells the folders and logs of several of them apart. */
  readonly name: string;
  readonly sink: Sink;
  /** How many times faster time runs: see faster.ts. */
  readonly factor: number;
  /** Hours of healthy history before the start, in the time that the rules count in. */
  readonly history: number;
}

export async function startMonitoring(
  { plane, operator, kubeStateMetrics }: Platform,
  { name, sink, factor, history }: MonitoringOptions,
): Promise<MonitoringServers> {
  const folder = join(plane.folder, name);
  const end = Math.floor(Date.now() / 1000);
  const past = { start: end - Math.round((history * 3600) / factor), end };
  const standIns = new StandIns(past.start);
  const ports = new Map<string, number>();
  const network = await ClusterNetwork.start(plane, standIns, (pod, wanted) => {
    if (pod.startsWith("prometheus-operator-")) return operator.ports[wanted];
    if (pod.startsWith("kube-state-metrics-")) return kubeStateMetrics.ports[wanted];
    return wanted === 9090 || wanted === 9093 ? ports.get(pod) : undefined;
  });
  const running: MonitoringServer[] = [];
  const stop = async () => {
    for (const each of running) await each.kill();
    await network.stop();
  };
  try {
    const alertmanagers = await alertmanagerCluster(plane, { name, folder, sink, factor });
    const pair = await prometheusPair(plane, { name, folder, factor, proxyUrl: network.url, past });
    for (const { pod, port } of [...alertmanagers, ...pair.servers]) ports.set(pod, port);
    running.push(...alertmanagers, ...pair.servers);
    await Promise.all(alertmanagers.map((each) => each.start()));
    await Promise.all(pair.servers.map((each) => each.start()));
    return { prometheus: pair.servers, alertmanagers, network, standIns, refresh: pair.refresh, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
