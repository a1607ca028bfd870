import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { seconds } from "../../components/core/duration.ts";
import { AMP_LIMITS } from "../../components/stored-rules/limits.ts";
import type { StoredGroup } from "../../components/stored-rules/render.ts";
import { freePort, type Server, serve } from "../support/servers.ts";
import { tool } from "../support/tools.ts";

/** One series of an answer: its labels, and its samples as [seconds since 1970, value]. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [at: number, value: number])[];
}

/** A Cortex on the loopback interface, with the limits of Amazon Managed Service for Prometheus. Tenants are apart. */
export interface Cortex {
  readonly url: string;
  readonly stop: () => Promise<void>;
  readonly log: () => string;
  /** Puts a group into a namespace. The status, and what is wrong where it is not 202. */
  readonly load: (
    tenant: string,
    namespace: string,
    group: StoredGroup | object,
  ) => Promise<[status: number, why: string]>;
  /** Removes every rule of a tenant. */
  readonly unload: (tenant: string) => Promise<void>;
  /** Gives a tenant's alert manager a configuration. The status, and what is wrong where it is not 201. */
  readonly route: (tenant: string, definition: string) => Promise<[status: number, why: string]>;
  /** What an instant query finds; a selector with a range finds samples as they were stored. */
  readonly query: (tenant: string, query: string) => Promise<readonly Series[]>;
  /** The health of every rule of a tenant, by group and name. */
  readonly health: (tenant: string) => Promise<Readonly<Record<string, string>>>;
}

/** Starts one. `lookback` is how long an instant selector finds a sample, in seconds. */
export async function startCortex(lookback = 300): Promise<Cortex> {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-cortex-"));
  const [port, grpc] = [await freePort(), await freePort()];
  const file = join(folder, "cortex.yaml");
  writeFileSync(file, stringify(configuration(folder, port, grpc, lookback)));
  const server = await serve(await tool("cortex"), [`-config.file=${file}`, "-target=all,alertmanager"], {
    port,
    ready: "/ready",
  });
  return { ...clientOf(server), log: server.log, stop: () => stopped(server, folder) };
}

async function stopped(server: Server, folder: string): Promise<void> {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

function configuration(folder: string, port: number, grpc: number, lookback: number) {
  const at = (name: string) => {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  };
  const store = { store: "inmemory" };
  const loopback = { instance_addr: "127.0.0.1", instance_port: grpc };
  return {
    auth_enabled: true,
    server: {
      http_listen_address: "127.0.0.1",
      http_listen_port: port,
      grpc_listen_address: "127.0.0.1",
      grpc_listen_port: grpc,
      log_level: "warn",
    },
    ingester: {
      lifecycler: {
        address: "127.0.0.1",
        port: grpc,
        min_ready_duration: "0s",
        final_sleep: "0s",
        ring: { kvstore: store, replication_factor: 1 },
      },
    },
    distributor: { ring: { kvstore: store, ...loopback }, ha_tracker: { enable_ha_tracker: false } },
    querier: { lookback_delta: `${lookback}s`, active_query_tracker_dir: at("queries") },
    blocks_storage: {
      backend: "filesystem",
      filesystem: { dir: at("blocks") },
      tsdb: { dir: at("head") },
      bucket_store: { sync_dir: at("sync") },
    },
    store_gateway: { sharding_ring: { kvstore: store, ...loopback } },
    compactor: { data_dir: at("compactor"), sharding_ring: { kvstore: store, ...loopback } },
    frontend: { address: "127.0.0.1" },
    ruler: {
      enable_api: true,
      poll_interval: "1s",
      rule_path: at("rules"),
      ring: { kvstore: store, ...loopback },
    },
    ruler_storage: { backend: "filesystem", filesystem: { dir: at("ruler-storage") } },
    alertmanager: {
      enable_api: true,
      data_dir: at("alertmanager"),
      external_url: `http://127.0.0.1:${port}/alertmanager`,
      poll_interval: "1s",
      sharding_ring: { kvstore: store, ...loopback, replication_factor: 1 },
      cluster: { listen_address: "" },
    },
    alertmanager_storage: { backend: "filesystem", filesystem: { dir: at("alertmanager-storage") } },
    limits: {
      ruler_max_rules_per_rule_group: AMP_LIMITS.rulesInGroup,
      ruler_max_rule_groups_per_tenant: AMP_LIMITS.groups,
      max_query_length: `${AMP_LIMITS.queryDays * 24}h`,
      alertmanager_max_templates_count: AMP_LIMITS.templates,
      alertmanager_max_config_size_bytes: AMP_LIMITS.fileBytes,
      enable_native_histograms: true,
      ingestion_rate: 1_000_000,
      ingestion_burst_size: 2_000_000,
    },
  };
}

function clientOf({ url }: Server): Omit<Cortex, "stop" | "log"> {
  const request = async (tenant: string, path: string, init: RequestInit = {}): Promise<[number, string]> => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: { "X-Scope-OrgID": tenant, ...init.headers },
    });
    return [response.status, await response.text()];
  };
  const yaml = { "content-type": "application/yaml" };
  return {
    url,
    load: (tenant, namespace, group) =>
      request(tenant, `/api/v1/rules/${namespace}`, {
        method: "POST",
        headers: yaml,
        body: stringify(group),
      }),
    unload: async (tenant) => {
      const [status, text] = await request(tenant, "/api/v1/rules");
      if (status !== 200) return;
      for (const namespace of [...text.matchAll(/^(\S+):$/gm)].map(([, name]) => name))
        await request(tenant, `/api/v1/rules/${namespace}`, { method: "DELETE" });
    },
    route: (tenant, definition) =>
      request(tenant, "/api/v1/alerts", { method: "POST", headers: yaml, body: definition }),
    query: async (tenant, query) => {
      const [status, text] = await request(
        tenant,
        `/prometheus/api/v1/query?${new URLSearchParams({ query })}`,
      );
      if (status !== 200) throw new Error(`${query}: ${status} ${text}`);
      return seriesIn(text);
    },
    health: async (tenant) => {
      const [status, text] = await request(tenant, "/prometheus/api/v1/rules");
      if (status !== 200) throw new Error(`the rules of ${tenant}: ${status} ${text}`);
      const { data } = JSON.parse(text) as { data: { groups: readonly RuledGroup[] } };
      return Object.fromEntries(
        data.groups.flatMap((group) =>
          group.rules.map((rule, index) => [
            `${group.name} ${index} ${rule.name}`,
            rule.lastError ? `${rule.health}: ${rule.lastError}` : rule.health,
          ]),
        ),
      );
    },
  };
}

interface RuledGroup {
  readonly name: string;
  readonly rules: readonly { readonly name: string; readonly health: string; readonly lastError?: string }[];
}

interface Answer {
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number, string])[];
    }[];
  };
}

/** The series of an answer of the query API, of Cortex and Prometheus alike. */
export function seriesIn(text: string): readonly Series[] {
  return (JSON.parse(text) as Answer).data.result.map(({ metric, value, values }) => ({
    metric,
    values: (values ?? (value === undefined ? [] : [value])).map(
      ([at, number]) => [at, Number(number)] as const,
    ),
  }));
}

/** The seconds of a group's query offset. */
export function lookBackOf({ query_offset }: StoredGroup): number {
  return seconds(query_offset);
}
