import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, type Server, serve } from "./servers.ts";
import { tool } from "./tools.ts";

/** The Alertmanager that is deployed, without a cluster, on this configuration; what it knows is kept in the folder. */
export async function serveAlertmanager(folder: string, configuration: string): Promise<Server> {
  return one(folder, configuration, ["--cluster.listen-address="]);
}

/** Two of them that tell each other what they know. */
export async function serveAlertmanagerPair(
  folder: string,
  configuration: string,
): Promise<readonly Server[]> {
  const gossip = await Promise.all([freePort(), freePort()]);
  return Promise.all(
    gossip.map((port) =>
      one(join(folder, `member-${port}`), configuration, [
        `--cluster.listen-address=127.0.0.1:${port}`,
        `--cluster.advertise-address=127.0.0.1:${port}`,
        ...gossip.map((peer) => `--cluster.peer=127.0.0.1:${peer}`),
        "--cluster.reconnect-interval=1s",
        // It is ready when the cluster has not changed for some of these.
        "--cluster.gossip-interval=20ms",
      ]),
    ),
  );
}

async function one(folder: string, configuration: string, cluster: readonly string[]): Promise<Server> {
  const config = join(folder, "alertmanager.yaml");
  await mkdir(folder, { recursive: true });
  await writeFile(config, configuration);
  const port = await freePort();
  return serve(
    await tool("alertmanager"),
    [
      `--config.file=${config}`,
      `--storage.path=${join(folder, "alertmanager")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...cluster,
    ],
    { port, ready: "/-/ready" },
  );
}
