import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { dashboardsIn, renderContent } from "../../components/grafana/content.ts";
import { panelsOf } from "../../components/grafana/lint/check.ts";
import { renderAmpWrite } from "../../components/prometheus/remote-write.ts";
import { ruleGroupsOf } from "../../components/service/rule-groups.ts";
import { services } from "../../stacks/services/index.ts";
import { asSent } from "../components/grafana/promql.ts";
import { CONTENT, IN_CLUSTER } from "../components/grafana/samples.ts";
import { freePort, type Server, serve } from "../support/servers.ts";
import { tool } from "../support/tools.ts";
import { type Cortex, startCortex } from "./cortex.ts";

// The native histograms of pricing, and the records made of them, in Cortex by the remote write that is rendered for AMP: each query of its
// dashboard shows there what it shows on Prometheus. The histograms come by the OTLP receiver, with the labels that a scrape would give.

const INTERVAL = 2;
const ROUNDS = 30;
const TENANT = "pricing";
const FAST = 0.02;
const SLOW = 0.2;

const pricing = services.find(({ name }) => name === "pricing");
if (pricing === undefined) throw new Error("there is no service pricing");
const rules = ruleGroupsOf(pricing, {
  environment: "prod",
  runbookBaseUrl: "https://example.com/runbooks",
  scrapeInterval: `${INTERVAL}s`,
});
const boards = dashboardsIn(renderContent({ ...CONTENT, settings: IN_CLUSTER, services: [pricing] }));
const board = boards.find(({ name }) => name === "service-pricing");
const queries = [
  ...new Set(
    (board === undefined ? [] : panelsOf(board.json)).flatMap(({ targets = [] }) =>
      targets.flatMap(({ expr }) => (expr === undefined ? [] : [asSent(expr)])),
    ),
  ),
];

let folder: string;
let cortex: Cortex;
let prometheus: Server;
let from: number;
let until: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellwether-pricing-"));
  cortex = await startCortex();
  prometheus = await startPrometheus();
  from = Date.now() / 1000;
  for (let round = 1; round <= ROUNDS; round++) {
    await push(round);
    await sleep(INTERVAL * 1000);
  }
  until = Date.now() / 1000;
  // What is in the queue is sent within five seconds.
  await sleep(8_000);
}, 300_000);

afterAll(async () => {
  await prometheus?.stop();
  await cortex?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function startPrometheus(): Promise<Server> {
  const { sendNativeHistograms, queueConfig } = renderAmpWrite(
    { series: "all" },
    { url: `${cortex.url}/api/v1/push`, region: "eu-central-1" },
  );
  const [config, ruleFile] = [join(folder, "prometheus.yaml"), join(folder, "rules.yaml")];
  await writeFile(ruleFile, stringify({ groups: rules }, { aliasDuplicateObjects: false }));
  await writeFile(
    config,
    stringify({
      global: { evaluation_interval: `${INTERVAL}s` },
      rule_files: [ruleFile],
      remote_write: [
        {
          url: `${cortex.url}/api/v1/push`,
          headers: { "X-Scope-OrgID": TENANT },
          send_native_histograms: sendNativeHistograms,
          queue_config: { max_samples_per_send: queueConfig?.maxSamplesPerSend },
        },
      ],
    }),
  );
  const port = await freePort();
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--web.enable-otlp-receiver",
  ];
  return serve(await tool("prometheus"), args, { port, ready: "/-/ready" });
}

/** What two pods have counted after a round: 18 fast calls, two slow ones and a failure in each. */
async function push(round: number): Promise<void> {
  const now = `${BigInt(Date.now()) * 1_000_000n}`;
  const dataPoints = ["a", "b"].flatMap((pod) =>
    [
      { status: "OK", fast: 18 * round, slow: 2 * round },
      { status: "INTERNAL", fast: round, slow: 0 },
    ].map(({ status, fast, slow }) => ({
      attributes: attributes({
        namespace: "shop",
        service: "pricing",
        team: "shop",
        pod,
        "rpc.method": "Price",
        "rpc.response.status_code": status,
      }),
      timeUnixNano: now,
      count: fast + slow,
      sum: fast * FAST + slow * SLOW,
      ...buckets([
        [FAST, fast],
        [SLOW, slow],
      ]),
    })),
  );
  const exponentialHistogram = { aggregationTemporality: 2, dataPoints };
  const metrics = [{ name: "rpc.server.call.duration", unit: "s", exponentialHistogram }];
  const resource = { attributes: attributes({ "service.name": "pricing" }) };
  const response = await fetch(`${prometheus.url}/api/v1/otlp/v1/metrics`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

function attributes(values: Readonly<Record<string, string>>) {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

/** Buckets of scale 3: eight for each power of two. */
function buckets(observed: readonly (readonly [value: number, count: number])[]) {
  const at = observed.map(([value, count]) => [Math.ceil(Math.log2(value) * 8) - 1, count] as const);
  const offset = Math.min(...at.map(([index]) => index));
  const bucketCounts = Array.from(
    { length: Math.max(...at.map(([index]) => index)) - offset + 1 },
    (_, index) => at.find(([bucket]) => bucket === index + offset)?.[1] ?? 0,
  );
  return { scale: 3, zeroCount: 0, positive: { offset, bucketCounts } };
}

interface Shown {
  readonly metric: Readonly<Record<string, string>>;
  readonly values?: readonly (readonly [number, string])[];
  readonly histograms?: readonly (readonly [number, unknown])[];
}

/** What a panel shows: each series with its points, by its labels. */
async function shown(api: string, query: string): Promise<ReadonlyMap<string, Shown>> {
  const fields = { query, start: String(Math.ceil(from) + 10), end: String(Math.floor(until)), step: "5" };
  const response = await fetch(`${api}/api/v1/query_range?${new URLSearchParams(fields)}`, {
    headers: { "X-Scope-OrgID": TENANT },
  });
  const answer = (await response.json()) as { readonly data?: { readonly result: readonly Shown[] } };
  if (answer.data === undefined) throw new Error(`${query}: ${JSON.stringify(answer)}`);
  return new Map(
    answer.data.result.map((series) => [
      Object.entries(series.metric)
        .map(([label, value]) => `${label}=${value}`)
        .sort()
        .join(" "),
      series,
    ]),
  );
}

/** Numbers of both to nine digits: floats are added in another order. */
const rounded = (series: Shown | undefined) =>
  (series?.values ?? []).map(([at, value]) => [at, Number(Number(value).toPrecision(9))]);

describe("the dashboard of pricing, which has native histograms, in Cortex", () => {
  it("has queries on native histograms and on their records", () => {
    expect(
      queries.filter((query) => query.includes("rpc_server_call_duration_seconds")).length,
    ).toBeGreaterThan(3);
    expect(queries.filter((query) => query.includes("slo:")).length).toBeGreaterThan(3);
  });

  it("shows in every panel what it shows on Prometheus", async () => {
    const empty: string[] = [];
    let points = 0;
    for (const query of queries) {
      const here = await shown(prometheus.url, query);
      const there = await shown(`${cortex.url}/prometheus`, query);
      expect([query, [...there.keys()].sort()]).toEqual([query, [...here.keys()].sort()]);
      for (const [labels, series] of here) {
        expect([query, labels, rounded(there.get(labels))]).toEqual([query, labels, rounded(series)]);
        expect(there.get(labels)?.histograms).toEqual(series.histograms);
        points += (series.values ?? []).length + (series.histograms ?? []).length;
      }
      if (here.size === 0) empty.push(query);
    }
    console.info(`${queries.length} queries, ${points} points; without data, as on Prometheus:`, empty);
    // Everything that is read from the histograms or their records has data; targets, pods and alerts are not simulated.
    expect(empty.filter((query) => query.includes("rpc_server_call_duration_seconds"))).toEqual([]);
    expect(queries.length - empty.length).toBeGreaterThan(10);
  });
});
