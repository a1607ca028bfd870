import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ProtobufMetricsSerializer } from "@opentelemetry/otlp-transformer";
import { Resource } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { connectionTo } from "../../../cli/verify/connection.ts";
import { renderPrometheus } from "../../../components/prometheus/server.ts";
import { defineService } from "../../../components/service/model.ts";
import { ruleGroupsOf } from "../../../components/service/rule-groups.ts";
import { OTEL_SECONDS } from "../../../components/signals/histogram.ts";
import { freePort, type Server, serve, until } from "../../support/servers.ts";
import { tool } from "../../support/tools.ts";
import { PRODUCTION, PRODUCTION_SETTINGS, resolved } from "../prometheus/samples.ts";

// OpenTelemetry's SDK for JavaScript pushes to a real Prometheus with the receiver as it is rendered. Every two seconds a service answers
// twenty requests quickly, five slowly and five with an error.

const INTERVAL = "2s";

const args = {
  service: defineService({
    name: "checkout",
    owner: "shop",
    tier: "critical",
    description: "Takes orders and payments",
    namespace: "shop",
    http: { metrics: "otel" },
    scrape: "push",
    objectives: { latency: { threshold: "1s" } },
  }),
  environment: "prod",
  runbookBaseUrl: "https://example.com/runbooks",
  scrapeInterval: INTERVAL,
} as const;

let folder: string;
let server: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellwether-pushed-"));
  const { enableOTLPReceiver, enableFeatures, otlp, tsdb } = renderPrometheus(
    resolved({ ...PRODUCTION, settings: { ...PRODUCTION_SETTINGS, otlp: { namespaces: ["shop"] } } }),
  ).spec;
  expect(enableOTLPReceiver).toBe(true);
  const groups = ruleGroupsOf(args.service, args);
  await writeFile(join(folder, "rules.yaml"), stringify({ groups }, { aliasDuplicateObjects: false }));
  // As the operator writes it.
  const config = {
    global: { evaluation_interval: INTERVAL },
    rule_files: [join(folder, "rules.yaml")],
    otlp: {
      promote_resource_attributes: otlp?.promoteResourceAttributes,
      translation_strategy: otlp?.translationStrategy,
    },
    storage: { tsdb: { out_of_order_time_window: tsdb?.outOfOrderTimeWindow } },
  };
  await writeFile(join(folder, "prometheus.yaml"), stringify(config));
  const port = await freePort();
  server = await serve(
    await tool("prometheus"),
    [
      `--config.file=${join(folder, "prometheus.yaml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.enable-otlp-receiver",
      `--enable-feature=${enableFeatures?.join(",")}`,
    ],
    { port, ready: "/-/ready" },
  );
  await push(server.url);
  await until(async () => (await query('slo:sli_total:rate5m{slo="latency"}')).length > 0, 60);
}, 300_000);

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What a service pushes in twenty seconds. Rejects for what the receiver refuses. */
async function push(url: string): Promise<void> {
  const refused: string[] = [];
  const exporter: PushMetricExporter = {
    export(metrics: ResourceMetrics, done) {
      const body = Buffer.from(ProtobufMetricsSerializer.serializeRequest(metrics) ?? []);
      const headers = { "content-type": "application/x-protobuf" };
      void fetch(`${url}/api/v1/otlp/v1/metrics`, { method: "POST", headers, body }).then(async (answer) => {
        if (!answer.ok) refused.push(`${answer.status} ${await answer.text()}`);
        done({ code: answer.ok ? 0 : 1 });
      });
    },
    selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  };
  const provider = new MeterProvider({
    resource: new Resource({
      "service.name": "checkout",
      "service.instance.id": "checkout-a",
      "k8s.pod.name": "checkout-a",
    }),
    readers: [
      new PeriodicExportingMetricReader({
        exporter,
        exportIntervalMillis: 86_400_000,
        exportTimeoutMillis: 5_000,
      }),
    ],
  });
  const durations = provider.getMeter("http").createHistogram("http.server.request.duration", {
    unit: "s",
    advice: { explicitBucketBoundaries: [...OTEL_SECONDS] },
  });
  const answered = (count: number, status: number, seconds: number) => {
    for (let request = 0; request < count; request++)
      durations.record(seconds, {
        "http.request.method": "GET",
        "http.route": "/orders",
        "http.response.status_code": status,
      });
  };
  for (let round = 0; round < 10; round++) {
    answered(20, 200, 0.2);
    answered(5, 200, 3);
    answered(5, 500, 0.1);
    await provider.forceFlush();
    await sleep(2_000);
  }
  await provider.shutdown();
  expect(refused).toEqual([]);
}

interface Answer {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

async function query(expr: string, time?: number): Promise<readonly Answer[]> {
  const { ask } = connectionTo(server.url, undefined, "test");
  const fields = { query: expr, ...(time !== undefined && { time: String(time) }) };
  return (await ask<{ readonly result: readonly Answer[] }>("query", fields)).result;
}

const ratio = async (slo: string) => {
  const [answer] = await query(
    `slo:sli_errors:rate5m{service="checkout", slo="${slo}"} / slo:sli_total:rate5m{service="checkout", slo="${slo}"}`,
  );
  return Number(answer?.value[1]);
};

describe("a service that pushes to the OTLP receiver of Prometheus", () => {
  it("arrives with job and instance from its resource, and with promoted attributes", async () => {
    const [answer] = await query(
      'http_server_request_duration_seconds_count{http_response_status_code="500"}',
    );
    expect(answer?.metric).toMatchObject({
      job: "checkout",
      instance: "checkout-a",
      k8s_pod_name: "checkout-a",
      http_request_method: "GET",
      http_route: "/orders",
    });
  });

  it("has the availability that its requests add up to", async () => {
    expect(await ratio("availability")).toBeCloseTo(5 / 30, 9);
  });

  it("has the latency that its requests add up to, with a threshold of a whole second", async () => {
    expect(await ratio("latency")).toBeCloseTo(5 / 25, 9);
    const bounds = await query("count by (le) (http_server_request_duration_seconds_bucket)");
    const found = bounds.map(({ metric }) => metric["le"]);
    expect(found).toContain("1");
    expect(found).not.toContain("1.0");
  });

  it("is absent when it pushes no longer, and not before", async () => {
    const absent = ruleGroupsOf(args.service, args)
      .flatMap(({ rules }) => rules)
      .filter((rule) => "alert" in rule && rule.alert === "SLOSignalAbsent");
    expect(absent.length).toBe(2);
    const now = Date.now() / 1000;
    for (const { expr } of absent) {
      expect(await query(expr)).toEqual([]);
      expect(await query(expr, now + 900)).toHaveLength(1);
    }
  });
});
