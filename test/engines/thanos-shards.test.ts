import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { fasterRules } from "../../cli/lab/compressed-time.ts";
import { type LabServer, startServer } from "../../cli/lab/server.ts";
import type { RuleGroup } from "../../components/core/rules.ts";
import { httpAvailability } from "../../components/signals/http.ts";
import { RECORDS } from "../../components/slo/conventions.ts";
import { ruleGroup } from "../../components/slo/rules.ts";
import { shardNames } from "../../components/workloads/volumes.ts";
import { LINKS, SLO } from "../components/slo/samples.ts";
import { freePort, type Server, serve, until } from "../support/servers.ts";
import { tool } from "../support/tools.ts";
import { SHARD_ALERT, SHARDS, sharding, shardOf } from "./shards.ts";
import {
  answered,
  type Inbox,
  startInbox,
  startRuler,
  startRulerQuery,
  startSidecar,
} from "./thanos-ruler-servers.ts";
import { labelsOfReplica, metricOf, objectStorage, startQuery } from "./thanos-servers.ts";

// A service of nine pods whose targets are divided among three shards of two servers, and two rulers: ruler n asks replica n of each shard.
// Everything is scraped and evaluated every second.

const PODS = 9;
const LIVE = {
  ...SLO,
  service: "live",
  signal: httpAvailability("http_requests_total", { job: "live", namespace: "shop" }),
};
/** So many times faster the alert about shards is. */
const FASTER = 60;
const PAGE = "SLOErrorBudgetBurnFast";

/** Requests of one pod: each has another rate, and one in so many fails. */
const RATE = (pod: number) => 40 + 7 * pod;
const FAILING = 900;
const QUIET = 15;
let started: number;
let frozen: number | undefined;
function countsOf(pod: number): { readonly good: number; readonly bad: number } {
  const until = frozen ?? Date.now();
  const all = Math.floor((Math.max(0, until - started - QUIET * 1000) / 1000) * RATE(pod));
  const bad = Math.floor(all / FAILING);
  return { good: all - bad, bad };
}
/** All that was counted, by brute force. */
function counted(): { readonly total: number; readonly bad: number } {
  const pods = Array.from({ length: PODS }, (_, pod) => countsOf(pod));
  const bad = pods.reduce((sum, each) => sum + each.bad, 0);
  return { bad, total: pods.reduce((sum, each) => sum + each.good + each.bad, 0) };
}

let folder: string;
let objstore: string;
let targets: readonly LabServer[];
let ports: readonly (readonly number[])[];
/** By shard and replica. */
let servers: { prometheus: Server; sidecar: Server; grpc: string }[][];
let rulers: Server[];
let query: Server;
let inbox: Inbox;
const running: { readonly stop: () => Promise<void> }[] = [];

async function startShard(shard: number, replica: number) {
  const own = join(folder, `shard-${shard}-${replica}`);
  mkdirSync(own, { recursive: true });
  const file = join(own, "prometheus.yaml");
  const rules = join(own, "rules.yaml");
  const group = { name: "prometheus.alerts", interval: "60s", rules: [SHARD_ALERT] } as unknown as RuleGroup;
  writeFileSync(rules, stringify({ groups: [fasterRules(group, FASTER)] }));
  writeFileSync(
    file,
    stringify({
      global: {
        scrape_interval: "1s",
        scrape_timeout: "1s",
        evaluation_interval: "1s",
        external_labels: {
          ...labelsOfReplica(replica),
          prometheus_replica: `${shardNames(SHARDS)[shard]}-${replica}`,
        },
      },
      rule_files: [rules],
      scrape_configs: [
        {
          job_name: "live",
          static_configs: targets.map(({ url }, pod) => ({
            targets: [new URL(url).host],
            labels: { namespace: "shop", pod: `live-${pod}`, service: "live" },
          })),
          relabel_configs: sharding(shard),
        },
        {
          // What the alert reads: the servers of all shards, on every shard.
          job_name: "prometheus",
          static_configs: ports.flatMap((replicas, each) =>
            replicas.map((port, of) => ({
              targets: [`127.0.0.1:${port}`],
              labels: { pod: `${shardNames(SHARDS)[each]}-${of}`, __tmp_disable_sharding: "true" },
            })),
          ),
          relabel_configs: sharding(shard),
        },
      ],
    }),
  );
  const port = ports[shard]?.[replica] ?? 0;
  const data = join(own, "data");
  const prometheus = await serve(
    await tool("prometheus"),
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--storage.tsdb.max-block-duration=2h",
      "--storage.tsdb.min-block-duration=2h",
    ],
    { port, ready: "/-/ready" },
  );
  const { server: sidecar, grpc } = await startSidecar(
    { server: prometheus, data, query: () => Promise.resolve([]) },
    objstore,
  );
  running.push(prometheus, sidecar);
  return { prometheus, sidecar, grpc };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellwether-shards-"));
  objstore = (await objectStorage(folder)).config;
  started = Number.POSITIVE_INFINITY;
  // Three of each shard: a hash of few random addresses may leave one without any.
  const found: LabServer[][] = Array.from({ length: SHARDS }, () => []);
  for (let pod = 0; found.some((some) => some.length < PODS / SHARDS); ) {
    const number = pod;
    const server = await startServer(0, () => {
      const { good, bad } = countsOf(number);
      return {
        status: 200,
        body: `# TYPE http_requests_total counter\nhttp_requests_total{code="200"} ${good}\nhttp_requests_total{code="500"} ${bad}\n`,
      };
    });
    const some = found[shardOf(new URL(server.url).host)] as LabServer[];
    if (some.length < PODS / SHARDS) {
      some.push(server);
      pod += 1;
    } else await server.stop();
  }
  targets = found.flat();
  running.push(...targets);
  inbox = await startInbox(PAGE);
  running.push(inbox);
  ports = await Promise.all(Array.from({ length: SHARDS }, () => Promise.all([freePort(), freePort()])));
  servers = [];
  for (let shard = 0; shard < SHARDS; shard++)
    servers.push([await startShard(shard, 0), await startShard(shard, 1)]);
  const grpc = [await freePort(), await freePort()];
  const group = ruleGroup(LIVE, "1s", LINKS);
  rulers = [];
  for (const replica of [0, 1]) {
    const of = servers.map((shard) => shard[replica]?.grpc ?? "");
    const own = await startRulerQuery([...of, `127.0.0.1:${grpc[replica]}`], 1);
    const ruler = await startRuler({
      folder: join(folder, `ruler-${replica}`),
      replica,
      groups: [{ ...group, interval: "1s" }],
      faster: 1,
      query: own.url,
      alertmanager: inbox.address,
      objstore,
      grpc: grpc[replica] ?? 0,
    });
    running.push(own, ruler);
    rulers.push(ruler);
  }
  query = await startQuery(
    [...servers.flat().map((each) => each.grpc), ...grpc.map((port) => `127.0.0.1:${port}`)],
    1,
  );
  running.push(query);
  started = Date.now();
}, 300_000);

afterAll(async () => {
  for (const server of running.reverse()) await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const numberOf = async (expr: string, time?: number) =>
  (await answered(query, expr, time, "false"))[0]?.values[0]?.[1] ?? Number.NaN;
const failures = () =>
  Promise.all(rulers.map((ruler) => metricOf(ruler, "prometheus_rule_evaluation_failures_total")));
const stepsOf = (record: string, replica: number) =>
  `sum(sum_over_time(${record}{service="live", thanos_ruler_replica="thanos-ruler-main-${replica}"}[10m]))`;

describe("a service on three shards", () => {
  it("has pods on each of them, and every pod is scraped by the two servers of one shard", async () => {
    await sleep(5000);
    const series = await answered(
      query,
      'count by (prometheus_replica) (up{job="live"})',
      undefined,
      "false",
    );
    const byServer = new Map(
      series.map(({ metric, values }) => [metric["prometheus_replica"], values[0]?.[1]]),
    );
    expect(byServer.size).toBe(2 * SHARDS);
    expect([...byServer.values()]).toEqual(Array.from({ length: 2 * SHARDS }, () => PODS / SHARDS));
    expect(await numberOf('count(count by (pod) (up{job="live"}))')).toBe(PODS);
    expect((await answered(query, 'count(up{job="live"})'))[0]?.values[0]?.[1]).toBe(PODS);
    expect((await answered(query, 'count(up{job="prometheus"})'))[0]?.values[0]?.[1]).toBe(2 * SHARDS);
  });

  it("has an objective that is what was counted, also while a replica of a shard is away", async () => {
    // At their start, before they answer themselves, rulers fail.
    await sleep(15_000);
    const before = await failures();
    await sleep(20_000);
    expect(await failures()).toEqual(before);
    const victim = servers[1]?.[0];
    await victim?.prometheus.stop();
    await victim?.sidecar.stop();
    await sleep(20_000);
    const after = await failures();
    // The ruler of this replica evaluates nothing from a part of the series; the other one goes on.
    expect((after[0] ?? 0) - (before[0] ?? 0)).toBeGreaterThan(200);
    expect(after[1]).toBe(before[1]);
    frozen = Date.now();
    // The last step is recorded five seconds late.
    await sleep(9000);
    const { total, bad } = counted();
    const [seen, failed] = [
      await numberOf(stepsOf(RECORDS.totalStep, 1)),
      await numberOf(stepsOf(RECORDS.errorsStep, 1)),
    ];
    console.info({ total, bad, seen, failed });
    expect(Math.abs(seen - total) / total).toBeLessThan(0.001);
    expect(failed).toBeCloseTo(bad, 6);
    const ratio = await numberOf(
      `${RECORDS.errors("5m")}{service="live", thanos_ruler_replica="thanos-ruler-main-1"} / ${RECORDS.total("5m")}{service="live", thanos_ruler_replica="thanos-ruler-main-1"}`,
    );
    expect(Math.abs(ratio - bad / total) / (bad / total)).toBeLessThan(0.001);
  });
});

describe("a whole shard that is away", () => {
  it("pages nothing that is not so, evaluates nothing from a part of the series, and is said by the other shards", async () => {
    const [, , last] = servers;
    for (const each of last ?? []) {
      await each.prometheus.stop();
      await each.sidecar.stop();
    }
    const killed = Date.now() / 1000;
    const before = await failures();
    const firing = 'ALERTS{alertname="PrometheusShardDown", alertstate="firing"}';
    const survivor = servers[0]?.[1]?.prometheus as Server;
    await until(async () => (await answered(survivor, firing)).length > 0, 60);
    console.info(`said after ${(Date.now() / 1000 - killed).toFixed(1)} s, with a for of 3 s`);
    expect(await answered(survivor, 'count by (pod) (up{job="prometheus"} == 0)')).not.toHaveLength(0);
    await sleep(10_000);
    const [, second = 0] = await failures();
    expect(second - (before[1] ?? 0)).toBeGreaterThan(100);
    expect(inbox.labels()).toEqual([]);
  });
});
