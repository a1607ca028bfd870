import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../../components/core/problems.ts";
import { defineService, type ServiceDefinition } from "../../../components/service/model.ts";
import { DEFINITION } from "./samples.ts";

/** What a definition is refused for, as `path: found`. */
function refused(changes: Readonly<Record<string, unknown>>): string[] {
  try {
    defineService({ ...DEFINITION, ...changes } as ServiceDefinition);
  } catch (error) {
    if (error instanceof InvalidInputError)
      return error.problems.map(({ path, found }) => `${path}: ${found}`);
    throw error;
  }
  return [];
}

describe("a definition of a service", () => {
  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ["a misspelt field", { ownr: "shop" }, ['services.storefront.ownr: the unknown field "ownr"']],
    ["a name that is none", { name: "Store Front" }, ['services["Store Front"].name: "Store Front"']],
    ["no owner", { owner: undefined }, ["services.storefront.owner: nothing"]],
    ["an unknown tier", { tier: "gold" }, ['services.storefront.tier: "gold"']],
    ["a port's number", { http: { port: 8080, metrics: "otel" } }, ["services.storefront.http.port: 8080"]],
    [
      "a port's number in quotes",
      { http: { port: "8080", metrics: "otel" } },
      ['services.storefront.http.port: "8080"'],
    ],
    [
      "an unknown convention",
      { http: { port: "http", metrics: "statsd" } },
      ['services.storefront.http.metrics: "statsd"'],
    ],
    [
      "an objective that is a number",
      { objectives: { availability: 99.9 } },
      ["services.storefront.objectives.availability: 99.9"],
    ],
    [
      "an objective of everything",
      { objectives: { availability: "100" } },
      ['services.storefront.objectives.availability: "100"'],
    ],
    [
      "an objective that could never page",
      { objectives: { availability: "90" } },
      ['services.storefront.objectives.availability: "90"'],
    ],
    [
      "such an objective in one environment",
      { environments: { dev: { objectives: { availability: "50" } } } },
      ['services.storefront.environments.dev.objectives.availability: "50"'],
    ],
    [
      "a map of an objective with two mistakes",
      { objectives: { availability: { percent: "99", period: "31d", minimumErrors: -1 } } },
      [
        'services.storefront.objectives.availability.period: "31d"',
        "services.storefront.objectives.availability.minimumErrors: -1",
      ],
    ],
    [
      "an unknown objective",
      { objectives: { speed: "99" } },
      ['services.storefront.objectives.speed: the unknown field "speed"'],
    ],
    [
      "a latency without a threshold",
      { objectives: { latency: { percent: "99" } } },
      ["services.storefront.objectives.latency.threshold: nothing"],
    ],
    [
      "a threshold between two buckets",
      { objectives: { latency: { threshold: "300ms" } } },
      ['services.storefront.objectives.latency.threshold: "300ms"'],
    ],
    [
      "such a threshold in one environment",
      { environments: { dev: { objectives: { latency: { threshold: "2s" } } } } },
      ['services.storefront.environments.dev.objectives.latency.threshold: "2s"'],
    ],
    [
      "a threshold that is none of its own buckets",
      {
        http: { port: "http", metrics: "otel", buckets: ["300ms", "100ms"] },
        objectives: { latency: { threshold: "250ms" } },
      },
      ['services.storefront.objectives.latency.threshold: "250ms"'],
    ],
    [
      "buckets of a native histogram",
      { http: { port: "http", metrics: "otel", histogram: "native", buckets: ["300ms"] } },
      ['services.storefront.http.buckets: ["300ms"]'],
    ],
    [
      "a latency that nothing measures",
      {
        http: undefined,
        objectives: {
          latency: { threshold: "250ms" },
          custom: { orders: { percent: "99", errorRatio: "avg_over_time(x[{{.window}}])" } },
        },
      },
      ['services.storefront.objectives.latency: {"threshold":"250ms","period":"30d"}'],
    ],
    [
      "two servers at once",
      { grpc: { port: "grpc", metrics: "otel" } },
      ["services.storefront.grpc: grpc beside http"],
    ],
    [
      "three kinds at once",
      {
        batch: { cronJob: "report" },
        worker: { port: "http", metrics: "otel" },
        objectives: { freshness: { maxAge: "1d" } },
      },
      ["services.storefront.worker: worker beside http", "services.storefront.batch: batch beside http"],
    ],
    [
      "a worker without its counters",
      { http: undefined, worker: { port: "http", metrics: "jobs_total" }, objectives: {} },
      ['services.storefront.worker.metrics: "jobs_total"'],
    ],
    [
      "a freshness that no gauge tells of",
      {
        http: undefined,
        worker: { port: "http", metrics: "otel" },
        objectives: { freshness: { maxAge: "10m" } },
      },
      ['services.storefront.objectives.freshness: {"maxAge":"10m","period":"30d"}'],
    ],
    [
      "a latency of counters",
      {
        http: undefined,
        worker: { port: "http", metrics: { total: "jobs_total", failed: "jobs_failed_total" } },
        objectives: { latency: { threshold: "1s" } },
      },
      ['services.storefront.objectives.latency: {"threshold":"1s","period":"30d"}'],
    ],
    [
      "a latency of a library without a histogram",
      {
        http: undefined,
        worker: { port: "http", metrics: "rq-exporter" },
        objectives: { latency: { threshold: "1s" } },
      },
      ['services.storefront.objectives.latency: {"threshold":"1s","period":"30d"}'],
    ],
    [
      "a latency of an edge without a histogram",
      { http: { port: "http", metrics: "haproxy" }, objectives: { latency: { threshold: "1s" } } },
      ['services.storefront.objectives.latency: {"threshold":"1s","period":"30d"}'],
    ],
    [
      "a threshold off the buckets of a library of jobs",
      {
        http: undefined,
        worker: { port: "http", metrics: "celery-exporter" },
        objectives: { latency: { threshold: "2s" } },
      },
      ['services.storefront.objectives.latency.threshold: "2s"'],
    ],
    [
      "a backlog that an exporter does not know",
      {
        http: undefined,
        worker: { port: "http", metrics: "flower" },
        objectives: { backlog: { max: 5 } },
      },
      ['services.storefront.objectives.backlog: {"max":5,"period":"30d"}'],
    ],
    [
      "a worker of which only the queue is known, and of that nothing is promised",
      { http: undefined, worker: { port: "http", metrics: "kafka-exporter" }, objectives: {} },
      ["services.storefront.objectives.backlog: nothing"],
    ],
    [
      "a batch job that may be as late as it likes",
      { http: undefined, batch: { cronJob: "report" }, objectives: {} },
      ["services.storefront.objectives.freshness: nothing"],
    ],
    [
      "a batch job that is found by nothing",
      { http: undefined, batch: {}, objectives: { freshness: { maxAge: "1d" } } },
      ["services.storefront.batch.cronJob: nothing"],
    ],
    [
      "a probe by http where https is asked for, and one with a password in it",
      {
        probe: { targets: ["http://shop.example.com", "https://me:secret@shop.example.com"] },
      },
      [
        'services.storefront.probe.targets[0]: "http://shop.example.com"',
        "services.storefront.probe.targets[1]: a value that is not shown, because it may hold a password",
      ],
    ],
    [
      "a connection to what is an address of a page",
      { probe: { module: "tcp_connect", targets: ["https://shop.example.com"] } },
      ['services.storefront.probe.targets[0]: "https://shop.example.com"'],
    ],
    [
      "an objective of its own by a name that is taken",
      {
        objectives: {
          custom: { latency: { percent: "99", errorRatio: "avg_over_time(x[{{.window}}])" } },
        },
      },
      ["services.storefront.objectives.custom.latency: a second objective of the name latency"],
    ],
  ])("is refused for %s", (_, changes, problems) => {
    expect(refused(changes)).toEqual(problems);
  });

  it("is told which thresholds can be measured, and what else can be done", () => {
    expect(() =>
      defineService({
        ...DEFINITION,
        http: { port: "http", metrics: "otel" },
        objectives: { latency: { threshold: "300ms" } },
      }),
    ).toThrow(
      `: 1 problem
  services.storefront.objectives.latency.threshold
    found    "300ms"
    allowed  the end of a bucket of http_server_request_duration_seconds: 5ms, 10ms, 25ms, 50ms, 75ms, 100ms, 250ms, 500ms, 750ms, 1s, 2s500ms, 5s, 7s500ms, 10s
    fix      write 250ms or 500ms, list the buckets that it really has in http.buckets, or expose it as a native histogram and write http.histogram: native`,
    );
  });

  it("is refused with the file and the line of the call", () => {
    const lines = readFileSync(import.meta.filename, "utf8").split("\n");
    const line = lines.findIndex((text) => text.endsWith("// the call")) + 1;
    const wrong = () => defineService({ ...DEFINITION, owner: "" }); // the call
    expect(wrong).toThrow(`defineService in test/components/service/refusals.test.ts:${line}:25: 1 problem`);
  });

  it("is refused for everything at once", () => {
    expect(refused({ owner: 7, tier: "gold", namespace: "" })).toHaveLength(3);
  });

  it.each([[null], [undefined], ["storefront"], [[]]])(
    "that is %j is refused as a mistake and not as a crash",
    (value) => {
      expect(() => defineService(value as never)).toThrow(InvalidInputError);
    },
  );
});
