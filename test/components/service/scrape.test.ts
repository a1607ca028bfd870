import { describe, expect, it } from "vitest";
import { InvalidInputError, type Problem } from "../../../components/core/problems.ts";
import type { RuleGroup } from "../../../components/core/rules.ts";
import { defineService, type ServiceDefinition, slosOf } from "../../../components/service/model.ts";
import { renderService, renderServiceTests } from "../../../components/service/render.ts";
import { strictProblems } from "../kubernetes/strict.ts";
import { promtool } from "../slo/promtool.ts";
import { DEFINITION } from "./samples.ts";

type Scrape = NonNullable<ServiceDefinition["scrape"]>;

const ORDERS = {
  percent: "99",
  errors: 'sum(rate(orders_failed_total{job="storefront"}[{{.window}}]))',
  total: 'sum(rate(orders_total{job="storefront"}[{{.window}}]))',
};

/** A service that nothing but its own metrics measures. */
function custom(scrape: Scrape) {
  const { http: _, ...rest } = DEFINITION;
  return defineService({ ...rest, scrape, objectives: { custom: { orders: ORDERS } } });
}

const of = (service: ReturnType<typeof defineService>) => ({
  service,
  environment: "prod",
  scrapeInterval: "30s" as const,
  runbookBaseUrl: "https://example.com/runbooks",
  namespace: "monitoring",
});

describe("a service with metrics of its own only", () => {
  it("is scraped at the port that it names, under its own job", () => {
    const { monitor } = renderService(
      of(custom({ kind: "service", port: "metrics", path: "/internal/metrics" })),
    );
    expect(monitor?.spec.endpoints).toMatchObject([{ port: "metrics", path: "/internal/metrics" }]);
    expect(monitor?.spec.endpoints[0]?.relabelings).toContainEqual({
      action: "replace",
      targetLabel: "job",
      replacement: "storefront",
    });
  });

  it("is scraped over TLS, with credentials, of another Service in another namespace", () => {
    const { monitor } = renderService(
      of(
        custom({
          kind: "service",
          port: "https",
          scheme: "https",
          tlsConfig: { serverName: "orders.example.com", ca: { secret: "orders-ca" } },
          auth: { kind: "bearer", secret: "orders-metrics" },
          selector: { app: "orders" },
          namespace: "backend",
        }),
      ),
    );
    expect(strictProblems(monitor)).toEqual([]);
    expect(monitor?.spec).toMatchObject({
      selector: { matchLabels: { app: "orders" } },
      namespaceSelector: { matchNames: ["backend"] },
      endpoints: [
        {
          scheme: "https",
          tlsConfig: {
            serverName: "orders.example.com",
            ca: { secret: { name: "orders-ca", key: "ca.crt" } },
          },
          authorization: { type: "Bearer", credentials: { name: "orders-metrics", key: "token" } },
        },
      ],
    });
  });

  it("is scraped pod by pod where no Service stands for the pods, with a user and a password", () => {
    const { monitor, podMonitor } = renderService(
      of(custom({ kind: "pod", port: "metrics", auth: { kind: "basic", secret: "orders" } })),
    );
    expect(monitor).toBeUndefined();
    expect(strictProblems(podMonitor)).toEqual([]);
    expect(podMonitor?.spec.podMetricsEndpoints).toMatchObject([
      {
        port: "metrics",
        basicAuth: {
          username: { name: "orders", key: "username" },
          password: { name: "orders", key: "password" },
        },
      },
    ]);
  });
});

describe("a service that something else scrapes", () => {
  const edge = defineService({
    ...DEFINITION,
    scrape: { kind: "elsewhere", job: "ingress-nginx", labels: { exported_service: "storefront" } },
  });

  it("has no monitor and no alert about its pods, and its rules name the job for the linter", () => {
    const { monitor, podMonitor, rules } = renderService(of(edge));
    expect([monitor, podMonitor]).toEqual([undefined, undefined]);
    expect(rules.metadata?.annotations).toEqual({ "bellwether.dev/scraped-elsewhere": "ingress-nginx" });
    expect(JSON.stringify(rules)).not.toContain("ServiceHasNoAvailablePods");
  });

  it("is told from the others of the shared exporter by its labels, in every rule", () => {
    const text = JSON.stringify(renderService(of(edge)).rules)
      .replaceAll('\\\\"', "'")
      .replaceAll('\\"', "'");
    expect(text).toContain("job='ingress-nginx'");
    expect(text).toContain("exported_service='storefront'");
    expect(text).not.toContain("job='storefront'");
    expect(slosOf(edge, "prod")).toHaveLength(1);
  });

  it("is all that the word elsewhere says, under the jobs that its own queries name", () => {
    const { monitor, rules } = renderService(
      of(
        defineService({
          ...DEFINITION,
          http: undefined,
          scrape: "elsewhere",
          objectives: {
            custom: {
              orders: ORDERS,
              mails: {
                percent: "99",
                errors: 'sum(rate(mails_failed_total{job=~"mail-a|mail-b"}[{{.window}}]))',
                total: 'sum(rate(mails_total{job=~"mail-.*"}[{{.window}}]))',
              },
            },
          },
        }),
      ),
    );
    expect(monitor).toBeUndefined();
    expect(rules.metadata?.annotations).toEqual({
      "bellwether.dev/scraped-elsewhere": "storefront * mail-a mail-b",
    });
  });

  it("has no monitor where it pushes, and its rules read the job of the receiver", () => {
    const pushing = (scrape: "push" | { kind: "push"; job: string }) =>
      renderService(
        of(defineService({ ...DEFINITION, scrape, objectives: { latency: { threshold: "1s" } } })),
      );
    const { monitor, podMonitor, rules } = pushing("push");
    expect([monitor, podMonitor]).toEqual([undefined, undefined]);
    expect(rules.metadata?.annotations).toEqual({ "bellwether.dev/scraped-elsewhere": "storefront" });
    expect(JSON.stringify(rules)).toContain('le=\\"1\\"');
    expect(JSON.stringify(rules)).not.toMatch(/namespace=|le=\\"1\.0|ServiceHasNoAvailablePods/);
    const [named] = [pushing({ kind: "push", job: "shop/storefront" })];
    expect(JSON.stringify(named.rules)).toContain('job=\\"shop/storefront\\"');
  });

  it("is that in one environment only, where the definition says so", () => {
    const service = defineService({
      ...DEFINITION,
      environments: { staging: { scrape: { kind: "elsewhere", job: "mesh" } } },
    });
    expect(renderService(of(service)).monitor).toBeDefined();
    expect(renderService({ ...of(service), environment: "staging" }).monitor).toBeUndefined();
  });
});

describe("a service with an interval of its own", () => {
  const args = of(
    defineService({
      ...DEFINITION,
      scrape: { kind: "pod", port: "metrics", interval: "60s", namespace: "backend" },
      probe: { targets: ["https://shop.example.com"] },
      objectives: { availability: "99" },
    }),
  );
  const groups = () => renderService(args).rules.spec.groups as unknown as readonly RuleGroup[];

  it("is scraped, probed and evaluated that often", () => {
    const { podMonitor, probe } = renderService(args);
    expect(podMonitor?.spec.podMetricsEndpoints?.[0]?.interval).toBe("60s");
    expect(probe?.spec.interval).toBe("60s");
    expect(groups().map(({ interval }) => interval)).toEqual(["60s", "60s"]);
  });

  it("has alerts about the pods of its own scrape pool and namespace, which promtool proves", async () => {
    const [group] = groups();
    const text = JSON.stringify(group);
    expect(text).toContain("podMonitor/.+/service-storefront/");
    expect(text).not.toContain('namespace=\\\\"shop\\\\"');
    const name = "service-storefront.availability";
    const { evaluation_interval, tests } = renderServiceTests(args)[name] ?? {};
    expect(evaluation_interval).toBe("60s");
    const ofPods = tests?.filter((test) => test.name.startsWith("ServiceHasNoAvailablePods of storefront "));
    expect(ofPods?.length).toBeGreaterThan(8);
    const { stdout, stderr } = await promtool(groups(), "60s", ofPods ?? []);
    expect(stdout + stderr).toMatch(/SUCCESS/);
  });
});

describe("a mistake in scrape", () => {
  it.each<[Record<string, unknown>, string]>([
    [{ scrape: { kind: "service", port: "8080" } }, "scrape.port"],
    [{ scrape: "nowhere" }, "scrape"],
    [{ scrape: { kind: "poud" } }, "scrape.kind"],
    [{ scrape: { prt: "metrics" } }, "scrape.prt"],
    [{ scrape: { kind: "elsewhere", port: "metrics" } }, "scrape.port"],
    [{ scrape: { selector: {} } }, "scrape.selector"],
    [
      { scrape: { kind: "pod", tlsConfig: { insecureSkipVerify: false } } },
      "scrape.tlsConfig.insecureSkipVerify",
    ],
    [{ scrape: { kind: "pod", auth: { kind: "bearer" } } }, "scrape.auth.secret"],
    [{ scrape: { tlsConfig: {} } }, "scrape.tlsConfig"],
    [
      {
        scrape: {
          scheme: "https",
          tlsConfig: { insecureSkipVerify: true },
          auth: { kind: "bearer", secret: "orders" },
        },
      },
      "scrape.tlsConfig.insecureSkipVerify",
    ],
    [{ http: { metrics: "otel" } }, "http.port"],
    [{ http: undefined, scrape: {}, objectives: { custom: { orders: ORDERS } } }, "scrape.port"],
  ])("%j is named at %s, with what is allowed, and nothing else is", (changes, path) => {
    const problems = problemsOf({ ...DEFINITION, ...changes });
    expect(problems.map((problem) => problem.path)).toEqual([`services.storefront.${path}`]);
    expect(problems[0]?.allowed).not.toMatch(/Invalid|^$|^one of $/);
  });

  it("lists the kinds that there are, and the fields of the kind that is meant", () => {
    expect(problemsOf({ ...DEFINITION, scrape: { kind: "poud" } })[0]).toMatchObject({
      allowed: "one of service, pod, elsewhere, push",
      fix: "write pod",
    });
    expect(problemsOf({ ...DEFINITION, scrape: { prt: "metrics" } })[0]).toMatchObject({
      fix: "rename it to port",
    });
    expect(problemsOf({ ...DEFINITION, scrape: { kind: "elsewhere", jop: "a" } })[0]).toMatchObject({
      allowed: "the fields kind, job, labels, interval",
      fix: "rename it to job",
    });
  });
});

function problemsOf(definition: unknown): readonly Problem[] {
  try {
    defineService(definition as ServiceDefinition);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems;
    throw error;
  }
  return [];
}
