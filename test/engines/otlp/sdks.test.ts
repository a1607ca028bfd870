import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { renderPrometheus } from "../../../components/prometheus/server.ts";
import { ruleGroupsOf } from "../../../components/service/rule-groups.ts";
import { PRODUCTION, PRODUCTION_SETTINGS, resolved } from "../../components/prometheus/samples.ts";
import { freePort, type Server, serve, until } from "../../support/servers.ts";
import { tool } from "../../support/tools.ts";
import { type Series, seriesIn } from "../cortex.ts";
import { definitionOf, type Form, nameOf, type Process, type Requests, startService } from "./services.ts";

// The SDKs of OpenTelemetry for JavaScript, Python and Go push to a real Prometheus with the receiver as it is rendered. Each is set up by
// the variables of OpenTelemetry alone. What the rules of their objectives count is compared with what the processes counted.

const INTERVAL = 2;

const FORMS: readonly Form[] = [
  { sdk: "javascript", temporality: "cumulative", histogram: "explicit" },
  { sdk: "javascript", temporality: "delta", histogram: "explicit" },
  ...(["python", "go"] as const).flatMap((sdk) =>
    (["cumulative", "delta"] as const).flatMap((temporality) =>
      (["explicit", "exponential"] as const).map((histogram) => ({ sdk, temporality, histogram })),
    ),
  ),
];

const quick = (count: number): Requests => ({ count, status: 200, seconds: 0.2 });
/** Exactly at the threshold, which is still in time. */
const justInTime = (count: number): Requests => ({ count, status: 200, seconds: 1 });
const slow = (count: number): Requests => ({ count, status: 200, seconds: 3 });
const failed = (count: number): Requests => ({ count, status: 500, seconds: 0.1 });

/** What is in the first push of a process, before anything of it is known. */
const FIRST = [quick(1)];
/** Each second for some, then nothing for many intervals, then failures alone. */
const BUSY = Array.from({ length: 20 }, () => [quick(10), justInTime(2), slow(3), failed(3)]);
const QUIET = 14;
const LAST = [failed(7)];

/** Events that are counted after the first push: of both objectives all and bad ones. */
const COUNTED = {
  availability: { total: 20 * 18 + 7, bad: 20 * 3 + 7 },
  latency: { total: 20 * 15, bad: 20 * 3 },
} as const;

let folder: string;
let server: Server;
let refused: readonly string[];
/** When the input of the processes ended, in seconds since 1970. */
let ended: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellwether-otlp-"));
  server = await startPrometheus();
  const endpoint = `${server.url}/api/v1/otlp/v1/metrics`;
  const services = await Promise.all(
    FORMS.map((form) => startService(form, { endpoint, interval: INTERVAL })),
  );
  await course(services);
  ended = Date.now() / 1000;
  refused = await Promise.all(services.map(({ end }) => end()));
  await sleep(5 * INTERVAL * 1000);
});

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function startPrometheus(): Promise<Server> {
  const { enableFeatures, otlp, tsdb } = renderPrometheus(
    resolved({ ...PRODUCTION, settings: { ...PRODUCTION_SETTINGS, otlp: { namespaces: ["shop"] } } }),
  ).spec;
  const groups = FORMS.flatMap((form) => {
    const service = definitionOf(form);
    const scrapeInterval = `${INTERVAL}s` as const;
    const runbookBaseUrl = "https://example.com/runbooks";
    return ruleGroupsOf(service, { environment: "prod", runbookBaseUrl, scrapeInterval });
  });
  const rules = join(folder, "rules.yaml");
  await writeFile(rules, stringify({ groups }, { aliasDuplicateObjects: false }));
  // As the operator writes it.
  const config = {
    global: { evaluation_interval: `${INTERVAL}s` },
    rule_files: [rules],
    otlp: {
      promote_resource_attributes: otlp?.promoteResourceAttributes,
      translation_strategy: otlp?.translationStrategy,
    },
    storage: { tsdb: { out_of_order_time_window: tsdb?.outOfOrderTimeWindow } },
  };
  const file = join(folder, "prometheus.yaml");
  await writeFile(file, stringify(config));
  const port = await freePort();
  const args = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--web.enable-otlp-receiver",
    `--enable-feature=${enableFeatures?.join(",")}`,
  ];
  return serve(await tool("prometheus"), args, { port, ready: "/-/ready" });
}

async function course(services: readonly Process[]): Promise<void> {
  const all = (requests: readonly Requests[]) => {
    for (const service of services) service.record(requests);
  };
  all(FIRST);
  await until(async () => (await query('{__name__=~".+_duration_seconds(_count)?"}')).length >= FORMS.length);
  await sleep(2 * INTERVAL * 1000);
  for (const requests of BUSY) {
    all(requests);
    await sleep(1000);
  }
  await sleep(QUIET * 1000);
  all(LAST);
  await sleep(3 * INTERVAL * 1000);
}

async function query(expr: string): Promise<readonly Series[]> {
  const answer = await fetch(`${server.url}/api/v1/query?${new URLSearchParams({ query: expr })}`);
  return seriesIn(await answer.text());
}

/** The events of an objective: all steps that were recorded, with when. */
async function steps(record: string, form: Form, slo: string) {
  const [found] = await query(`slo:sli_${record}:irate{service="${nameOf(form)}", slo="${slo}"}[10m]`);
  return (found?.values ?? []).map(([at, perSecond]) => ({ at, events: perSecond * INTERVAL }));
}

const sumOf = (found: readonly { readonly events: number }[]) =>
  found.reduce((sum, { events }) => sum + events, 0);

describe("services that push with the SDKs of OpenTelemetry", () => {
  it("are refused nothing, whatever their temporality", () => {
    expect(refused).toEqual(FORMS.map(() => ""));
  });

  it.each(FORMS)("have every event counted once: $sdk, $temporality, $histogram", async (form) => {
    const found: Record<string, { total: number; bad: number }> = {};
    for (const slo of ["availability", "latency"]) {
      const [total, bad] = [await steps("total", form, slo), await steps("errors", form, slo)];
      found[slo] = { total: Math.round(sumOf(total) * 1e6) / 1e6, bad: Math.round(sumOf(bad) * 1e6) / 1e6 };
    }
    expect(found).toEqual(COUNTED);
  });

  it.each(FORMS)("count nothing after their last push: $sdk, $temporality, $histogram", async (form) => {
    const late = (await steps("total", form, "availability")).filter(({ events }) => events > 0);
    expect(late.length).toBeGreaterThan(0);
    expect(late.at(-1)?.at).toBeLessThanOrEqual(ended + INTERVAL);
  });

  it("have the labels that the rules select by, and the same attributes in each language", async () => {
    for (const form of FORMS) {
      const name = nameOf(form);
      const metric = `http_server_request_duration_seconds${form.histogram === "explicit" ? "_count" : ""}`;
      const found = await query(`${metric}{job="${name}"}[10m]`);
      expect(found.length).toBe(2);
      for (const { metric: labels } of found)
        expect(labels).toEqual({
          __name__: metric,
          job: name,
          instance: `${name}-a`,
          k8s_pod_name: `${name}-a`,
          http_request_method: "GET",
          http_route: "/orders",
          http_response_status_code: expect.stringMatching(/^(200|500)$/),
        });
    }
  });

  it("have whole seconds without a point in their buckets, in each language", async () => {
    for (const form of FORMS.filter(({ histogram }) => histogram === "explicit")) {
      const found = await query(
        `count by (le) (last_over_time(http_server_request_duration_seconds_bucket{job="${nameOf(form)}"}[10m]))`,
      );
      expect(found.map(({ metric }) => metric["le"])).toEqual(
        expect.arrayContaining(["0.25", "1", "2.5", "5", "+Inf"]),
      );
    }
  });
});
