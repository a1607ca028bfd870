import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../../components/core/problems.ts";
import {
  defineService,
  duplicateServices,
  environmentProblems,
  runsIn,
  type ServiceDefinition,
  serviceProblems,
  slosOf,
} from "../../../components/service/model.ts";
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
  it("of ten lines is enough", () => {
    const service = defineService(DEFINITION);
    expect(service.http?.path).toBe("/metrics");
    expect(slosOf(service, "prod")).toMatchObject([
      {
        service: "storefront",
        team: "shop",
        name: "availability",
        objective: "99.9",
        period: "30d",
        minimumErrors: 5,
      },
    ]);
  });

  it("leaves the objective to its tier where it names none", () => {
    const objective = (tier: "critical" | "standard" | "best-effort") =>
      slosOf(defineService({ ...DEFINITION, tier, objectives: {} }))[0]?.objective;
    expect([objective("critical"), objective("standard"), objective("best-effort")]).toEqual([
      "99.9",
      "99.5",
      "99",
    ]);
  });

  it("takes another period and another floor", () => {
    const availability = { percent: "99.5", period: "28d", minimumErrors: 20 } as const;
    expect(slosOf(defineService({ ...DEFINITION, objectives: { availability } }))).toMatchObject([
      { objective: "99.5", period: "28d", minimumErrors: 20 },
    ]);
  });

  it("of any kind leaves to its tier what it does not say", () => {
    const objectives = (definition: Partial<ServiceDefinition>) =>
      slosOf(defineService({ ...DEFINITION, http: undefined, ...definition })).map(
        ({ name, objective, minimumErrors }) => [name, objective, minimumErrors],
      );
    const worker = {
      port: "http",
      metrics: "otel",
      oldestMessage: "oldest_seconds",
      backlog: "waiting",
    } as const;
    expect(
      objectives({ worker, objectives: { freshness: { maxAge: "10m" }, backlog: { max: 100 } } }),
    ).toEqual([
      ["success", "99.9", 5],
      ["freshness", "99", 3],
      ["backlog", "99", 3],
    ]);
    expect(
      objectives({
        batch: { cronJob: "report" },
        objectives: { freshness: { maxAge: "1d", percent: "98" } },
      }),
    ).toEqual([["freshness", "98", 3]]);
    expect(objectives({ probe: { targets: ["https://help.example.com"] }, objectives: {} })).toEqual([
      ["probes", "99.9", 3],
    ]);
  });

  it("may be probed beside what it is, and is then as quick as its requests are", () => {
    const service = defineService({
      ...DEFINITION,
      probe: { targets: ["https://shop.example.com"] },
      objectives: { latency: { threshold: "500ms" } },
    });
    expect(slosOf(service).map(({ name, signal }) => [name, signal.unit])).toEqual([
      ["availability", "requests"],
      ["latency", "requests"],
      ["probes", "probes"],
    ]);
  });

  it("may differ in an environment, and not run in another", () => {
    const service = defineService({
      ...DEFINITION,
      environments: { dev: { objectives: { availability: "99" } }, local: { enabled: false } },
    });
    expect(slosOf(service, "dev")[0]?.objective).toBe("99");
    expect(slosOf(service, "prod")[0]?.objective).toBe("99.9");
    expect(["dev", "prod", "local", "constructor"].map((name) => runsIn(service, name))).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });

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

  it("takes any threshold of a native histogram, and any end of its own buckets", () => {
    const thresholds = [
      { port: "http", metrics: "otel", histogram: "native" },
      { port: "http", metrics: "otel-milliseconds", buckets: ["100ms", "300ms"] },
    ] as const;
    for (const http of thresholds)
      expect(
        slosOf(defineService({ ...DEFINITION, http, objectives: { latency: { threshold: "300ms" } } })),
      ).toMatchObject([
        { name: "availability", objective: "99.9" },
        { name: "latency", objective: "99", minimumErrors: 5 },
      ]);
  });

  it("is refused with the file and the line of the call", () => {
    const lines = readFileSync(import.meta.filename, "utf8").split("\n");
    const line = lines.findIndex((text) => text.endsWith("// the call")) + 1;
    const wrong = () => defineService({ ...DEFINITION, owner: "" }); // the call
    expect(wrong).toThrow(`defineService in test/components/service/model.test.ts:${line}:25: 1 problem`);
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

describe("services in an environment", () => {
  const service = defineService(DEFINITION);

  it("belong to a team that is notified", () => {
    expect(serviceProblems(service, ["platform", "shop"], "services.storefront")).toEqual([]);
    expect(serviceProblems(service, ["platform", "shops"], "services.storefront")).toEqual([
      {
        path: "services.storefront.owner",
        found: '"shop"',
        allowed: "one of the teams platform, shops",
        fix: "write shops",
      },
    ]);
    expect(serviceProblems(service, ["platform"], "services.storefront")[0]?.fix).toBe(
      "add shop to alertmanager.teams",
    );
  });

  it("have settings only for environments that exist", () => {
    const settings = { stagin: { enabled: false }, prod: { enabled: true }, moon: { enabled: true } };
    const misspelt = defineService({ ...DEFINITION, environments: settings });
    expect(environmentProblems(misspelt, ["dev", "prod", "staging"], "services.storefront")).toEqual([
      {
        path: "services.storefront.environments.stagin",
        found: 'an environment that does not exist, "stagin"',
        allowed: "one of the environments dev, prod, staging",
        fix: "rename it to staging",
      },
      {
        path: "services.storefront.environments.moon",
        found: 'an environment that does not exist, "moon"',
        allowed: "one of the environments dev, prod, staging",
        fix: "correct the name, or remove it",
      },
    ]);
  });

  it("do not share a name", () => {
    const other = defineService({ ...DEFINITION, owner: "platform" });
    expect(duplicateServices([service], "services")).toEqual([]);
    expect(duplicateServices([service, other], "services")).toMatchObject([
      {
        path: "services[1].name",
        found: expect.stringMatching(
          /^"storefront" of platform, in \S+model\.test\.ts:\d+:19; shop has a service of that name, in \S+model\.test\.ts:\d+:19$/,
        ),
      },
    ]);
  });
});
