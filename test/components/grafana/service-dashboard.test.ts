import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dashboardsIn, renderContent } from "../../../components/grafana/content.ts";
import type { PanelJson } from "../../../components/grafana/json.ts";
import { asSent, panelsOf } from "../../../components/grafana/lint/check.ts";
import { defineService, type Service, type ServiceDefinition } from "../../../components/service/model.ts";
import { GRPC_LIBRARIES, HTTP_LIBRARIES } from "../../../components/signals/conventions/index.ts";
import { GRPC_CONVENTIONS } from "../../../components/signals/grpc.ts";
import { HISTOGRAM_FORMS } from "../../../components/signals/histogram.ts";
import { HTTP_CONVENTIONS } from "../../../components/signals/http.ts";
import { panelId } from "../../../components/signals/panels.ts";
import { PrometheusWithHistory } from "../../support/prometheus.ts";
import { seriesOfService } from "../../support/service-series.ts";
import { CONTENT, IN_CLUSTER } from "./samples.ts";

/** The conventions that many programs share; those of libraries count in the same ways. */
const SHARED_HTTP = HTTP_CONVENTIONS.filter((name) => !Object.hasOwn(HTTP_LIBRARIES, name));
const SHARED_GRPC = GRPC_CONVENTIONS.filter((name) => !Object.hasOwn(GRPC_LIBRARIES, name));

/** Every way in which durations are counted, with a limit of a quarter of a second. */
const TIMED: readonly Service[] = HISTOGRAM_FORMS.flatMap((histogram) => [
  ...SHARED_HTTP.map((metrics) => timed("http", metrics, { http: { port: "http", metrics, histogram } })),
  ...SHARED_GRPC.map((metrics) => timed("grpc", metrics, { grpc: { port: "http", metrics, histogram } })),
  timed("worker", "otel", { worker: { port: "http", metrics: "otel", histogram } }),
]);

function timed(kind: string, metrics: string, definition: Partial<ServiceDefinition>): Service {
  const form = Object.values(definition).map((preset) => (preset as { histogram: string }).histogram);
  return service(`${kind}-${metrics.replaceAll("_", "-")}-${form}`, {
    ...definition,
    objectives: { latency: { threshold: "250ms" } },
  });
}

function service(name: string, definition: Partial<ServiceDefinition>): Service {
  return defineService({
    name,
    owner: "shop",
    tier: "standard",
    description: "For tests",
    namespace: "shop",
    ...definition,
  });
}

const unlimited = service("unlimited", { http: { port: "http", metrics: "otel" } });
const uncertain = service("uncertain", { http: { port: "http", metrics: "http_requests_total" } });
const queue = service("queue", {
  worker: { port: "http", metrics: "otel", oldestMessage: "oldest_seconds", backlog: "waiting_messages" },
  objectives: { freshness: { maxAge: "10m" }, backlog: { max: 1000 } },
});
const nightly = service("nightly", {
  batch: { cronJob: "nightly" },
  tier: "best-effort",
  objectives: { freshness: { maxAge: "26h" } },
});
const site = service("site", { probe: { targets: ["https://help.example.com"] } });
const quickSite = service("quick-site", {
  probe: { targets: ["https://help.example.com"] },
  objectives: { latency: { threshold: "2s" } },
});
const ALL = [...TIMED, unlimited, uncertain, queue, nightly, site, quickSite];

const NOW = 1_900_000_000 - (1_900_000_000 % 3600);
const SCRAPES = { start: NOW - 3600, step: 30, count: 120 };

let server: PrometheusWithHistory;
beforeAll(async () => {
  server = await PrometheusWithHistory.start({
    start: SCRAPES.start,
    end: NOW,
    step: SCRAPES.step,
    series: ALL.flatMap((one) => seriesOfService(one, "prod", SCRAPES)),
    rules: [],
  });
}, 300_000);
afterAll(() => server?.stop());

const boards = dashboardsIn(renderContent({ ...CONTENT, settings: IN_CLUSTER, services: ALL }));

function panel({ name }: Service, key: string): PanelJson | undefined {
  const board = boards.find((one) => one.name === `service-${name}`);
  if (board === undefined) throw new Error(`no dashboard of ${name}`);
  return panelsOf(board.json).find(({ id }) => id === panelId(key));
}

/** What each query of a panel says now. */
async function values(of: Service, key: string): Promise<readonly number[]> {
  const answers = (panel(of, key)?.targets ?? []).map(
    async ({ expr }) => (await server.query(asSent(expr), NOW)).answers,
  );
  return (await Promise.all(answers)).flatMap((answer) => answer.map(({ value }) => value));
}

function limitOf(one: PanelJson | undefined): number | undefined {
  const { custom, thresholds } = one?.fieldConfig.defaults ?? {};
  const { thresholdsStyle } = (custom ?? {}) as { thresholdsStyle?: { mode?: string } };
  return thresholdsStyle?.mode === "dashed" ? (thresholds?.steps[1]?.value ?? undefined) : undefined;
}

describe("how long the events of a service take", () => {
  it.each(TIMED.map((one) => [one.name, one] as const))(
    "is drawn of %s once, in the histogram's own unit, up to its limit",
    async (name, one) => {
      const second = name.includes("milliseconds") ? 1000 : 1;
      const drawn = panel(one, "latency-duration");
      expect(drawn?.fieldConfig.defaults.unit).toBe(second === 1 ? "s" : "ms");
      expect(limitOf(drawn)).toBe(0.25 * second);
      const quantiles = await values(one, "latency-duration");
      expect(quantiles).toHaveLength(3);
      expect(quantiles.toSorted((a, b) => a - b)).toEqual(quantiles);
      expect(quantiles[0]).toBeGreaterThan(0.05 * second);
      expect(quantiles[2]).toBeLessThanOrEqual(0.5 * second);
      expect(panel(one, "availability-duration") ?? panel(one, "success-duration")).toBeUndefined();
    },
  );

  it("is drawn where nothing is promised, if the same histogram counts the requests", async () => {
    expect(limitOf(panel(unlimited, "availability-duration"))).toBeUndefined();
    expect(await values(unlimited, "availability-duration")).toEqual(
      [0.25, 6.5, 9.65].map((quantile) => expect.closeTo(quantile, 2)),
    );
    expect(panel(uncertain, "availability-duration")).toBeUndefined();
  });

  it("is drawn of probes, with a limit where one is promised", async () => {
    expect(await values(site, "probes-duration")).toEqual(Array(20).fill(0.2));
    expect(limitOf(panel(site, "probes-duration"))).toBeUndefined();
    expect(panel(quickSite, "probes-duration")).toBeUndefined();
    expect(limitOf(panel(quickSite, "latency-duration"))).toBe(2);
  });
});

describe("the gauge that an objective looks at", () => {
  it.each([
    ["the oldest message", queue, "freshness-age", 600, 690],
    ["the messages that wait", queue, "backlog-waiting", 1000, 1150],
    ["the last success", nightly, "freshness-age", 93_600, 107_640],
  ] as const)("is drawn of %s, with its limit", async (_, one, key, limit, value) => {
    expect(limitOf(panel(one, key))).toBe(limit);
    expect(await values(one, key)).toEqual([value]);
  });

  it("is drawn of each probe's success as a state that is bad at 1", async () => {
    expect(panel(site, "probes-targets")?.type).toBe("state-timeline");
    expect(await values(site, "probes-targets")).toEqual(Array(20).fill(1));
  });
});
