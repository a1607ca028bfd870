import { mkdtemp, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { httpAvailability } from "../../components/signals/http.ts";
import { RECORDS } from "../../components/slo/conventions.ts";
import { ruleGroup } from "../../components/slo/rules.ts";
import { REPLICA_LABEL } from "../../components/thanos/model.ts";
import { LINKS, SLO } from "../components/slo/samples.ts";
import { Exporter } from "../support/exporter.ts";
import { type Server, until } from "../support/servers.ts";
import { copyBlock, DAY, END, idOf, metas, RATIO, trueRatio, uploadedMonth } from "./thanos-month.ts";
import {
  metricOf,
  objectStorage,
  type Replica,
  startCompactor,
  startQuery,
  startReplica,
  startStore,
} from "./thanos-servers.ts";

// A pair of servers whose last 32 days are in object storage but for the last one, which is on their volumes, as after a month of
// Thanos; and two services that are scraped now.

/** A service that is scraped while the tests run. */
const LIVE = {
  ...SLO,
  service: "live",
  signal: httpAvailability("http_requests_total", { job: "live", namespace: "shop" }),
};

const FAILED_ATTEMPTS = "thanos_shipper_dir_sync_failures_total";

let folder: string;
let exporter: Exporter;
let bucket: string;
let pair: Replica[];
/** The blocks of the last day, which are on the volumes of the pair. */
let newer: readonly string[];
/** Of these the newest, which the first of the pair does not have at first. */
let held: string;
let store: Server;
let compactor: Server;
let query: Server;
const servers: Server[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellwether-thanos-"));
  const storage = await objectStorage(folder);
  bucket = storage.bucket;
  newer = await uploadedMonth(folder, storage.config);
  held = newer.at(-1) as string;
  exporter = await Exporter.start();
  exporter.serves("live", { good: 95, bad: 5 });
  const live = ruleGroup(LIVE, "1s", LINKS);
  pair = await Promise.all(
    [0, 1].map(async (replica) => {
      const own = join(folder, `replica-${replica}`);
      for (const block of newer.filter((each) => replica === 1 || each !== held))
        await copyBlock(join(folder, "data"), block, join(own, "data"), idOf(block, replica));
      return startReplica({
        folder: own,
        replica,
        scrapes: { live: { address: exporter.address, path: "/live" } },
        groups: [{ ...live, interval: "1s", rules: live.rules.filter((rule) => "record" in rule) }],
        objstore: storage.config,
      });
    }),
  );
  compactor = await startCompactor(folder, storage.config);
  const gateway = await startStore(folder, storage.config);
  store = gateway.server;
  query = await startQuery([...pair.map(({ grpc }) => grpc), gateway.grpc]);
  servers.push(...pair.flatMap(({ prometheus, sidecar }) => [prometheus, sidecar]), compactor, store, query);
}, 1_800_000);

afterAll(async () => {
  await Promise.all(servers.map(({ stop }) => stop()));
  exporter?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

interface Answer {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
  readonly values: readonly (readonly [number, string])[];
}

async function asked(
  { url }: Server,
  path: "query" | "query_range",
  parameters: Readonly<Record<string, string | number>>,
): Promise<readonly Answer[]> {
  const body = new URLSearchParams(
    Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const response = await fetch(`${url}/api/v1/${path}`, { method: "POST", body });
  const answer = (await response.json()) as { status: string; error?: string; data: { result: Answer[] } };
  if (answer.status !== "success") throw new Error(`${response.status}: ${answer.error}`);
  return answer.data.result;
}

async function answerOf(
  server: Server,
  expr: string,
  time: number,
  more: Record<string, string> = {},
): Promise<number> {
  const result = await asked(server, "query", { query: expr, time, ...more });
  expect(result).toHaveLength(1);
  return Number(result[0]?.value[1]);
}

const now = () => Date.now() / 1000;

describe("a pair of servers behind Thanos Query", () => {
  it("is found as two sidecars and a store gateway", async () => {
    await until(async () => (await metricOf(query, "thanos_store_nodes_grpc_connections")) === 3, 60);
  });

  it("is counted once: a sum is what one server says", async () => {
    await sleep(5000);
    const at = now() - 2;
    const expr = 'sum(http_requests_total{job="live"})';
    const [first] = pair;
    const one = await answerOf((first as Replica).prometheus, expr, at);
    // Both scrape every second, at moments of their own.
    expect(Math.abs((await answerOf(query, expr, at)) - one)).toBeLessThanOrEqual(200);
    expect(await answerOf(query, 'count(up{job="live"})', at)).toBe(1);
    const apart = await asked(query, "query", { query: 'up{job="live"}', time: at, dedup: "false" });
    expect(apart.map(({ metric }) => metric[REPLICA_LABEL]).sort()).toEqual([
      "prometheus-prometheus-0",
      "prometheus-prometheus-1",
    ]);
  });

  it("has the objective over 30 days as it was counted, from blocks of two hours, although one replica was away for a day", async () => {
    for (const at of [END - 6 * 3600, END - 12 * 3600, END - DAY])
      expect(relative(await answerOf(query, RATIO, at), trueRatio(at))).toBeLessThan(0.001);
  });
});

/** The distance of a value from the truth, as a share of the truth. */
function relative(value: number, truth: number): number {
  return Math.abs(value - truth) / truth;
}

describe("blocks that were merged and made coarser", () => {
  it("are there for each replica, and none is left that should have been merged", async () => {
    await until(async () => (await metricOf(compactor, "thanos_compact_iterations_total")) >= 1, 540);
    expect(await metricOf(compactor, "thanos_compact_halted")).toBe(0);
    const made = (await metas(bucket)).map((meta) => ({
      level: meta.compaction.level,
      resolution: meta.thanos?.downsample.resolution,
      replica: meta.thanos?.labels[REPLICA_LABEL],
    }));
    for (const replica of ["prometheus-prometheus-0", "prometheus-prometheus-1"])
      for (const resolution of [0, 300_000, 3_600_000])
        expect(
          made.some(
            (block) => block.replica === replica && block.resolution === resolution && block.level > 2,
          ),
          `${replica} at ${resolution}`,
        ).toBe(true);
  });

  it.each([
    ["0s", 0.001, 1440],
    ["5m", 0.001, 288],
    ["1h", 0.01, 24],
  ])(
    "have the objective over 30 days as it was counted, with samples as coarse as %s",
    async (resolution, within, samples) => {
      const more = { max_source_resolution: resolution };
      // Of a day that is in merged blocks, there are as many samples as the resolution has: a counter's are two more.
      const read = async () => {
        const counter = 'http_requests_total{job="storefront", code="200"}[1d]';
        const [found] = await asked(query, "query", { query: counter, time: END - 20 * DAY, ...more });
        return found?.values.length ?? 0;
      };
      await until(async () => Math.abs((await read()) - samples) <= samples / 10 + 2, 60);
      const at = END - 6 * 3600;
      const counted = 'sum(increase(http_requests_total{job="storefront", code="500"}[30d]))';
      const all = 'sum(increase(http_requests_total{job="storefront"}[30d]))';
      const [recorded = 1, raw = 1] = await Promise.all(
        [RATIO, `${counted} / ${all}`].map(async (expr) =>
          relative(await answerOf(query, expr, at, more), trueRatio(at)),
        ),
      );
      console.log(`resolution ${resolution}: by records ${recorded}, by counters ${raw}`);
      expect(recorded).toBeLessThan(within);
      expect(raw).toBeLessThan(within);
    },
  );
});

describe("object storage that is away", () => {
  it("keeps blocks from being uploaded, says so, and has them when it is back", async () => {
    const [replica] = pair as [Replica];
    const uploaded = () => metricOf(replica.sidecar, "thanos_shipper_uploads_total");
    await until(async () => (await uploaded()) === newer.length - 1, 120);
    expect(await metricOf(replica.sidecar, FAILED_ATTEMPTS)).toBe(0);

    // A link to itself: every operation fails, where a folder that is missing is an empty one.
    const away = `${bucket}-away`;
    await rename(bucket, away);
    await symlink(bucket, bucket);
    // Prometheus writes a block meanwhile.
    const own = join(folder, "replica-0", "data");
    await copyBlock(join(folder, "data"), held, own, held);
    await until(async () => (await metricOf(replica.sidecar, FAILED_ATTEMPTS)) > 0, 120);
    expect(await metricOf(replica.sidecar, "thanos_shipper_upload_failures_total")).toBe(0);
    // What the servers themselves have is answered all the while.
    expect(await answerOf(query, 'count(up{job="live"})', now() - 2)).toBe(1);

    await rm(bucket);
    await rename(away, bucket);
    await until(async () => (await uploaded()) === newer.length, 120);
    const at = END - 6 * 3600;
    await until(async () => relative(await answerOf(query, RATIO, at).catch(() => 0), trueRatio(at)) < 0.001);
  });
});

describe("one of the pair that is killed", () => {
  it("leaves no gap in the records of an objective, and nothing but seconds without an answer", async () => {
    const [, second] = pair as [Replica, Replica];
    const killed = now();
    await Promise.all([second.prometheus.stop(), second.sidecar.stop()]);
    let failing = 0;
    for (let tries = 0; tries < 60; tries++) {
      const answered = await answerOf(query, 'count(up{job="live"})', now() - 2).catch(() => undefined);
      if (answered === undefined) failing = now() - killed;
      await sleep(500);
    }
    console.log(`queries failed for ${failing.toFixed(1)} s after the kill`);
    expect(failing).toBeLessThan(30);
    const record = `${RECORDS.errors("5m")}{service="live"} / ${RECORDS.total("5m")}{service="live"}`;
    const [course] = await asked(query, "query_range", {
      query: record,
      start: killed - 15,
      end: killed + 25,
      step: 1,
    });
    expect(course?.values).toHaveLength(41);
    for (const [, value] of course?.values ?? []) expect(relative(Number(value), 0.05)).toBeLessThan(0.02);
  });
});
