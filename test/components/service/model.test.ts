import { describe, expect, it } from "vitest";
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

  it("run in the environments that only names, or in all that except does not name", () => {
    const only = defineService({ ...DEFINITION, only: ["prod", "staging"] });
    const except = defineService({ ...DEFINITION, except: ["dev"] });
    const off = defineService({ ...DEFINITION, only: ["prod"], environments: { prod: { enabled: false } } });
    const running = (one: typeof service) => ["dev", "prod", "staging"].filter((name) => runsIn(one, name));
    expect([service, only, except, off].map(running)).toEqual([
      ["dev", "prod", "staging"],
      ["prod", "staging"],
      ["prod", "staging"],
      [],
    ]);
  });

  it("name only environments that exist in these lists", () => {
    const known = ["dev", "prod", "staging"];
    for (const list of ["only", "except"] as const) {
      const misspelt = defineService({ ...DEFINITION, [list]: ["dev", "stagin"] });
      expect(environmentProblems(misspelt, known, "services.storefront")).toEqual([
        {
          path: `services.storefront.${list}[1]`,
          found: 'an environment that does not exist, "stagin"',
          allowed: "one of the environments dev, prod, staging",
          fix: "rename it to staging",
        },
      ]);
    }
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
