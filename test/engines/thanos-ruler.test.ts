import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faultOf } from "../../cli/lab/faults.ts";
import { startServer } from "../../cli/lab/server.ts";
import { seconds } from "../../components/core/duration.ts";
import { environmentOf } from "../e2e/environment.ts";
import { freePort, type Server } from "../support/servers.ts";
import { differing, type Pair, pairsOf } from "./comparison.ts";
import { rulesOf, Shops } from "./live.ts";
import {
  answered,
  type Inbox,
  type Scraper,
  startInbox,
  startRuler,
  startRulerQuery,
  startScraper,
  startSidecar,
} from "./thanos-ruler-servers.ts";
import { metricOf, objectStorage, startQuery } from "./thanos-servers.ts";

// An hour of production in ten minutes: prod's objectives on Prometheus, and on a pair of Thanos Rulers, each of which asks one of a pair of
// servers without rules. Within it one ruler is killed and started anew, and later the server of the other one.

const FASTER = 6;
const NAMES = ["storefront", "invoices", "sales-report", "help-pages"];
const PAGE = "SLOErrorBudgetBurnFast";
/** Seconds of production: nothing, traffic with an outage in it and kills after it, nothing. */
const COURSE = { quiet: 120, healthy: 900, outage: 600, healed: 600, killed: 900, end: 480 } as const;
/** Of production's time. */
const wait = (length: number) => sleep((length * 1000) / FASTER);
const WHOLE = "20m";
/** Events a second of each objective, and in the outage of failures. */
const TRAFFIC = 50;

let folder: string;
let interval: number;
let shops: Shops;
let events: number;
let records: readonly string[];
let query: Server;
let local: Scraper;
let localInbox: Inbox;
let rulerInbox: Inbox;
let rulers: readonly Server[];
/** Failed evaluations of each ruler: soon after the start, before and after the kill of a server. */
let begun: readonly number[];
let before: readonly number[];
let after: readonly number[];
const failures = () =>
  Promise.all(rulers.map((ruler) => metricOf(ruler, "prometheus_rule_evaluation_failures_total")));
const running: { readonly stop: () => Promise<void> }[] = [];
const kept = <T extends { readonly stop: () => Promise<void> }>(server: T): T => {
  running.push(server);
  return server;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellwether-ruler-"));
  const prod = await environmentOf("prod");
  interval = seconds(prod.prometheus.scrapeInterval);
  shops = new Shops(prod, NAMES, FASTER, Date.now() + (COURSE.quiet * 1000) / FASTER);
  const groups = rulesOf(prod, (service, slo) => shops.isSimulated(service, slo), FASTER).local;
  records = [
    ...new Set(groups.flatMap(({ rules }) => rules.map((rule) => ("record" in rule ? rule.record : "")))),
  ].filter((record) => record.startsWith("slo:"));
  const exporter = kept(
    await startServer(0, (_, path) => {
      const body = shops.exposition(path);
      return body === undefined ? { status: 503 } : { status: 200, body };
    }),
  );
  localInbox = kept(await startInbox(PAGE));
  rulerInbox = kept(await startInbox(PAGE));
  const { config: objstore } = await objectStorage(folder);
  const scraper = (name: string, as: Parameters<typeof startScraper>[0]["as"], alertmanager: string) =>
    startScraper({
      folder: join(folder, name),
      environment: prod,
      names: NAMES,
      faster: FASTER,
      addresses: { exporter: new URL(exporter.url).host, alertmanager },
      as,
    });
  local = await scraper("local", { groups }, localInbox.address);
  const pair = [
    await scraper("replica-0", { replica: 0 }, "127.0.0.1:9"),
    await scraper("replica-1", { replica: 1 }, "127.0.0.1:9"),
  ];
  const sidecars: Awaited<ReturnType<typeof startSidecar>>[] = [];
  for (const one of pair) sidecars.push(await startSidecar(one, objstore));
  const ports = [await freePort(), await freePort()];
  query = kept(
    await startQuery(
      [...sidecars.map(({ grpc }) => grpc), ...ports.map((port) => `127.0.0.1:${port}`)],
      FASTER,
    ),
  );
  const start = async (replica: number) => {
    const grpc = ports[replica] ?? 0;
    const asked = await startRulerQuery([sidecars[replica]?.grpc ?? "", `127.0.0.1:${grpc}`], FASTER);
    const ruler = await startRuler({
      folder: join(folder, `ruler-${replica}`),
      replica,
      groups,
      faster: FASTER,
      query: asked.url,
      alertmanager: rulerInbox.address,
      objstore,
      grpc,
    });
    running.push(asked, ruler);
    return ruler;
  };
  rulers = [await start(0), await start(1)];
  running.push(local.server, ...pair.map(({ server }) => server), ...sidecars.map(({ server }) => server));
  await wait(COURSE.quiet);
  begun = await failures();
  await wait(COURSE.healthy);
  shops.switch(faultOf("outage"));
  await wait(COURSE.outage);
  shops.switch(undefined);
  await wait(COURSE.healed);
  // The ruler whose records Thanos Query prefers.
  await rulers[0]?.stop();
  await wait(COURSE.killed / 3);
  rulers = [await start(0), rulers[1] as Server];
  await wait(COURSE.killed / 3);
  // And the server that it asks.
  before = await failures();
  await pair[0]?.server.stop();
  await sidecars[0]?.server.stop();
  await wait(COURSE.killed / 3);
  after = await failures();
  events = shops.end();
  await wait(COURSE.end);
}, 900_000);

afterAll(async () => {
  for (const server of running.reverse()) await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The records of the ruler that was not killed. */
const OF_SECOND = '{thanos_ruler_replica="thanos-ruler-main-1"}';
/** What Prometheus and that ruler say. */
const pairs = (asked: string, of: "all" | "counted" = "all"): Promise<readonly Pair[]> =>
  pairsOf(
    {
      local: local.query,
      stored: (one) =>
        answered(
          query,
          one.replaceAll(/\bslo:[\w:]+/g, (record) => `${record}${OF_SECOND}`),
          undefined,
          "false",
        ),
      shops,
    },
    asked,
    of,
  );
/** What Prometheus and Thanos Query say, which shows one ruler until it has a gap, and then the other. */
const shown = (asked: string): Promise<readonly Pair[]> =>
  pairsOf({ local: local.query, stored: (one) => answered(query, one), shops }, asked, "counted");
const highest = (record: string) => `max by (service, slo) (max_over_time(${record}[${WHOLE}]))`;
/**
 * What two servers that scrape at other moments have in common of a record. The shortest window: the sum over all time, because
 * its highest value has the step that took the longest. The ratio of the period: its value at the end, because it rises until the end of
 * the outage. Of all others the highest value, which is reached while nothing changes.
 */
function comparable(record: string): string {
  if (/_(?:total|errors):rate5m$/.test(record))
    return `sum by (service, slo) (sum_over_time(${record}[${WHOLE}]))`;
  return /ratio_rate30d$/.test(record) ? `max by (service, slo) (${record})` : highest(record);
}
const PERIOD = 30 * 86_400;
const COVERED = "slo:history_covered:ratio";
const SPENT = "slo:error_budget_spent:ratio";

/** What a log says of evaluations that failed, each reason once. */
function reasons(log: string): readonly string[] {
  const errors = log.split("\n").filter((line) => /Evaluating rule failed|err=/.test(line));
  return [...new Set(errors.map((line) => /err=(.*)$/.exec(line)?.[1]?.slice(0, 300) ?? line))].slice(0, 10);
}

describe("an hour of prod's objectives in Thanos Ruler", () => {
  it("has no rule that fails in the ruler whose server runs, and none that is evaluated without its server", async () => {
    const [, second] = rulers as [Server, Server];
    const evaluated = await metricOf(second, "prometheus_rule_evaluations_total");
    console.info(
      `of ${evaluated} evaluations, ${after[1]} failed, ${begun[1]} of them at the start; without its server ${(after[0] ?? 0) - (before[0] ?? 0)}`,
    );
    if (after[1] !== begun[1]) console.info(reasons(second.log()));
    expect(evaluated).toBeGreaterThan(10_000);
    expect((after[1] ?? 0) - (begun[1] ?? 0)).toBe(0);
    // At a start, before the ruler answers its own queries, at most every rule once.
    for (const failed of [begun[0], begun[1], before[0]]) expect(failed).toBeLessThan(200);
    // Five minutes of production: every rule, ten times.
    expect((after[0] ?? 0) - (before[0] ?? 0)).toBeGreaterThan(500);
    const { data } = (await (await fetch(`${second.url}/api/v1/rules`)).json()) as {
      data: { groups: readonly { rules: readonly { health: string; name: string }[] }[] };
    };
    const states = data.groups.flatMap(({ rules }) => rules);
    expect(states.length).toBeGreaterThan(100);
    expect(states.filter(({ health }) => health !== "ok")).toEqual([]);
  });

  it("counts every event once, as Prometheus does, in the ruler that was not killed", async () => {
    const steps = (name: string) => `${interval} * sum by (service, slo) (sum_over_time(${name}[${WHOLE}]))`;
    const totals = await pairs(steps("slo:sli_total:irate"), "counted");
    console.info(`${events} events`, totals);
    const ours = totals.find(({ key }) => key === "storefront availability")?.stored ?? 0;
    expect(Math.abs(ours - events) / events).toBeLessThan(0.001);
    for (const found of [totals, await pairs(steps("slo:sli_errors:irate"), "counted")]) {
      expect(found.length).toBeGreaterThanOrEqual(2);
      expect(differing(found)).toEqual([]);
    }
    // Thanos Query changes from one ruler to the other at a kill and back: it lacks up to two steps each time.
    const seen = await shown(steps("slo:sli_total:irate"));
    console.info("in Thanos Query, after two kills", seen);
    for (const { local: here, stored } of seen)
      expect(Math.abs(stored - here)).toBeLessThanOrEqual(4 * TRAFFIC * interval);
    // The outage was before the kills.
    expect(differing(await shown(steps("slo:sli_errors:irate")))).toEqual([]);
  });

  it("has the values that Prometheus has in every window", async () => {
    const windows = records.filter((name) => !name.endsWith(":irate") && name !== COVERED && name !== SPENT);
    expect(windows.length).toBeGreaterThan(15);
    const found: (Pair & { readonly record: string })[] = [];
    for (const record of windows)
      for (const pair of await pairs(comparable(record), "counted")) found.push({ ...pair, record });
    console.info(`${found.length} values compared`);
    expect(found.length).toBeGreaterThan(25);
    expect(differing(found)).toEqual([]);
  });

  it("knows as much of the period, to some intervals, and the same share of the budget of that", async () => {
    const covered = await pairs(highest(COVERED));
    expect(covered.length).toBeGreaterThanOrEqual(4);
    console.info(covered.map(({ key, local: here, stored }) => [key, ((stored - here) * PERIOD) / interval]));
    for (const { local: here, stored } of covered)
      expect(Math.abs(here - stored)).toBeLessThanOrEqual((3 * interval) / PERIOD);
  });

  it("pages within one interval of Prometheus, with the same labels", async () => {
    expect([...rulerInbox.first.keys()].sort()).toEqual([...localInbox.first.keys()].sort());
    expect(localInbox.first.size).toBeGreaterThanOrEqual(3);
    const later = [...localInbox.first].map(
      ([key, at]) => (((rulerInbox.first.get(key) ?? 0) - at) * FASTER) / 1000,
    );
    console.info("seconds later than Prometheus", later);
    // The queries look five seconds back.
    for (const delay of later) expect(delay).toBeLessThanOrEqual(interval + 5);
    expect(later.reduce((sum, delay) => sum + delay, 0) / later.length).toBeLessThanOrEqual(interval);
    const distinct = (inbox: Inbox) =>
      [...new Set(inbox.labels().map((labels) => JSON.stringify(Object.entries(labels).sort())))].sort();
    expect(distinct(rulerInbox)).toEqual(distinct(localInbox));
  });
});
