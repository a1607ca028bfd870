import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import type { RuleGroup } from "../../components/core/rules.ts";
import { run } from "./process.ts";
import { freePort } from "./servers.ts";
import { tool } from "./tools.ts";

// What only a Prometheus with a month behind it can show: cost, accuracy over the whole period, and slow rules. The month is
// written by test/tools/prometheus/history; the server that is then asked is the one that is deployed.

/** What was scraped, and which rules ran. Times are Unix seconds. */
export interface History {
  readonly start: number;
  readonly end: number;
  /** Seconds between two scrapes and two evaluations. */
  readonly step: number;
  /** Series in promtool's notation, from `start` on. */
  readonly series: readonly string[];
  /**
   * Rules in the order of their evaluation, each lot from a moment of its own. Alerts are evaluated from `alertsFrom` on. Default: not
   * at all. What is `loaded` the server evaluates, too, and its API lists.
   */
  readonly rules: readonly {
    readonly groups: readonly Groups[];
    readonly from: number;
    readonly alertsFrom?: number;
    readonly loaded?: true;
  }[];
  /** The longest block, in seconds. Default: 31 days. */
  readonly block?: number;
  /** What the server adds to all that leaves it. Default: nothing. */
  readonly externalLabels?: Readonly<Record<string, string>>;
}

/** Rule groups as this repository makes them, or as another generator printed them. */
type Groups = RuleGroup | { readonly name: string; readonly rules: readonly object[] };

/** One series of an answer. */
interface Answer {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Measured {
  readonly answers: readonly Answer[];
  /** Samples that the query read, of all series. */
  readonly samples: number;
  /** Seconds that the engine took. */
  readonly seconds: number;
}

/** A series over time: moments in Unix seconds. */
export interface Course {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** A Prometheus on loopback whose past is the given one. */
export class PrometheusWithHistory {
  private readonly folder: string;
  private readonly server: ChildProcess;
  /** Its address on the loopback interface. */
  readonly url: string;
  private readonly api: string;

  private constructor(folder: string, server: ChildProcess, api: string) {
    this.folder = folder;
    this.server = server;
    this.url = api;
    this.api = `${api}/api/v1`;
  }

  static async start(history: History): Promise<PrometheusWithHistory> {
    const folder = await mkdtemp(join(tmpdir(), "bellwether-prometheus-"));
    try {
      await writeHistory(history, folder);
      const port = await freePort();
      const api = `http://127.0.0.1:${port}`;
      const config = join(folder, "prometheus.yaml");
      await writeFile(
        config,
        stringify({
          global: {
            evaluation_interval: `${history.step}s`,
            ...(history.externalLabels && { external_labels: history.externalLabels }),
          },
          rule_files: history.rules.flatMap(({ loaded }, index) =>
            loaded ? [rulesFile(folder, index)] : [],
          ),
        }),
      );
      const server = spawn(
        await tool("prometheus"),
        [
          `--config.file=${config}`,
          `--storage.tsdb.path=${join(folder, "data")}`,
          "--storage.tsdb.retention.time=100y",
          `--web.listen-address=127.0.0.1:${port}`,
        ],
        { stdio: "ignore" },
      );
      const prometheus = new PrometheusWithHistory(folder, server, api);
      await prometheus.ready();
      return prometheus;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** What an expression says at a moment, and what it cost to say it. */
  async query(expr: string, at: number): Promise<Measured> {
    const { result, stats } = await this.get<InstantData>("query", { query: expr, time: at, stats: "all" });
    return {
      answers: result.map(({ metric, value: [, text] }) => ({ labels: metric, value: Number(text) })),
      samples: stats.samples.totalQueryableSamples,
      seconds: stats.timings.execTotalTime,
    };
  }

  /** What an expression says at each step, both ends included: at most 11,000 of them, which is Prometheus' own limit. */
  async course(expr: string, start: number, end: number, step: number): Promise<readonly Course[]> {
    const { result } = await this.get<RangeData>("query_range", { query: expr, start, end, step });
    return result.map(({ metric, values }) => ({
      labels: metric,
      points: values.map(([at, text]) => [at, Number(text)] as const),
    }));
  }

  /** Its data directory, which only a server that has stopped leaves complete. */
  get data(): string {
    return join(this.folder, "data");
  }

  async stop(): Promise<void> {
    if (this.server.exitCode === null && this.server.signalCode === null) {
      const gone = new Promise((resolve) => this.server.once("exit", resolve));
      this.server.kill();
      await gone;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async get<T>(path: string, parameters: Readonly<Record<string, string | number>>): Promise<T> {
    const body = new URLSearchParams(
      Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const response = await fetch(`${this.api}/${path}`, { method: "POST", body });
    const answer = (await response.json()) as { status: string; error?: string; data: T };
    if (answer.status !== "success") throw new Error(`${answer.error}, asked for ${parameters["query"]}`);
    return answer.data;
  }

  private async ready(): Promise<void> {
    for (let attempt = 0; attempt < 600; attempt++) {
      if (this.server.exitCode !== null) throw new Error(`Prometheus ended with ${this.server.exitCode}`);
      if ((await fetch(`${this.url}/-/ready`).catch(() => undefined))?.ok === true) return;
      await sleep(100);
    }
    await this.stop();
    throw new Error("Prometheus was not ready within a minute");
  }
}

interface InstantData {
  readonly result: readonly { metric: Record<string, string>; value: readonly [number, string] }[];
  readonly stats: {
    readonly samples: { readonly totalQueryableSamples: number };
    readonly timings: { readonly execTotalTime: number };
  };
}

interface RangeData {
  readonly result: readonly {
    metric: Record<string, string>;
    values: readonly (readonly [number, string])[];
  }[];
}

function rulesFile(folder: string, index: number): string {
  return join(folder, `rules-${index}.yaml`);
}

/** Writes the history as a data directory, `data` in the folder. */
export async function writeHistory(
  { rules, externalLabels: _, ...past }: History,
  folder: string,
): Promise<void> {
  const files = await Promise.all(
    rules.map(async ({ groups, loaded: _, ...since }, index) => {
      const file = rulesFile(folder, index);
      await writeFile(file, stringify({ groups }, { aliasDuplicateObjects: false }));
      return { file, ...since };
    }),
  );
  const { code, stderr } = await run(await tool("history"), [], {
    input: JSON.stringify({ ...past, folder: join(folder, "data"), rules: files }),
  });
  if (code !== 0) throw new Error(stderr);
}
