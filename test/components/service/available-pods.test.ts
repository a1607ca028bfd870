import { describe, expect, it } from "vitest";
import { inhibitRules } from "../../../components/alertmanager/inhibition.ts";
import type { AlertingRule, RuleGroup } from "../../../components/core/rules.ts";
import { defineService, type ServiceDefinition } from "../../../components/service/model.ts";
import {
  alertsOfService,
  promisesOfService,
  renderService,
  renderServiceTests,
} from "../../../components/service/render.ts";
import { promtool } from "../slo/promtool.ts";
import { DEFINITION } from "./samples.ts";

const ALERT = "ServiceHasNoAvailablePods";
const ARGS = {
  environment: "prod",
  runbookBaseUrl: "https://example.com/runbooks",
  namespace: "monitoring",
  scrapeInterval: "30s",
} as const;

const argsOf = (changes: Partial<ServiceDefinition> = {}) => ({
  ...ARGS,
  service: defineService({ ...DEFINITION, ...changes }),
});

const groupsOf = (args: Parameters<typeof renderService>[0]) =>
  renderService(args).rules.spec.groups as unknown as readonly RuleGroup[];

const alertOf = (group: RuleGroup | undefined) =>
  group?.rules.find((rule): rule is AlertingRule => "alert" in rule && rule.alert === ALERT);

describe("the alert about a service without pods", () => {
  it("pages the team of a service of tier critical after two minutes", () => {
    const [group] = groupsOf(argsOf());
    expect(group?.name).toBe("service-storefront.availability");
    expect(alertOf(group)).toMatchObject({
      for: "2m",
      keep_firing_for: "5m",
      labels: { service: "storefront", team: "shop", severity: "critical" },
      annotations: {
        summary: "storefront has no available pod",
        description:
          "{{ if gt $value 0.0 }}Pods that should run: {{ $value }}. Available: 0.{{ else }}Its workload in the namespace shop no longer exists, and Prometheus can scrape no pod.{{ end }} No user can reach storefront. Its objectives do not show this, because no pod counts the failed requests.",
        runbook_url: `https://example.com/runbooks/${ALERT}.md`,
      },
    });
  });

  it.each(["standard", "best-effort"] as const)("opens a ticket for one of tier %s", (tier) => {
    const [group] = groupsOf(argsOf({ tier }));
    expect(alertOf(group)).toMatchObject({ for: "10m", labels: { severity: "warning" } });
  });

  it("is there once, however many objectives the service has", () => {
    const args = argsOf({
      http: { port: "http", metrics: "otel" },
      objectives: { latency: { threshold: "250ms" } },
    });
    const alerts = groupsOf(args).map((group) => alertOf(group) !== undefined);
    expect(alerts).toEqual([true, false]);
    expect(alertsOfService(args).filter(({ name }) => name === ALERT)).toHaveLength(1);
  });

  it.each<[string, Partial<ServiceDefinition>]>([
    ["only probed", { probe: { targets: ["https://help.example.com"] }, objectives: {} }],
    ["a batch job", { batch: { cronJob: "report" }, objectives: { freshness: { maxAge: "26h" } } }],
    [
      "a batch job that is scraped",
      {
        batch: { port: "http", lastSuccess: "report_success_seconds" },
        objectives: { freshness: { maxAge: "26h" } },
      },
    ],
    [
      "measured by queries of its team",
      {
        objectives: {
          custom: {
            sent: {
              percent: "99",
              errors: "rate(e_total[{{.window}}])",
              total: "rate(t_total[{{.window}}])",
            },
          },
        },
      },
    ],
  ])("is not there for a service that is %s", (_, changes) => {
    const args = argsOf({ http: undefined, ...changes });
    expect(groupsOf(args).map(alertOf)).toEqual([undefined]);
    expect(promisesOfService(args).map(({ withoutPods }) => withoutPods)).toEqual([undefined]);
    expect(JSON.stringify(renderServiceTests(args))).not.toContain(ALERT);
  });

  it("takes a name of a workload or a service for text, not for a pattern", () => {
    const expressions = groupsOf(argsOf({ name: "shop-v2", namespace: "shop-eu" })).flatMap(({ rules }) =>
      rules.map(({ expr }) => expr),
    );
    expect(expressions.join("\n")).toContain('scrape_job=~"serviceMonitor/.+/service-shop-v2/\\\\d+"');
  });

  it("inhibits the ticket for missing data of the same service, and nothing else", () => {
    const rules = inhibitRules({ teams: {}, receivers: {} }).filter(({ source_matchers }) =>
      source_matchers.includes(`alertname="${ALERT}"`),
    );
    expect(rules).toEqual([
      {
        source_matchers: [`alertname="${ALERT}"`, 'service=~".+"'],
        target_matchers: ['alertname="SLOSignalAbsent"', 'severity="warning"', 'service=~".+"'],
        equal: ["cluster", "service"],
      },
    ]);
  });
});

describe("what is promised of a service without pods", () => {
  it.each([
    ["critical", "30s", { severity: "critical", seconds: 180 }],
    ["critical", "1m", { severity: "critical", seconds: 240 }],
    ["critical", "2m", { severity: "critical", seconds: 360 }],
    ["standard", "30s", { severity: "warning", seconds: 660 }],
    ["standard", "45s", { severity: "warning", seconds: 720 }],
  ] as const)("of tier %s, scraped every %s", (tier, scrapeInterval, promised) => {
    const promises = promisesOfService({ ...argsOf({ tier }), scrapeInterval });
    expect(promises.map(({ withoutPods }) => withoutPods)).toEqual([promised]);
  });
});

describe("its cases", () => {
  it.each([
    ["critical", "30s"],
    ["critical", "1m"],
    ["critical", "2m"],
    ["standard", "1m"],
  ] as const)("hold for tier %s, scraped every %s", { timeout: 300_000 }, async (tier, scrapeInterval) => {
    const args = { ...argsOf({ tier }), scrapeInterval };
    const tests = renderServiceTests(args)["service-storefront.availability"]?.tests ?? [];
    const cases = tests.filter(({ name }) => name.startsWith(`${ALERT} of storefront `));
    expect(cases.filter(({ name }) => name.includes(" does not fire ")).length).toBeGreaterThan(10);
    expect(cases.filter(({ name }) => !name.includes(" does not fire ")).length).toBeGreaterThan(5);
    const { stdout, stderr } = await promtool(groupsOf(args), scrapeInterval, cases);
    expect(stdout + stderr).toMatch(/SUCCESS/);
  });
});
