import { describe, expect, it } from "vitest";
import {
  defineService,
  examplesOf,
  type ServiceDefinition,
  slosOf,
} from "../../../components/service/model.ts";
import { sloTests } from "../../../components/slo/cases.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { prove } from "../slo/promtool.ts";
import { CONTEXT, LINKS } from "../slo/samples.ts";
import { DEFINITION } from "./samples.ts";

/** One service of each kind of series that is read differently; and which objectives it comes to. */
const KINDS: readonly (readonly [string, Partial<ServiceDefinition>, readonly string[]])[] = [
  [
    "HTTP, with a classic histogram",
    {
      http: { port: "http", metrics: "otel" },
      objectives: { latency: { threshold: "250ms" } },
    },
    ["availability", "latency"],
  ],
  [
    "HTTP, with a native histogram",
    {
      http: { port: "http", metrics: "otel", histogram: "native" },
      objectives: { latency: { threshold: "300ms", percent: "99.9" } },
    },
    ["availability", "latency"],
  ],
  [
    "gRPC, with durations of streams beside those of calls",
    {
      http: undefined,
      grpc: { port: "http", metrics: "grpc_prometheus" },
      objectives: { latency: { threshold: "2500ms" } },
    },
    ["availability", "latency"],
  ],
  [
    "a worker with counters of its own",
    {
      http: undefined,
      worker: { port: "http", metrics: { total: "jobs_total", failed: "jobs_failed_total" } },
      objectives: {},
    },
    ["success"],
  ],
  [
    "a worker whose good and failed jobs are two metrics of an exporter that others share",
    {
      http: undefined,
      worker: { metrics: "celery-exporter" },
      scrape: { kind: "elsewhere", job: "celery-exporter", labels: { queue_name: "orders" } },
      objectives: { latency: { threshold: "2500ms" }, backlog: { max: 1000 } },
    },
    ["success", "latency", "backlog"],
  ],
  [
    "a worker whose good and failed jobs are two values of a label",
    { http: undefined, worker: { port: "http", metrics: "flower" }, objectives: {} },
    ["success"],
  ],
  [
    "a worker of messages that may fall behind",
    {
      http: undefined,
      tier: "best-effort",
      worker: { port: "http", metrics: "otel", oldestMessage: "oldest_seconds", backlog: "waiting_messages" },
      objectives: { freshness: { maxAge: "10m" }, backlog: { max: 1000 } },
    },
    ["success", "freshness", "backlog"],
  ],
  [
    "a batch job that may be overdue",
    {
      http: undefined,
      tier: "best-effort",
      batch: { cronJob: "report" },
      objectives: { freshness: { maxAge: "26h" } },
    },
    ["freshness"],
  ],
  [
    "a static site that is probed",
    {
      http: undefined,
      probe: { targets: ["https://help.example.com"] },
      objectives: { probes: "95", latency: { threshold: "2s", percent: "95" } },
    },
    ["probes", "latency"],
  ],
];

describe("the alerts of every objective, in promtool", () => {
  it.each(KINDS)("fire and are silent for %s", { timeout: 300_000 }, async (_, changes, names) => {
    const service = defineService({ ...DEFINITION, ...changes });
    const slos = slosOf(service);
    expect(slos.map(({ name }) => name)).toEqual(names);
    for (const slo of slos) {
      const examples = examplesOf(service, slo.name);
      const tests = sloTests(slo, { ...CONTEXT, scrapeInterval: "2m", examples });
      const { code, stdout, stderr } = await prove([ruleGroup(slo, "2m", LINKS)], tests);
      expect(stdout + stderr).toMatch(/SUCCESS/);
      expect(code).toBe(0);
    }
  });
});
