import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { Finding } from "../../../cli/doctor/finding.ts";
import { prometheusAt } from "../../../cli/verify/prometheus.ts";
import { type Verified, verify } from "../../../cli/verify/verify.ts";
import { InvalidInputError } from "../../../components/core/problems.ts";
import { defineService } from "../../../components/service/model.ts";
import { ruleGroupsOf } from "../../../components/service/rule-groups.ts";
import { readRecording } from "../../expositions/conventions/recording.ts";
import { freePort, type Server, serve, until } from "../../support/servers.ts";
import { tool } from "../../support/tools.ts";

// A real Prometheus that scrapes nine services, each with what its library really exposes, as the operator would configure it. Eight have a
// fault each. Scrapes and rules are every two seconds here, so that a minute instead of half is four instead of two.

const METRICS = readRecording("starlette-exporter").text;

interface Fault {
  /** What is found wrong; none for the service without a fault. */
  readonly check?: string;
  readonly found?: RegExp;
  readonly exposed?: string;
  readonly status?: number;
  readonly interval?: string;
  readonly limit?: number;
  readonly rules?: "missing" | "changed";
}

const SERVICES: Readonly<Record<string, Fault>> = {
  "as-defined": {},
  "wrong-port": {
    check: "series",
    found: /no series starlette_requests_total/,
    exposed: "go_goroutines 7\n",
  },
  "wrong-label": {
    check: "status",
    found: /statuses are not known: status_code=""/,
    exposed: METRICS.replaceAll("status_code=", "result="),
  },
  "scraped-seldom": { check: "scrape interval", found: /^4s$/, interval: "4s" },
  "without-buckets": {
    check: "buckets",
    found: /^buckets 0.005, 0.01/,
    exposed: METRICS.replaceAll(/^.*le="0.25".*\n/gm, ""),
  },
  "rules-missing": {
    check: "rules service-rules-missing.availability",
    found: /^not loaded$/,
    rules: "missing",
  },
  "rules-changed": {
    check: "rules service-rules-changed.availability",
    found: /^SLOErrorBudgetBurnFast has another query$/,
    rules: "changed",
  },
  "target-down": { check: "targets", found: /1 of 1 targets are down: .*503/, status: 503 },
  "too-many-series": { check: "series limit", found: /sample limit exceeded/, limit: 20 },
};

const services = Object.keys(SERVICES).map((name) => ({
  service: defineService({
    name,
    owner: "shop",
    tier: "standard",
    description: "Takes orders and payments",
    namespace: "shop",
    http: { port: "http", metrics: "starlette-exporter" },
    objectives: { latency: { threshold: "250ms" } },
  }),
  environment: "prod",
  runbookBaseUrl: "https://example.com/runbooks",
  scrapeInterval: "2s" as const,
}));

let folder: string;
let exposing: HttpServer;
let server: Server;
let verified: readonly Verified[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellwether-verify-"));
  exposing = createServer(({ url = "" }, answer) => {
    const { exposed = METRICS, status = 200 } = SERVICES[url.slice(1)] ?? {};
    answer.writeHead(status, { "content-type": "text/plain; version=0.0.4" }).end(exposed);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => exposing.once("listening", resolve));
  const address = `127.0.0.1:${(exposing.address() as AddressInfo).port}`;
  const groups = services.flatMap((args) => {
    const { rules } = SERVICES[args.service.name] ?? {};
    if (rules === "missing")
      return ruleGroupsOf(args.service, args).filter(({ name }) => !name.endsWith(".availability"));
    return ruleGroupsOf(args.service, args).map((group) =>
      rules !== "changed" || !group.name.endsWith(".availability")
        ? group
        : {
            ...group,
            rules: group.rules.map((rule) =>
              "alert" in rule && rule.alert === "SLOErrorBudgetBurnFast"
                ? { ...rule, expr: `${rule.expr} unless vector(0) > 1` }
                : rule,
            ),
          },
    );
  });
  await writeFile(join(folder, "rules.yaml"), stringify({ groups }, { aliasDuplicateObjects: false }));
  const config = {
    global: { evaluation_interval: "2s" },
    rule_files: [join(folder, "rules.yaml")],
    scrape_configs: services.map(({ service: { name, owner, namespace } }) => ({
      job_name: name,
      metrics_path: `/${name}`,
      scrape_interval: SERVICES[name]?.interval ?? "2s",
      scrape_timeout: "2s",
      sample_limit: SERVICES[name]?.limit ?? 10_000,
      static_configs: [{ targets: [address], labels: { namespace, service: name, team: owner, pod: "a" } }],
    })),
  };
  await writeFile(join(folder, "prometheus.yaml"), stringify(config));
  const port = await freePort();
  const args = [
    `--config.file=${join(folder, "prometheus.yaml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  server = await serve(await tool("prometheus"), args, { port, ready: "/-/ready" });
  const prometheus = prometheusAt(server.url, undefined);
  // On a busy machine a scrape may time out, which is a fault, too, but none of those that are there to stay.
  await until(async () => {
    verified = await verify(services, prometheus);
    return verified.every(({ service, findings }) => {
      const wrong = findings.filter(({ state }) => state === "wrong");
      return wrong.length === (SERVICES[service]?.check === undefined ? 0 : 1);
    });
  }, 120).catch(() => undefined);
}, 300_000);

afterAll(async () => {
  await server?.stop();
  exposing?.close();
  await rm(folder, { recursive: true, force: true });
});

function wrongOf(name: string): readonly Finding[] {
  const { findings = [] } = verified.find(({ service }) => service === name) ?? {};
  return findings.filter(({ state }) => state === "wrong");
}

describe("a running Prometheus", () => {
  it("has nothing wrong of a service that is as defined, all of which was checked", () => {
    const { findings = [] } = verified[0] ?? {};
    expect(findings.map(({ check, state }) => [check, state])).toEqual(
      [
        "targets",
        "scrape interval",
        "series",
        "status",
        "buckets",
        "rules service-as-defined.availability",
        "rules service-as-defined.latency",
        "data of availability",
        "data of latency",
      ].map((check) => [check, "ok"]),
    );
  });

  it.each(Object.entries(SERVICES).filter(([, { check }]) => check !== undefined))(
    "has one fault of a service that has one, with its fix: %s",
    (name, { check, found }) => {
      const wrong = wrongOf(name);
      expect(wrong.map((finding) => finding.check)).toEqual([check]);
      expect(wrong[0]?.found).toMatch(found ?? /never/);
      expect(wrong[0]?.fix).toBeDefined();
    },
  );

  it("has no target of a service that it does not scrape", async () => {
    const [args] = services;
    const service = defineService({
      ...(args as NonNullable<typeof args>).service,
      name: "elsewhere",
    } as never);
    const [found] = await verify(
      [{ ...(args as NonNullable<typeof args>), service }],
      prometheusAt(server.url, undefined),
    );
    expect(found?.findings[0]?.found).toBe('no target with job="elsewhere" and namespace="shop"');
  });

  it("that does not answer is one error, without the password of its URL", async () => {
    const error = await verify(services, prometheusAt("http://me:secret@127.0.0.1:1", undefined)).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(String((error as Error).message)).not.toContain("secret");
  });
});
