import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faultOf } from "../../cli/lab/faults.ts";
import { seconds } from "../../components/core/duration.ts";
import { ARRIVAL } from "../../components/stored-rules/render.ts";
import { environmentOf } from "../e2e/environment.ts";
import { byObjective, differing, firstOf, type Pair, pairsOf } from "./comparison.ts";
import { type Cortex, lookBackOf, startCortex } from "./cortex.ts";
import { rulesOf, type Sender, Shops, startSender } from "./live.ts";

// An hour of production in ten minutes: prod's objectives on Prometheus, and on Cortex from the samples that this Prometheus sends.

const FASTER = 6;
const NAMES = ["storefront", "invoices", "sales-report", "help-pages"];
const TENANT = "values";
/** Seconds of production: nothing, traffic with an outage in it, nothing. */
const COURSE = { quiet: 120, healthy: 900, outage: 600, healed: 1500, end: 480 } as const;
/** Of production's time. */
const wait = (length: number) => sleep((length * 1000) / FASTER);
const WHOLE = "20m";

let cortex: Cortex;
let sender: Sender;
let shops: Shops;
let interval: number;
let events: number;
let records: readonly string[];

beforeAll(async () => {
  const prod = await environmentOf("prod");
  interval = seconds(prod.prometheus.scrapeInterval);
  cortex = await startCortex(300 / FASTER);
  shops = new Shops(prod, NAMES, FASTER, Date.now() + (COURSE.quiet * 1000) / FASTER);
  const { local, stored } = rulesOf(prod, (service, slo) => shops.isSimulated(service, slo), FASTER);
  for (const group of stored)
    expect(await cortex.load(TENANT, "services", group)).toEqual([202, expect.anything()]);
  records = [...new Set(stored.flatMap(({ rules }) => rules.map(({ record = "" }) => record)))].filter(
    (record) => record.startsWith("slo:"),
  );
  expect(Math.max(...stored.map(lookBackOf))).toBeLessThan(interval / FASTER);
  const settings = {
    environment: prod,
    shops,
    names: NAMES,
    faster: FASTER,
    store: cortex.url,
    tenant: TENANT,
  };
  sender = await startSender({ ...settings, samplesAlone: true });
  await sender.evaluate(local);
  await wait(COURSE.quiet + COURSE.healthy);
  shops.switch(faultOf("outage"));
  await wait(COURSE.outage);
  shops.switch(undefined);
  await wait(COURSE.healed);
  events = shops.end();
  await wait(COURSE.end);
}, 900_000);

afterAll(async () => {
  await sender?.stop();
  await cortex?.stop();
});

/** What Prometheus and the store say, by objective. */
function pairs(query: string, of: "all" | "counted" = "all"): Promise<readonly Pair[]> {
  return pairsOf({ local: sender.query, stored: (asked) => cortex.query(TENANT, asked), shops }, query, of);
}

const PERIOD = 30 * 86_400;
const highest = (record: string) => `max by (service, slo) (max_over_time(${record}[${WHOLE}]))`;
const COVERED = "slo:history_covered:ratio";
const SPENT = "slo:error_budget_spent:ratio";

describe("an hour of prod's objectives in a store", () => {
  it("has no rule that fails", async () => {
    const health = Object.entries(await cortex.health(TENANT));
    expect(health.length).toBeGreaterThan(100);
    expect(health.filter(([, state]) => state !== "ok")).toEqual([]);
  });

  it("counts every event once, as Prometheus does", async () => {
    const steps = (name: string) => `${interval} * sum by (service, slo) (sum_over_time(${name}[${WHOLE}]))`;
    const total = steps("slo:sli_total:irate");
    const [store, local] = [await cortex.query(TENANT, total), await sender.query(total)].map((series) =>
      byObjective(series).get("storefront availability"),
    );
    console.info(`${events} events, ${store} in the store, ${local} on Prometheus`);
    expect(Math.abs((store ?? 0) - events) / events).toBeLessThan(0.001);
    for (const name of ["slo:sli_total:irate", "slo:sli_errors:irate"]) {
      const found = await pairs(steps(name), "counted");
      expect(found.length).toBeGreaterThanOrEqual(2);
      expect(differing(found)).toEqual([]);
    }
  });

  it("has the values that Prometheus has in every window", async () => {
    const windows = records.filter((name) => !name.endsWith(":irate") && name !== COVERED && name !== SPENT);
    expect(windows.length).toBeGreaterThan(15);
    // The highest value is reached while nothing changes, so that it does not matter at which moment of an interval it was recorded.
    const found: (Pair & { readonly record: string })[] = [];
    for (const record of windows)
      for (const pair of await pairs(highest(record), /_total|_errors/.test(record) ? "counted" : "all"))
        found.push({ ...pair, record });
    console.info(`${found.length} values compared`);
    expect(found.length).toBeGreaterThan(40);
    expect(differing(found)).toEqual([]);
  });

  it("knows as much of the period, to the interval, and the same share of the budget of that", async () => {
    const covered = await pairs(highest(COVERED));
    expect(covered.length).toBeGreaterThanOrEqual(4);
    for (const { local, stored } of covered)
      expect(Math.abs(local - stored)).toBeLessThanOrEqual(interval / PERIOD);
    const spent = await pairs(`${highest(SPENT)} / ${highest(COVERED)}`, "counted");
    expect(spent.length).toBeGreaterThanOrEqual(2);
    expect(differing(spent)).toEqual([]);
  });

  it("pages within an interval and the time that samples take", async () => {
    const firing = 'ALERTS{alertname="SLOErrorBudgetBurnFast", alertstate="firing"}';
    const here = firstOf(await sender.query(`${firing}[${WHOLE}]`));
    const there = firstOf(await cortex.query(TENANT, `${firing}[${WHOLE}]`));
    expect([...there.keys()].sort()).toEqual([...here.keys()].sort());
    expect(here.size).toBeGreaterThanOrEqual(3);
    // A sample of a group with an offset is as much older than its evaluation.
    const later = [...here].map(([key, at]) => ((there.get(key) ?? 0) - at) * FASTER + seconds(ARRIVAL));
    console.info("seconds later than on Prometheus", later);
    for (const delay of later) expect(delay).toBeLessThanOrEqual(interval + seconds(ARRIVAL));
    expect(later.reduce((sum, delay) => sum + delay, 0) / later.length).toBeLessThanOrEqual(interval);
  });

  it("has the native histograms that Prometheus scraped", async () => {
    const query = "sum(histogram_count(prometheus_http_request_duration_seconds))";
    const [found] = await cortex.query(TENANT, query);
    expect(found?.values[0]?.[1]).toBeGreaterThan(0);
  });
});
