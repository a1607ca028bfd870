import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { seconds } from "../../../components/core/duration.ts";
import type { RuleGroup } from "../../../components/core/rules.ts";
import { run } from "../../support/process.ts";
import { freePort } from "../../support/servers.ts";
import { tool } from "../../support/tools.ts";
import { TARGET } from "./samples.ts";

// A Prometheus that scrapes a service in real time, is killed, and starts again with what its log of writes still holds.

/** Requests that the service answers in a second, well or badly. */
const PER_SECOND = 100;
/** What the windows of a page look back over; the hour and a little is written before the first scrape. */
const PAST_SECONDS = 4_200;

/** A service that counts its requests, all of which fail once it is broken. */
class CountingService {
  private readonly server: Server;
  private readonly began: number;
  private brokenAt: number | undefined;

  constructor(began: number) {
    this.began = began;
    this.server = createServer((_, response) => {
      response.setHeader("content-type", "text/plain; version=0.0.4");
      response.end(
        this.series()
          .map(([name, value]) => `${name} ${value}\n`)
          .join(""),
      );
    });
  }

  /** Seconds since the epoch at which the last request went well. */
  breakNow(): number {
    this.brokenAt = Date.now() / 1000;
    return this.brokenAt;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private series(): readonly (readonly [string, number])[] {
    const now = Date.now() / 1000;
    const failing = this.brokenAt === undefined ? 0 : now - this.brokenAt;
    return [
      ['http_requests_total{code="200"}', Math.round((now - this.began - failing) * PER_SECOND)],
      ['http_requests_total{code="500"}', Math.round(failing * PER_SECOND)],
    ];
  }
}

export interface Restart {
  readonly group: RuleGroup;
  readonly alert: string;
  /** Seconds from the end of the old process to the beginning of the new one, and of the outage. */
  readonly gap: number;
  /** Seconds to wait for the page. */
  readonly patience: number;
}

/** Seconds from the first failing request, right after the restart, to the evaluation that fires; undefined for none. */
export async function pageAfterRestart({
  group,
  alert,
  gap,
  patience,
}: Restart): Promise<number | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "bellwether-restart-"));
  const step = seconds(group.interval);
  const now = Math.floor(Date.now() / 1000 / step) * step;
  const service = new CountingService(now - PAST_SECONDS);
  try {
    const target = await service.listen();
    await writeConfiguration(folder, group, target);
    await writePast(folder, group, now - PAST_SECONDS, now);
    const first = await Prometheus.start(folder);
    await sleep(3 * step * 1000);
    await first.end("SIGKILL");
    await sleep(gap * 1000);
    const second = await Prometheus.start(folder);
    try {
      const brokenAt = service.breakNow();
      const firing = await second.firstFiring(alert, brokenAt, patience);
      return firing && firing - brokenAt;
    } finally {
      await second.end("SIGTERM");
    }
  } finally {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeConfiguration(folder: string, group: RuleGroup, target: string): Promise<void> {
  const intervals = { scrape_interval: group.interval, evaluation_interval: group.interval };
  const labels = { ...TARGET, instance: "a" };
  const configuration = {
    global: { ...intervals, scrape_timeout: group.interval },
    rule_files: [join(folder, "rules.yaml")],
    scrape_configs: [{ job_name: TARGET.job, static_configs: [{ targets: [target], labels }] }],
  };
  await writeFile(join(folder, "rules.yaml"), stringify({ groups: [group] }));
  await writeFile(join(folder, "prometheus.yaml"), stringify(configuration));
}

/** An hour of calm: the counters, and what was recorded of them. */
async function writePast(folder: string, group: RuleGroup, start: number, end: number): Promise<void> {
  const step = seconds(group.interval);
  const scrapes = (end - start) / step;
  const series = (code: number) =>
    `http_requests_total{job="${TARGET.job}",namespace="${TARGET.namespace}",instance="a",code="${code}"}`;
  const { code, stderr } = await run(await tool("history"), [], {
    input: JSON.stringify({
      start,
      end,
      step,
      series: [`${series(200)} 0+${PER_SECOND * step}x${scrapes}`, `${series(500)} 0x${scrapes}`],
      folder: join(folder, "data"),
      rules: [{ file: join(folder, "rules.yaml"), from: start }],
    }),
  });
  if (code !== 0) throw new Error(stderr);
}

class Prometheus {
  private readonly process: ChildProcess;
  private readonly api: string;

  private constructor(process: ChildProcess, api: string) {
    this.process = process;
    this.api = api;
  }

  static async start(folder: string): Promise<Prometheus> {
    const port = await freePort();
    const process = spawn(
      await tool("prometheus"),
      [
        `--config.file=${join(folder, "prometheus.yaml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: "ignore" },
    );
    const prometheus = new Prometheus(process, `http://127.0.0.1:${port}`);
    for (let attempt = 0; attempt < 600; attempt++) {
      if ((await fetch(`${prometheus.api}/-/ready`).catch(() => undefined))?.ok === true) return prometheus;
      await sleep(50);
    }
    await prometheus.end("SIGKILL");
    throw new Error("Prometheus was not ready within half a minute");
  }

  async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill(signal);
    await gone;
  }

  /** The moment of the evaluation, which the alert's own series tells to the millisecond. */
  async firstFiring(alert: string, from: number, patience: number): Promise<number | undefined> {
    const query = `min_over_time(timestamp(ALERTS{alertname="${alert}",alertstate="firing"})[${patience}s:100ms])`;
    for (let waited = 0; waited < patience; waited++) {
      await sleep(1000);
      const body = new URLSearchParams({ query });
      const response = await fetch(`${this.api}/api/v1/query`, { method: "POST", body });
      const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
      const [firing] = data.result.map(({ value: [, at] }) => Number(at)).filter((at) => at >= from);
      if (firing !== undefined) return firing;
    }
    return undefined;
  }
}
