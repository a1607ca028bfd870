import { describe, expect, it } from "vitest";
import { hangNotices, missesHangs } from "../../../components/service/hangs.ts";
import { defineService, type ServiceDefinition } from "../../../components/service/model.ts";
import { DEFINITION } from "./samples.ts";

const HTTP = { port: "http", metrics: "otel" } as const;
const GRPC = { port: "http", metrics: "otel" } as const;
const WORKER = { port: "http", metrics: "otel", oldestMessage: "age_seconds", backlog: "waiting" } as const;
const PROBE = { targets: ["https://shop.example.com/"] };
const LATENCY = { latency: { threshold: "250ms" } } as const;

function service(changes: Partial<ServiceDefinition>) {
  const bare = { http: undefined, grpc: undefined, worker: undefined, objectives: {}, environments: {} };
  return defineService({ ...DEFINITION, tier: "critical", ...bare, ...changes });
}

describe("a service of tier critical", () => {
  it.each([
    ["an HTTP server with an availability alone", { http: HTTP }],
    ["a gRPC server with an availability alone", { grpc: GRPC }],
    ["a worker with a success alone", { worker: WORKER }],
  ] as const)("misses requests that never end: %s", (_, changes) => {
    expect(missesHangs(service(changes), undefined)).toBe(true);
  });

  it.each([
    ["a latency", { http: HTTP, objectives: LATENCY }],
    ["a probe", { http: HTTP, probe: PROBE }],
    ["a freshness of a worker", { worker: WORKER, objectives: { freshness: { maxAge: "10m" } } }],
    ["a backlog of a worker", { worker: WORKER, objectives: { backlog: { max: 100 } } }],
    [
      "a latency by its own queries",
      {
        http: HTTP,
        objectives: {
          custom: { "slow-latency": { percent: "99", errorRatio: "sum(rate(a_total[{{.window}}]))" } },
        },
      },
    ],
    ["a probe and no server", { probe: PROBE }],
  ] as const)("does not with %s", (_, changes) => {
    expect(missesHangs(service(changes), undefined)).toBe(false);
  });

  it("is asked in the environment that it runs in", () => {
    const probed = service({ http: HTTP, environments: { prod: { probe: PROBE } } });
    expect([missesHangs(probed, "prod"), missesHangs(probed, "dev")]).toEqual([false, true]);
  });
});

describe("a service of another tier", () => {
  it.each(["standard", "best-effort"] as const)("is not asked: %s", (tier) => {
    expect(missesHangs(service({ tier, http: HTTP }), undefined)).toBe(false);
  });
});

describe("the notice about requests that never end", () => {
  it("names all services that miss them and the fix, once", () => {
    const [cart, search] = ["cart", "search"].map((name) => service({ name, http: HTTP }));
    const fine = service({ name: "pricing", http: HTTP, objectives: LATENCY });
    const notices = hangNotices(
      [cart, fine, search].flatMap((each) => each ?? []),
      "prod",
    );
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(
      /^The objectives of cart, search \(tier critical\) do not see requests that never end/,
    );
    expect(notices[0]).toContain("Add objectives.latency, and probe");
  });

  it("does not exist without such services", () => {
    expect(hangNotices([service({ http: HTTP, objectives: LATENCY })], "prod")).toEqual([]);
  });
});
