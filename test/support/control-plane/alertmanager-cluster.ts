import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shorter } from "../../../cli/lab/compressed-time.ts";
import { freePort } from "../servers.ts";
import { tool } from "../tools.ts";
import type { ControlPlane } from "./control-plane.ts";
import { type MonitoringServer, monitoringServer, statefulSet } from "./monitoring-server.ts";
import { MONITORING, readGenerated } from "./platform.ts";
import { rewriteAlertmanager } from "./rewriting.ts";
import type { Sink } from "./sink.ts";

export interface ClusterOptions {
  readonly name: string;
  readonly folder: string;
  readonly sink: Sink;
  readonly factor: number;
}

/** Alertmanager's cluster as the operator describes it, with its mesh on loopback; not started yet. */
export async function alertmanagerCluster(
  plane: ControlPlane,
  { name, folder, sink, factor }: ClusterOptions,
): Promise<readonly (MonitoringServer & { readonly port: number })[]> {
  const { pods, argsOf } = await statefulSet(plane, "alertmanager-main");
  const mounted = join(folder, "etc-alertmanager");
  await writeMounted(plane, sink, mounted);
  const generated = await readGenerated(plane.api);
  const config = rewriteAlertmanager(generated.alertmanager, {
    mounted,
    pagerdutyUrl: sink.pagerdutyUrl,
    factor,
  });
  const program = await tool("alertmanager");
  const gossip = await Promise.all(pods.map(freePort));
  const peers = gossip.map((port) => `--cluster.peer=127.0.0.1:${port}`);
  return await Promise.all(
    pods.map(async (pod, index) => {
      const own = join(folder, pod);
      await mkdir(own, { recursive: true });
      const configFile = join(own, "alertmanager.yaml");
      await writeFile(configFile, config);
      const port = await freePort();
      const address = `127.0.0.1:${gossip[index]}`;
      // One alone has no mesh, and the operator says so with an empty address.
      const mesh =
        pods.length === 1
          ? ["--cluster.listen-address="]
          : [
              `--cluster.listen-address=${address}`,
              `--cluster.advertise-address=${address}`,
              ...peers,
              `--cluster.peer-timeout=${shorter("15s", factor)}`,
              `--cluster.reconnect-interval=${shorter("10s", factor)}`,
            ];
      const args = [
        ...argsOf(pod),
        `--config.file=${configFile}`,
        `--storage.path=${join(own, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        ...mesh,
      ];
      const options = { pod, name: `${name}-${pod}`, program, args, port, configFile, logs: plane.logs };
      return { ...monitoringServer(options), port };
    }),
  );
}

/**
 * What the kubelet mounts into Alertmanager's pods: the Secrets and ConfigMaps that the resource names, from the API server. The
 * credentials lead to this sink.
 */
async function writeMounted({ api }: ControlPlane, sink: Sink, folder: string): Promise<void> {
  const resource = await api.get<{
    readonly spec: { readonly secrets?: readonly string[]; readonly configMaps?: readonly string[] };
  }>({ apiVersion: "monitoring.coreos.com/v1", kind: "Alertmanager", name: "main", namespace: MONITORING });
  for (const [kind, place, names] of [
    ["Secret", "secrets", resource?.spec.secrets],
    ["ConfigMap", "configmaps", resource?.spec.configMaps],
  ] as const)
    for (const name of names ?? []) {
      await mkdir(join(folder, place, name), { recursive: true });
      const object = await api.get({ apiVersion: "v1", kind, name, namespace: MONITORING });
      const data = (object?.["data"] ?? {}) as Readonly<Record<string, string>>;
      for (const [key, value] of Object.entries(data))
        await writeFile(join(folder, place, name, key), kind === "Secret" ? sink.secretValue(key) : value);
    }
}
