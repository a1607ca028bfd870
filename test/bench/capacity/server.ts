import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { freePort, until } from "../../support/servers.ts";
import { tool } from "../../support/tools.ts";
import { type Exposed, Exposition } from "./exposition.ts";

/** What a server scrapes, and rules that it evaluates every five seconds. */
export interface BenchLoad extends Exposed {
  readonly rules: number;
}

/** What a server used, in bytes, and what it then held. */
export interface Measured {
  readonly memory: number;
  readonly log: number;
  readonly block: number;
  readonly samples: number;
  readonly histogramSamples: number;
  /** Series in the head, of rules and of the server's own checks too. */
  readonly headSeries: number;
}

/** Scrapes a load once a second for so many seconds, and measures in the last thirty. */
export async function measure(load: BenchLoad, seconds: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-capacity-"));
  const exposition = new Exposition(load);
  const [target, port] = [await exposition.listen(), await freePort()];
  writeFileSync(join(folder, "rules.yaml"), stringify(rulesOf(load)));
  writeFileSync(join(folder, "prometheus.yaml"), stringify(configurationOf(load, target)));
  const data = join(folder, "data");
  const server = spawn(
    await tool("prometheus"),
    [
      `--config.file=${join(folder, "prometheus.yaml")}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.enable-admin-api",
      // The most that Prometheus takes of a second. A timestamp that is off costs two bytes a sample, which a scrape each 30s does not pay.
      "--scrape.timestamp-tolerance=9ms",
      "--log.level=error",
    ],
    { stdio: "ignore" },
  );
  const url = `http://127.0.0.1:${port}`;
  try {
    await until(async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok === true);
    const resident: number[] = [];
    for (let second = 0; second < seconds; second++) {
      await sleep(1000);
      resident.push(residentOf(server.pid));
    }
    const last = resident.slice(-30);
    const own = await (await fetch(`${url}/metrics`)).text();
    const log = sizeOf(join(data, "wal"));
    const answer = await fetch(`${url}/api/v1/admin/tsdb/snapshot`, { method: "POST" });
    const { data: snapshot } = (await answer.json()) as { readonly data: { readonly name: string } };
    const blocks = blocksIn(join(data, "snapshots", snapshot.name));
    return {
      memory: last.reduce((sum, each) => sum + each, 0) / last.length,
      log,
      block: blocks.reduce((sum, { bytes }) => sum + bytes, 0),
      samples: blocks.reduce((sum, { samples }) => sum + samples, 0),
      histogramSamples: blocks.reduce((sum, { histogramSamples }) => sum + histogramSamples, 0),
      headSeries: Number(/^prometheus_tsdb_head_series (.*)$/m.exec(own)?.[1]),
    };
  } finally {
    server.kill();
    exposition.close();
    await new Promise((resolve) => (server.exitCode === null ? server.once("close", resolve) : resolve(0)));
    rmSync(folder, { recursive: true, force: true });
  }
}

function rulesOf({ rules }: BenchLoad): object {
  const all = Array.from({ length: rules }, (_, index) => ({
    record: `recorded:${index}`,
    expr: `sum by (namespace, pod) (rate(application_metric_${index}_total[30s]))`,
  }));
  return { groups: [{ name: "bench", interval: "5s", rules: all }] };
}

function configurationOf({ histograms }: BenchLoad, target: number): object {
  const job = (job_name: string, more: object = {}) => ({
    job_name,
    static_configs: [{ targets: [`127.0.0.1:${target}`] }],
    ...more,
  });
  const native = {
    metrics_path: "/histograms",
    convert_classic_histograms_to_nhcb: true,
    scrape_native_histograms: true,
  };
  return {
    global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "5s" },
    rule_files: ["rules.yaml"],
    scrape_configs: [job("workloads"), ...(histograms > 0 ? [job("histograms", native)] : [])],
  };
}

/** Resident memory of a process, in bytes. */
function residentOf(pid: number | undefined): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}

interface Block {
  readonly bytes: number;
  readonly samples: number;
  readonly histogramSamples: number;
}

function blocksIn(folder: string): readonly Block[] {
  return readdirSync(folder).map((block) => {
    const { stats } = JSON.parse(readFileSync(join(folder, block, "meta.json"), "utf8")) as {
      readonly stats: { readonly numSamples: number; readonly numHistogramSamples?: number };
    };
    const bytes = ["chunks", "index"].reduce((sum, part) => sum + sizeOf(join(folder, block, part)), 0);
    const histogramSamples = stats.numHistogramSamples ?? 0;
    return { bytes, samples: stats.numSamples - histogramSamples, histogramSamples };
  });
}

function sizeOf(path: string): number {
  const found = statSync(path);
  return found.isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
    : found.size;
}
