import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IThanosRuler } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ThanosRuler";
import { parse, stringify } from "yaml";
import { shorter } from "../../cli/lab/compressed-time.ts";
import { type Addresses, prometheusConfig, prometheusFlags } from "../../cli/lab/configuration.ts";
import { startServer } from "../../cli/lab/server.ts";
import { monitoringObjects } from "../../components/prometheus/render.ts";
import { RULER_REPLICA_LABEL } from "../../components/thanos/model.ts";
import { serviceArgs } from "../../infra/args.ts";
import type { Environment } from "../../stacks/environment.ts";
import { services } from "../../stacks/services/index.ts";
import { resolved, WITH_RULER } from "../components/prometheus/samples.ts";
import { freePort, type Server, serve } from "../support/servers.ts";
import { tool } from "../support/tools.ts";
import { type Series, seriesIn } from "./cortex.ts";
import { labelsOfReplica } from "./thanos-servers.ts";

// Prometheus servers without rules, and Thanos Ruler with the settings of the rendered resource, in a time that passes faster.

const { spec } = monitoringObjects(resolved(WITH_RULER))["thanos-ruler"] as IThanosRuler;

/**
 * The arguments that the operator makes of the rendered resource, but for those that say where things are (the test of the control plane
 * holds them against the operator's own).
 */
export const RULER_ARGUMENTS = [
  "rule",
  `--label=${RULER_REPLICA_LABEL}="$(POD_NAME)"`,
  ...Object.entries(spec.labels ?? {}).map(([name, value]) => `--label=${name}="${value}"`),
  `--alert.label-drop=${RULER_REPLICA_LABEL}`,
  `--tsdb.retention=${spec.retention}`,
  `--eval-interval=${spec.evaluationInterval}`,
  `--rule-query-offset=${spec.ruleQueryOffset}`,
  ...(spec.additionalArgs ?? []).map(
    ({ name, value }) => `--${name}${value === undefined ? "" : `=${value}`}`,
  ),
] as const;

/** The flags of those arguments of the operator that say where things are. */
export const PLACES_OF_A_RULER = [
  "--data-dir",
  "--rule-file",
  "--query",
  "--alertmanagers.url",
  "--objstore.config-file",
  "--http.config",
] as const;

/** What an Alertmanager was sent: the first time of each alert, in milliseconds since 1970. */
export interface Inbox {
  readonly address: string;
  readonly stop: () => Promise<void>;
  readonly first: ReadonlyMap<string, number>;
  readonly labels: () => readonly Readonly<Record<string, string>>[];
}

/** An Alertmanager's API that takes everything and keeps when it came. */
export async function startInbox(alertname: string): Promise<Inbox> {
  const first = new Map<string, number>();
  const seen: Readonly<Record<string, string>>[] = [];
  const server = await startServer(0, (_, path, body) => {
    if (!path.startsWith("/api/v2/alerts")) return { status: 404 };
    for (const { labels, endsAt } of JSON.parse(body) as {
      labels: Record<string, string>;
      endsAt?: string;
    }[]) {
      if (labels["alertname"] !== alertname || (endsAt !== undefined && Date.parse(endsAt) < Date.now()))
        continue;
      seen.push(labels);
      const key = `${labels["service"]} ${labels["slo"]}`;
      if (!first.has(key)) first.set(key, Date.now());
    }
    return { status: 200, body: "{}" };
  });
  return { address: new URL(server.url).host, stop: server.stop, first, labels: () => seen };
}

export interface ScraperArgs {
  readonly folder: string;
  readonly environment: Environment;
  readonly names: readonly string[];
  readonly faster: number;
  readonly addresses: Addresses;
  /** One of the pair that Thanos reads, without rules; or a server apart, with these. */
  readonly as: { readonly replica: number } | { readonly groups: readonly object[] };
}

export interface Scraper {
  readonly server: Server;
  readonly data: string;
  readonly query: (query: string) => Promise<readonly Series[]>;
}

/** A Prometheus that scrapes the simulated services. */
export async function startScraper(args: ScraperArgs): Promise<Scraper> {
  const { folder, environment, names, faster, addresses, as } = args;
  mkdirSync(folder, { recursive: true });
  const rules = join(folder, "rules.yaml");
  writeFileSync(
    rules,
    stringify({ groups: "groups" in as ? as.groups : [] }, { aliasDuplicateObjects: false }),
  );
  const scraped = Object.values(serviceArgs(environment, services)).filter(({ service }) =>
    names.includes(service.name),
  );
  const config = parse(prometheusConfig(environment, scraped, addresses, faster)) as {
    readonly global: { readonly external_labels: object };
  };
  const file = join(folder, "prometheus.yaml");
  writeFileSync(
    file,
    stringify({
      ...config,
      global: {
        ...config.global,
        external_labels: "replica" in as ? labelsOfReplica(as.replica) : config.global.external_labels,
      },
      rule_files: [rules],
    }),
  );
  const port = await freePort();
  const data = join(folder, "data");
  const server = await serve(
    await tool("prometheus"),
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--storage.tsdb.max-block-duration=2h",
      "--storage.tsdb.min-block-duration=2h",
      ...prometheusFlags(faster),
    ],
    { port, ready: "/-/ready" },
  );
  return { server, data, query: (query) => answered(server, query) };
}

/** A sidecar beside a Prometheus. The address of its StoreAPI. */
export async function startSidecar(
  { server, data }: Scraper,
  objstore: string,
): Promise<{ readonly server: Server; readonly grpc: string }> {
  const [http, grpc] = [await freePort(), await freePort()];
  const sidecar = await serve(
    await tool("thanos"),
    [
      "sidecar",
      `--prometheus.url=${server.url}`,
      `--grpc-address=127.0.0.1:${grpc}`,
      `--http-address=127.0.0.1:${http}`,
      `--objstore.config-file=${objstore}`,
      `--tsdb.path=${data}`,
    ],
    { port: http, ready: "/-/ready" },
  );
  return { server: sidecar, grpc: `127.0.0.1:${grpc}` };
}

/** Thanos Query beside a ruler, with the arguments of its container, over the StoreAPIs of one replica of each shard and of the ruler. */
export async function startRulerQuery(endpoints: readonly string[], faster: number): Promise<Server> {
  const [http, grpc] = [await freePort(), await freePort()];
  const rendered = spec.containers?.find(({ name }) => name === "query")?.args ?? [];
  const values: Readonly<Record<string, string>> = {
    "--http-address": `127.0.0.1:${http}`,
    "--grpc-address": `127.0.0.1:${grpc}`,
    "--endpoint.sd-config": stringify({ endpoints: endpoints.map((address) => ({ address, strict: true })) }),
  };
  const args = rendered.map((argument) => {
    const [flag = ""] = argument.split("=");
    return values[flag] === undefined ? argument : `${flag}=${values[flag]}`;
  });
  return serve(await tool("thanos"), [...args, `--query.lookback-delta=${shorter("5m", faster)}`], {
    port: http,
    ready: "/-/ready",
  });
}

export interface RulerArgs {
  readonly folder: string;
  readonly replica: number;
  readonly groups: readonly object[];
  readonly faster: number;
  readonly query: string;
  readonly alertmanager: string;
  readonly objstore: string;
  readonly grpc: number;
}

/** One of the rulers, at the port of its StoreAPI. */
export async function startRuler(args: RulerArgs): Promise<Server> {
  const { folder, replica, groups, faster, query, alertmanager, objstore, grpc } = args;
  mkdirSync(folder, { recursive: true });
  const rules = join(folder, "rules.yaml");
  writeFileSync(rules, stringify({ groups }, { aliasDuplicateObjects: false }));
  const http = await freePort();
  const own = RULER_ARGUMENTS.map((argument) =>
    /^--(?:eval-interval|rule-query-offset)=/.test(argument)
      ? argument.replace(/=(.*)$/, (_, length: string) => `=${shorter(length, faster)}`)
      : argument.replace("$(POD_NAME)", `thanos-ruler-main-${replica}`),
  );
  return serve(
    await tool("thanos"),
    [
      ...own,
      `--data-dir=${join(folder, "data")}`,
      `--rule-file=${rules}`,
      `--query=${query}`,
      `--alertmanagers.url=http://${alertmanager}`,
      `--objstore.config-file=${objstore}`,
      `--http-address=127.0.0.1:${http}`,
      `--grpc-address=127.0.0.1:${grpc}`,
      // Defaults of Prometheus, which Thanos has too.
      `--resend-delay=${shorter("1m", faster)}`,
      `--for-grace-period=${shorter("10m", faster)}`,
    ],
    { port: http, ready: "/-/ready" },
  );
}

/** What an instant query finds. */
export async function answered(
  { url }: Server,
  query: string,
  time?: number,
  dedup?: "false",
): Promise<readonly Series[]> {
  const body = new URLSearchParams({
    query,
    ...(time !== undefined && { time: String(time) }),
    ...(dedup !== undefined && { dedup }),
  });
  const response = await fetch(`${url}/api/v1/query`, { method: "POST", body });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${query}: ${response.status} ${text}`);
  return seriesIn(text);
}
