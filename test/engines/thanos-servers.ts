import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { shorter } from "../../cli/lab/compressed-time.ts";
import type { RuleGroup } from "../../components/core/rules.ts";
import { monitoringObjects } from "../../components/prometheus/render.ts";
import { REPLICA_LABEL } from "../../components/thanos/model.ts";
import { resolved, WITH_RULER, WITH_THANOS } from "../components/prometheus/samples.ts";
import { freePort, type Server, serve } from "../support/servers.ts";
import { tool } from "../support/tools.ts";

// Prometheus, Thanos and its sidecar as processes, with the arguments of the rendered manifests. Only addresses, folders and the kind of
// object storage are others: a folder in the place of S3.

const OBJECTS = monitoringObjects(resolved(WITH_THANOS));
/** Those where Thanos evaluates the rules. */
const RULED_OBJECTS = monitoringObjects(resolved(WITH_RULER));

type Pods = {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly [{ readonly args: readonly string[] }] };
    };
  };
};

/** The arguments that a rendered workload starts with. */
function renderedArguments(
  name: "thanos-query" | "thanos-store" | "thanos-compactor",
  objects = OBJECTS,
): readonly string[] {
  return (objects[name] as unknown as Pods).spec.template.spec.containers[0].args;
}

/** The rendered arguments with other values for some. Throws for one that is not rendered. */
function withValues(args: readonly string[], values: Readonly<Record<string, string>>): readonly string[] {
  const unknown = Object.keys(values).filter((flag) => !args.some((arg) => arg.startsWith(`${flag}=`)));
  if (unknown.length > 0) throw new Error(`not rendered: ${unknown.join(", ")}`);
  return args.map((arg) => {
    const [flag = ""] = arg.split("=");
    const value = values[flag];
    return value === undefined ? arg : `${flag}=${value}`;
  });
}

const { externalLabels, replicaExternalLabelName, disableCompaction } = (
  OBJECTS["prometheus"] as unknown as {
    readonly spec: {
      readonly externalLabels: Readonly<Record<string, string>>;
      readonly replicaExternalLabelName: string;
      readonly disableCompaction?: boolean;
    };
  }
).spec;

/** The external labels of one of the pair: the operator gives the label of the replica the name of the pod. */
export function labelsOfReplica(replica: number): Readonly<Record<string, string>> {
  if (replicaExternalLabelName !== REPLICA_LABEL) throw new Error("the pair differs by another label");
  return { ...externalLabels, [replicaExternalLabelName]: `prometheus-prometheus-${replica}` };
}

/** What the operator adds to Prometheus beside an uploading sidecar with disableCompaction (test/e2e/control-plane/thanos.test.ts). */
export const UPLOADING_ARGUMENTS = [
  "--storage.tsdb.max-block-duration=2h",
  "--storage.tsdb.min-block-duration=2h",
] as const;

/** The arguments of the operator's sidecar, but for those that say where the object storage is. */
export const SIDECAR_ARGUMENTS = [
  "sidecar",
  "--prometheus.url",
  "--grpc-address",
  "--http-address",
  "--tsdb.path",
] as const;

export interface Replica {
  readonly prometheus: Server;
  readonly sidecar: Server;
  /** `address:port` of its StoreAPI. */
  readonly grpc: string;
}

/** A folder that plays object storage, and the file that says so. */
export async function objectStorage(
  folder: string,
): Promise<{ readonly bucket: string; readonly config: string }> {
  const bucket = join(folder, "bucket");
  const config = join(folder, "objstore.yml");
  await mkdir(bucket, { recursive: true });
  await writeFile(config, stringify({ type: "FILESYSTEM", config: { directory: bucket } }));
  return { bucket, config };
}

export interface ReplicaArgs {
  readonly folder: string;
  readonly replica: number;
  /** `address:port` of what is scraped every second, by path. */
  readonly scrapes: Readonly<Record<string, { readonly address: string; readonly path: string }>>;
  readonly groups: readonly RuleGroup[];
  readonly objstore: string;
}

/** One server of the pair and its sidecar. */
export async function startReplica(args: ReplicaArgs): Promise<Replica> {
  const { folder, replica, scrapes, groups, objstore } = args;
  const [config, rules, data] = ["prometheus.yaml", "rules.yaml", "data"].map((file) =>
    join(folder, file),
  ) as [string, string, string];
  await mkdir(data, { recursive: true });
  await writeFile(rules, stringify({ groups }, { aliasDuplicateObjects: false }));
  await writeFile(
    config,
    stringify({
      global: {
        scrape_interval: "1s",
        evaluation_interval: "1s",
        external_labels: labelsOfReplica(replica),
      },
      rule_files: [rules],
      scrape_configs: Object.entries(scrapes).map(([job, { address, path }]) => ({
        job_name: job,
        metrics_path: path,
        static_configs: [{ targets: [address], labels: { namespace: "shop", pod: "a", service: job } }],
      })),
    }),
  );
  const port = await freePort();
  if (disableCompaction !== true) throw new Error("Prometheus merges blocks");
  const prometheus = await serve(
    await tool("prometheus"),
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...UPLOADING_ARGUMENTS,
    ],
    { port, ready: "/-/ready" },
  );
  const [http, grpc] = [await freePort(), await freePort()];
  const sidecar = await serve(
    await tool("thanos"),
    [
      "sidecar",
      `--prometheus.url=${prometheus.url}`,
      `--grpc-address=127.0.0.1:${grpc}`,
      `--http-address=127.0.0.1:${http}`,
      `--objstore.config-file=${objstore}`,
      `--tsdb.path=${data}`,
    ],
    { port: http, ready: "/-/ready" },
  );
  return { prometheus, sidecar, grpc: `127.0.0.1:${grpc}` };
}

/** The store gateway. It looks for new blocks every five seconds, in the place of every quarter of an hour. */
export async function startStore(
  folder: string,
  objstore: string,
): Promise<{ readonly server: Server; readonly grpc: string }> {
  const [http, grpc] = [await freePort(), await freePort()];
  const args = withValues(renderedArguments("thanos-store"), {
    "--http-address": `127.0.0.1:${http}`,
    "--grpc-address": `127.0.0.1:${grpc}`,
    "--data-dir": join(folder, "store"),
    "--objstore.config-file": objstore,
  });
  const server = await serve(await tool("thanos"), [...args, "--sync-block-duration=5s"], {
    port: http,
    ready: "/-/ready",
  });
  return { server, grpc: `127.0.0.1:${grpc}` };
}

/**
 * Thanos Query over these addresses, which DNS gives in a cluster. With `faster`, it belongs to rulers, in a time that passes so many times
 * faster.
 */
export async function startQuery(endpoints: readonly string[], faster?: number): Promise<Server> {
  const [http, grpc] = [await freePort(), await freePort()];
  const values = {
    "--http-address": `127.0.0.1:${http}`,
    "--grpc-address": `127.0.0.1:${grpc}`,
    "--endpoint.sd-config": stringify({ endpoints: endpoints.map((address) => ({ address })) }),
  };
  const args =
    faster === undefined
      ? withValues(renderedArguments("thanos-query"), values)
      : [
          ...withValues(renderedArguments("thanos-query", RULED_OBJECTS), values),
          `--query.lookback-delta=${shorter("5m", faster)}`,
        ];
  return serve(await tool("thanos"), args, { port: http, ready: "/-/ready" });
}

/** The compactor. It takes blocks as they come, in the place of half an hour later: here a month is uploaded in a minute. */
export async function startCompactor(folder: string, objstore: string): Promise<Server> {
  const http = await freePort();
  const args = withValues(renderedArguments("thanos-compactor"), {
    "--http-address": `127.0.0.1:${http}`,
    "--data-dir": join(folder, "compactor"),
    "--objstore.config-file": objstore,
  });
  return serve(await tool("thanos"), [...args, "--consistency-delay=0s"], { port: http, ready: "/-/ready" });
}

/** The value of a metric of a server, summed over its series. */
export async function metricOf({ url }: Server, metric: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${metric} `) || line.startsWith(`${metric}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
