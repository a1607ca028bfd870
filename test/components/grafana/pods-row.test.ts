import { describe, expect, it } from "vitest";
import { dashboardsIn, renderContent } from "../../../components/grafana/content.ts";
import { panelsOf } from "../../../components/grafana/lint/check.ts";
import { defineService, type ServiceDefinition } from "../../../components/service/model.ts";
import { renderService } from "../../../components/service/render.ts";
import { panelId } from "../../../components/signals/panels.ts";
import { CONTENT, IN_CLUSTER } from "./samples.ts";

const BASE = {
  name: "one",
  owner: "shop",
  tier: "best-effort",
  description: "For tests",
  namespace: "shop",
} as const;
const freshness = { maxAge: "26h" } as const;

/** A service of each kind, and whether Prometheus scrapes its pods. */
const KINDS: readonly (readonly [
  kind: string,
  isScraped: boolean,
  definition: Partial<ServiceDefinition>,
])[] = [
  ["an HTTP server", true, { http: { port: "http", metrics: "otel" } }],
  ["a gRPC server", true, { grpc: { port: "metrics", metrics: "grpc_prometheus" } }],
  ["a worker of messages", true, { worker: { port: "metrics", metrics: "otel" } }],
  [
    "a worker with counters of its own",
    true,
    { worker: { port: "metrics", metrics: { total: "a_total", failed: "b_total" } } },
  ],
  [
    "a batch job with an exporter",
    true,
    { batch: { port: "metrics", lastSuccess: "last_success" }, objectives: { freshness } },
  ],
  [
    "an HTTP server that is also probed",
    true,
    { http: { port: "http", metrics: "otel" }, probe: { targets: ["https://a.example.com"] } },
  ],
  ["a CronJob", false, { batch: { cronJob: "one" }, objectives: { freshness } }],
  ["a site that is only probed", false, { probe: { targets: ["https://a.example.com"] } }],
];

describe.each(KINDS)("the dashboard of %s", (_, isScraped, definition) => {
  const service = defineService({ ...BASE, ...definition });
  const boards = dashboardsIn(renderContent({ ...CONTENT, settings: IN_CLUSTER, services: [service] }));
  const json = boards.find(({ name }) => name === "service-one")?.json;
  if (json === undefined) throw new Error("no dashboard of the service");

  it(`has ${isScraped ? "a" : "no"} row of its pods`, () => {
    const rows = json.panels.filter(({ type }) => type === "row").map(({ title }) => title);
    expect(rows.includes("Pods")).toBe(isScraped);
    const ids = panelsOf(json).map(({ id }) => id);
    for (const key of ["targets", "pods-cpu", "pods-memory"])
      expect(ids.includes(panelId(key))).toBe(isScraped);
  });

  it("reads the targets of the service's own ServiceMonitor there", () => {
    const { monitor } = renderService({
      service,
      environment: "prod",
      runbookBaseUrl: "https://runbooks.example.com",
      scrapeInterval: "30s",
      namespace: "monitoring",
    });
    expect(monitor !== undefined).toBe(isScraped);
    const job = monitor?.spec.endpoints[0]?.relabelings?.find(({ targetLabel }) => targetLabel === "job");
    const queries = panelsOf(json)
      .filter(({ id }) => ["targets", "pods-cpu", "pods-memory"].some((key) => id === panelId(key)))
      .flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(queries).toHaveLength(isScraped ? 3 : 0);
    for (const expr of queries) expect(expr).toContain(`up{job="${job?.replacement}", namespace="shop"`);
  });
});

it("the dashboard of a job that an environment scrapes has the row there alone", () => {
  const service = defineService({
    ...BASE,
    batch: { cronJob: "one" },
    objectives: { freshness },
    environments: { dev: { batch: { port: "metrics", lastSuccess: "last_success" } } },
  });
  const idsIn = (environment: string) =>
    dashboardsIn(renderContent({ ...CONTENT, environment, settings: IN_CLUSTER, services: [service] }))
      .filter(({ name }) => name === "service-one")
      .flatMap(({ json }) => panelsOf(json).map(({ id }) => id));
  expect(idsIn("dev")).toContain(panelId("targets"));
  expect(idsIn("prod")).not.toContain(panelId("targets"));
});
