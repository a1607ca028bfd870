import { describe, expect, it } from "vitest";
import { defineService, type ServiceDefinition } from "../../../components/service/model.ts";
import { renderService } from "../../../components/service/render.ts";
import { DEFINITION } from "./samples.ts";

type Settings = NonNullable<ServiceDefinition["environments"]>[string];

function renderedIn(environment: string, service: ReturnType<typeof defineService>) {
  return renderService({
    service,
    environment,
    scrapeInterval: "2m",
    runbookBaseUrl: "https://example.com",
    namespace: "monitoring",
  });
}

type Rendered = ReturnType<typeof renderedIn>;

const endpoint = ({ monitor }: Rendered) => monitor?.spec?.endpoints[0];
const objectives = ({ rules }: Rendered) =>
  rules.spec?.groups?.map(({ name }) => name.slice(name.indexOf(".") + 1));
const queries = ({ rules }: Rendered) => JSON.stringify(rules.spec?.groups);

interface Kind {
  readonly definition: Partial<ServiceDefinition>;
  readonly inDev: Settings;
  /** What the objects of an environment are asked for; and the answers, in dev and elsewhere. */
  readonly ask: (rendered: Rendered) => unknown;
  readonly dev: unknown;
  readonly prod: unknown;
}

const KINDS: Readonly<Record<string, Kind>> = {
  "an HTTP server": {
    definition: {},
    inDev: { http: { port: "admin", metrics: "otel" } },
    ask: (rendered) => [
      endpoint(rendered)?.port,
      queries(rendered).includes("http_requests_total"),
      queries(rendered).includes("http_server_request_duration_seconds_count"),
    ],
    dev: ["admin", false, true],
    prod: ["http", true, false],
  },
  "a gRPC server": {
    definition: { http: undefined, grpc: { port: "metrics", metrics: "grpc_prometheus" }, objectives: {} },
    inDev: { grpc: { port: "metrics", path: "/stats", metrics: "otel" } },
    ask: (rendered) => [
      endpoint(rendered)?.path,
      queries(rendered).includes("grpc_server_handled_total"),
      queries(rendered).includes("rpc_server_call_duration_seconds_count"),
    ],
    dev: ["/stats", false, true],
    prod: ["/metrics", true, false],
  },
  "a worker": {
    definition: {
      http: undefined,
      worker: { port: "metrics", metrics: { total: "jobs_total", failed: "jobs_failed_total" } },
      objectives: {},
    },
    inDev: {
      worker: { port: "metrics", metrics: "otel", histogram: "native", backlog: "waiting" },
      objectives: { backlog: { max: 50 } },
    },
    ask: (rendered) => [
      queries(rendered).includes("jobs_failed_total"),
      queries(rendered).includes("messaging_process_duration_seconds"),
      rendered.monitor?.spec?.scrapeNativeHistograms,
      objectives(rendered),
    ],
    dev: [false, true, true, ["success", "backlog"]],
    prod: [true, false, undefined, ["success"]],
  },
  "a batch job": {
    definition: {
      http: undefined,
      batch: { cronJob: "report" },
      tier: "best-effort",
      objectives: { freshness: { maxAge: "26h" } },
    },
    inDev: { batch: { port: "metrics", lastSuccess: "report_succeeded_seconds" } },
    ask: (rendered) => [
      endpoint(rendered)?.port,
      queries(rendered).includes('cronjob=\\"report\\"'),
      queries(rendered).includes("report_succeeded_seconds"),
    ],
    dev: ["metrics", false, true],
    prod: [undefined, true, false],
  },
  "a website": {
    definition: { http: undefined, probe: { targets: ["https://example.com"] }, objectives: {} },
    inDev: { probe: { targets: ["http://dev.example.com", "http://dev.example.org"], module: "http_2xx" } },
    ask: ({ probe }) => [probe?.spec?.module, probe?.spec?.targets?.staticConfig?.static],
    dev: ["http_2xx", ["http://dev.example.com", "http://dev.example.org"]],
    prod: ["https_2xx", ["https://example.com"]],
  },
  "a service that is probed in one environment only": {
    definition: {},
    inDev: { probe: { targets: ["https://dev.example.com"] } },
    ask: (rendered) => [
      rendered.probe?.spec?.targets?.staticConfig?.static,
      endpoint(rendered)?.port,
      objectives(rendered),
    ],
    dev: [["https://dev.example.com"], "http", ["availability", "probes"]],
    prod: [undefined, "http", ["availability"]],
  },
};

describe("the source of metrics of an environment", () => {
  it.each(Object.entries(KINDS))("replaces the general one of %s", (_, kind) => {
    const service = defineService({ ...DEFINITION, ...kind.definition, environments: { dev: kind.inDev } });
    expect(kind.ask(renderedIn("dev", service))).toEqual(kind.dev);
    expect(kind.ask(renderedIn("prod", service))).toEqual(kind.prod);
  });

  it("has the buckets that a threshold is checked against", () => {
    const http = { port: "http", metrics: "otel", buckets: ["100ms", "300ms"] } as const;
    const latency = { threshold: "300ms" } as const;
    const definition = { ...DEFINITION, http, objectives: { latency } };
    const inDev = (settings: Settings) => () =>
      defineService({ ...definition, environments: { dev: settings } });
    const coarse = { ...http, buckets: ["100ms", "500ms"] } as const;
    expect(inDev({ http })).not.toThrow();
    expect(inDev({ http: coarse })).toThrow(
      /services\.storefront\.environments\.dev\.objectives\.latency\.threshold/,
    );
    expect(inDev({ http: coarse, objectives: { latency: { threshold: "500ms" } } })).not.toThrow();
  });
});

describe("a source of metrics of an environment is rejected", () => {
  const { "a worker": worker, "a batch job": batch } = KINDS;
  it.each<readonly [string, Partial<ServiceDefinition>, Settings, string, RegExp]>([
    [
      "if the service is of another kind",
      {},
      { worker: { port: "http", metrics: "otel" } },
      "worker",
      /worker beside http[\s\S]*one of http, grpc, worker, batch/,
    ],
    [
      "if it is of another kind that comes first in the schema",
      { ...worker?.definition },
      { http: { port: "http", metrics: "otel" } },
      "http",
      /http beside worker/,
    ],
    [
      "if it does not measure an objective that is said for all environments",
      {
        http: undefined,
        worker: { port: "http", metrics: "otel", backlog: "waiting" },
        objectives: { backlog: { max: 5 } },
      },
      { worker: { port: "http", metrics: "otel" } },
      "objectives.backlog",
      /without worker\.backlog it is not measured/,
    ],
    [
      "if its targets do not fit its module",
      {},
      { probe: { targets: ["http://dev.example.com"] } },
      "probe.targets[0]",
      /an https URL without credentials/,
    ],
    [
      "if a native histogram lists buckets",
      {},
      { http: { port: "http", metrics: "otel", histogram: "native", buckets: ["1s"] } },
      "http.buckets",
      /a native histogram chooses its buckets itself/,
    ],
    [
      "if it brings an objective whose name the team's own has",
      {
        objectives: { custom: { probes: { percent: "99", errorRatio: "avg_over_time(lost[{{.window}}])" } } },
      },
      { probe: { targets: ["https://dev.example.com"] } },
      "objectives.custom.probes",
      /a second objective of the name probes/,
    ],
    [
      "if a batch job has no maximum age there",
      {
        http: undefined,
        objectives: { custom: { own: { percent: "99", errorRatio: "avg_over_time(lost[{{.window}}])" } } },
      },
      { ...batch?.inDev },
      "objectives.freshness",
      /how long ago the last success may be/,
    ],
  ])("%s", (_, changes, dev, field, message) => {
    const define = () => defineService({ ...DEFINITION, ...changes, environments: { dev } });
    expect(define).toThrow(`services.storefront.environments.dev.${field}`);
    expect(define).toThrow(message);
  });
});
