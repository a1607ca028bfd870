import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { RuleGroup } from "../../components/core/rules.ts";
import { freePort, type Server, serve } from "./servers.ts";
import { tool } from "./tools.ts";

/** A Prometheus that scrapes nothing and evaluates these rules from now on, once a second. Its data is kept in the folder. */
export async function serveRules(
  folder: string,
  groups: readonly Omit<RuleGroup, "interval">[],
): Promise<Server> {
  await mkdir(folder, { recursive: true });
  const [rules, config] = [join(folder, "rules.yaml"), join(folder, "prometheus.yaml")];
  await writeFile(rules, stringify({ groups: groups.map((group) => ({ ...group, interval: "1s" })) }));
  await writeFile(config, stringify({ global: { evaluation_interval: "1s" }, rule_files: [rules] }));
  const port = await freePort();
  return serve(
    await tool("prometheus"),
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { port, ready: "/-/ready" },
  );
}
