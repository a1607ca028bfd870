import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, serve } from "../support/servers.ts";
import { tool } from "../support/tools.ts";

/** How a Prometheus spread the evaluations of its groups over one interval. */
export interface Balance {
  readonly groups: number;
  /** Groups in the fullest tenth of the interval, as a multiple of a tenth of all. */
  readonly fullestTenth: number;
  /** Seconds that the slowest group took for one evaluation. */
  readonly slowest: number;
  /** Seconds that all groups took together, as a share of the interval. */
  readonly busy: number;
}

const INTERVAL = 30;

interface Rules {
  readonly data: {
    readonly groups: readonly { readonly lastEvaluation: string; readonly evaluationTime: number }[];
  };
}

/** Lets the Prometheus that is deployed evaluate rule files for two intervals, without a series, and asks when each group's turn was. */
export async function balanceOf(ruleFiles: string): Promise<Balance> {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-balance-"));
  const port = await freePort();
  const config = join(folder, "prometheus.yaml");
  writeFileSync(
    config,
    JSON.stringify({ global: { evaluation_interval: `${INTERVAL}s` }, rule_files: [`${ruleFiles}/*.yaml`] }),
  );
  const server = await serve(
    await tool("prometheus"),
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { port, ready: "/-/ready" },
  );
  try {
    await sleep(2 * INTERVAL * 1000);
    const answer = await fetch(`${server.url}/api/v1/rules`);
    const { groups } = ((await answer.json()) as Rules).data;
    const tenths = new Array<number>(10).fill(0);
    for (const { lastEvaluation } of groups) {
      const offset = (Date.parse(lastEvaluation) / 1000) % INTERVAL;
      const tenth = Math.floor((offset / INTERVAL) * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    const times = groups.map(({ evaluationTime }) => evaluationTime);
    return {
      groups: groups.length,
      fullestTenth: Math.max(...tenths) / (groups.length / 10),
      slowest: Math.max(...times),
      busy: times.reduce((sum, time) => sum + time, 0) / INTERVAL,
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
