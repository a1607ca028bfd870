import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, type Server, serve } from "./servers.ts";
import { tool } from "./tools.ts";

/** The Alertmanager that is deployed, without a cluster, on this configuration; what it knows is kept in the folder. */
export async function serveAlertmanager(folder: string, configuration: string): Promise<Server> {
  const config = join(folder, "alertmanager.yaml");
  await mkdir(folder, { recursive: true });
  await writeFile(config, configuration);
  const port = await freePort();
  return await serve(
    await tool("alertmanager"),
    [
      `--config.file=${config}`,
      `--storage.path=${join(folder, "alertmanager")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
    ],
    { port, ready: "/-/ready" },
  );
}
