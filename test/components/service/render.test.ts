import { access } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { RuleGroup } from "../../../components/core/rules.ts";
import { PROBE_MODULES } from "../../../components/prometheus/render.ts";
import { defineService, examplesOf, type ServiceDefinition } from "../../../components/service/model.ts";
import { PROBE_TARGETS } from "../../../components/service/presets.ts";
import { alertsOfService, renderService, renderServiceTests } from "../../../components/service/render.ts";
import { services } from "../../../stacks/services/index.ts";
import { strictProblems } from "../kubernetes/strict.ts";
import { DEFINITION } from "./samples.ts";

const ARGS = {
  service: defineService(DEFINITION),
  environment: "prod",
  scrapeInterval: "2m",
  runbookBaseUrl: "https://example.com/runbooks",
  namespace: "monitoring",
} as const;

const { monitor, rules } = renderService(ARGS);
if (monitor === undefined) throw new Error("a service with http has a monitor");

describe("a service's objects", () => {
  it("are valid, with no field that the operator does not know", () => {
    expect(strictProblems(monitor)).toEqual([]);
    expect(strictProblems(rules)).toEqual([]);
  });

  it("scrape the service by its label, in its namespace, at the environment's interval", () => {
    expect(monitor.spec?.selector).toEqual({ matchLabels: { "app.kubernetes.io/name": "storefront" } });
    expect(monitor.spec?.namespaceSelector).toEqual({ matchNames: ["shop"] });
    expect(monitor.spec?.endpoints).toMatchObject([{ port: "http", path: "/metrics", interval: "2m" }]);
  });

  it("give its series the labels that rules and routes rely on", () => {
    const labels = Object.fromEntries(
      (monitor.spec?.endpoints[0]?.relabelings ?? []).map(({ targetLabel, replacement }) => [
        targetLabel,
        replacement,
      ]),
    );
    expect(labels).toEqual({ job: "storefront", service: "storefront", team: "shop" });
  });

  it("refuse a scrape with more series than any service needs", () => {
    expect(monitor.spec?.sampleLimit).toBe(10_000);
  });

  it("name who owns them", () => {
    for (const object of [monitor, rules])
      expect(object.metadata?.labels).toMatchObject({ service: "storefront", team: "shop" });
  });

  it("differ where the environment does", () => {
    const service = defineService({
      ...DEFINITION,
      environments: { dev: { objectives: { availability: "99" } } },
    });
    const text = (environment: string) =>
      JSON.stringify(renderService({ ...ARGS, service, environment }).rules);
    expect(text("dev")).toContain("vector(0.99)");
    expect(text("prod")).toContain("vector(0.999)");
  });
});

describe("the objects of other kinds", () => {
  const rendered = (changes: Partial<ServiceDefinition>) =>
    renderService({
      ...ARGS,
      service: defineService({ ...DEFINITION, http: undefined, objectives: {}, ...changes }),
    });

  it("ask for native histograms where the service has them", () => {
    const { monitor: native } = rendered({
      grpc: { port: "metrics", metrics: "otel", histogram: "native" },
    });
    expect(native?.spec.scrapeNativeHistograms).toBe(true);
    expect(monitor.spec).not.toHaveProperty("scrapeNativeHistograms");
    if (native) expect(strictProblems(native)).toEqual([]);
  });

  it("probe a site through the platform's prober, by a module that it has", () => {
    const { probe, monitor: none } = rendered({
      probe: { targets: ["https://help.example.com", "https://help.example.com/returns"] },
    });
    expect(none).toBeUndefined();
    expect(probe?.spec).toMatchObject({
      jobName: "probe/storefront",
      interval: "2m",
      module: "https_2xx",
      prober: { url: "blackbox-exporter.monitoring.svc:9115" },
      targets: {
        staticConfig: {
          static: ["https://help.example.com", "https://help.example.com/returns"],
          labels: { service: "storefront", team: "shop" },
        },
      },
    });
    if (probe) expect(strictProblems(probe)).toEqual([]);
    expect(Object.keys(PROBE_TARGETS)).toEqual(expect.arrayContaining(Object.keys(PROBE_MODULES)));
  });

  it("scrape nothing for a job that Kubernetes itself tells of", () => {
    const objectives = { freshness: { maxAge: "26h" } } as const;
    expect(Object.keys(rendered({ batch: { cronJob: "report" }, objectives }))).toEqual(["rules"]);
    const own = rendered({ batch: { port: "http", lastSuccess: "report_success_seconds" }, objectives });
    expect(own.monitor?.spec.endpoints).toMatchObject([{ port: "http", path: "/metrics" }]);
  });
});

describe("a service's alerts", () => {
  const alerts = alertsOfService(ARGS);

  it("are reported with owner, severity and runbook", () => {
    expect(
      alerts.map(({ name, severity, team, group, for: pending }) => [name, severity, team, group, pending]),
    ).toEqual([
      ["SLOErrorBudgetBurnFast", "critical", "shop", "storefront", "0s"],
      ["SLOErrorBudgetBurnSlow", "warning", "shop", "storefront", "0s"],
      ["SLOSignalAbsent", "warning", "shop", "storefront", "10m"],
      ["SLOSignalUnclassified", "warning", "shop", "storefront", "15m"],
      ["SLOErrorBudgetHalfSpent", "info", "shop", "storefront", "15m"],
      ["SLOErrorBudgetNearlySpent", "warning", "shop", "storefront", "15m"],
      ["SLOErrorBudgetSpent", "warning", "shop", "storefront", "15m"],
      ["ServiceHasNoAvailablePods", "critical", "shop", "storefront", "2m"],
    ]);
  });

  it("have a page in docs/runbooks each", async () => {
    for (const { name, runbookUrl } of alerts) {
      expect(runbookUrl).toBe(`https://example.com/runbooks/${name}.md`);
      await access(new URL(`../../../docs/runbooks/${name}.md`, import.meta.url));
    }
  });
});

describe("the cases of the services that the teams run", () => {
  it.each(services.map((service) => [service.name, service] as const))(
    "of %s are asked at the interval of its scrapes, and as seldom as its examples and its scrapes may come",
    (_, service) => {
      for (const environment of ["prod", "dev"]) {
        const args = { ...ARGS, service, environment };
        const { spec } = renderService(args).rules;
        const tests = renderServiceTests(args);
        for (const group of spec.groups as unknown as RuleGroup[]) {
          const { name } = group;
          const files = Object.entries(tests).filter(
            ([file]) => file === name || file.startsWith(`${name}-every-`),
          );
          const objective = name.slice(name.indexOf(".") + 1);
          // What happens by the hour is told from examples; holes in the records need none.
          const isTold = examplesOf(service, objective, environment) !== undefined;
          // Five scrapes of 2m; a latency has no requests of an unknown outcome, because its service's availability has them.
          const seldom = objective === "latency" ? [] : [`${name}-every-10m`];
          const slow = isTold ? [...seldom, `${name}-every-1h`, `${name}-every-1d`] : [`${name}-every-1d`];
          expect(files.map(([file]) => file)).toEqual([name, ...slow]);
          for (const [, file] of files) expect(file.rule_files).toEqual([`../rules/${name}.yaml`]);
        }
      }
    },
  );
});
