import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { freePort, type Server, serve, until } from "../support/servers.ts";
import { tool } from "../support/tools.ts";
import { type Exposition, parseExposition } from "./exposition.ts";

/** The programs that are asked, rather than believed. */
export const CAPTURED = ["prometheus", "alertmanager", "node-exporter", "config-reloader"] as const;

/**
 * Runs Prometheus, Alertmanager, the config-reloader and node-exporter for a few seconds, each in the version that is deployed and with
 * something to do (a rule to evaluate, an Alertmanager to notify, a configuration to hand over), and reads their expositions.
 */
export async function capture(): Promise<Readonly<Record<(typeof CAPTURED)[number], Exposition>>> {
  const folder = await mkdtemp(join(tmpdir(), "bellwether-expositions-"));
  const servers: Server[] = [];
  const started = (server: Server) => {
    servers.push(server);
    return server;
  };
  try {
    const alertmanager = started(await startAlertmanager(folder));
    const prometheus = started(await startPrometheus(folder, alertmanager));
    const reloader = started(await startReloader(folder, prometheus));
    const nodeExporter = started(await startNodeExporter());
    const text = async ({ url }: Server) => (await fetch(`${url}/metrics`)).text();
    // The first notification leaves after the rule's first evaluation, and what counts it exists from then on.
    for (const counter of [
      "prometheus_notifications_sent_total",
      "prometheus_tsdb_head_samples_appended_total",
      "prometheus_remote_storage_samples_total",
    ])
      await until(async () => (await text(prometheus)).includes(`\n${counter}{`));
    await until(async () => (await text(reloader)).includes("\nreloader_last_reload_successful "));
    return {
      prometheus: parseExposition(await text(prometheus)),
      alertmanager: parseExposition(await text(alertmanager)),
      "node-exporter": parseExposition(await text(nodeExporter)),
      "config-reloader": parseExposition(await text(reloader)),
    };
  } finally {
    await Promise.all(servers.map(({ stop }) => stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

async function startAlertmanager(folder: string): Promise<Server> {
  const file = join(folder, "alertmanager.yaml");
  await writeFile(file, stringify({ route: { receiver: "nobody" }, receivers: [{ name: "nobody" }] }));
  const [port, mesh] = [await freePort(), await freePort()];
  const args = [
    `--config.file=${file}`,
    `--storage.path=${join(folder, "alertmanager")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    // With a mesh of its own it counts members, as one of several does.
    `--cluster.listen-address=127.0.0.1:${mesh}`,
    `--cluster.advertise-address=127.0.0.1:${mesh}`,
  ];
  return serve(await tool("alertmanager"), args, { port, ready: "/-/ready" });
}

async function startPrometheus(folder: string, alertmanager: Server): Promise<Server> {
  const port = await freePort();
  const rules = join(folder, "rules.yaml");
  const file = join(folder, "prometheus.yaml");
  const config = {
    global: { evaluation_interval: "1s", scrape_interval: "1s" },
    scrape_configs: [{ job_name: "itself", static_configs: [{ targets: [`127.0.0.1:${port}`] }] }],
    // To itself, so that what counts samples that are sent on exists.
    remote_write: [{ name: "store", url: `http://127.0.0.1:${port}/api/v1/write` }],
    rule_files: [rules],
    alerting: {
      alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanager.url).host] }] }],
    },
  };
  await writeFile(
    rules,
    stringify({ groups: [{ name: "always", rules: [{ alert: "Always", expr: "vector(1)" }] }] }),
  );
  await writeFile(file, stringify(config));
  const args = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, "prometheus")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--web.enable-lifecycle",
    "--web.enable-remote-write-receiver",
  ];
  return serve(await tool("prometheus"), args, { port, ready: "/-/ready" });
}

async function startReloader(folder: string, prometheus: Server): Promise<Server> {
  const port = await freePort();
  const args = [
    `--config-file=${join(folder, "prometheus.yaml")}`,
    `--reload-url=${prometheus.url}/-/reload`,
    `--listen-address=127.0.0.1:${port}`,
    "--watch-interval=1s",
  ];
  return serve(await tool("prometheus-config-reloader"), args, { port, ready: "/metrics" });
}

async function startNodeExporter(): Promise<Server> {
  const port = await freePort();
  return serve(await tool("node_exporter"), [`--web.listen-address=127.0.0.1:${port}`], {
    port,
    ready: "/metrics",
  });
}
