import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { fasterRules } from "../../cli/lab/compressed-time.ts";
import { faultOf } from "../../cli/lab/faults.ts";
import { renderService } from "../../components/service/render.ts";
import { RECORDS } from "../../components/slo/conventions.ts";
import type { StoredGroup } from "../../components/stored-rules/render.ts";
import { serviceArgs } from "../../infra/args.ts";
import { globalRuleFile } from "../../infra/global-objectives.ts";
import type { Environment } from "../../stacks/environment.ts";
import { services } from "../../stacks/services/index.ts";
import { environmentOf } from "../e2e/environment.ts";
import { type Cortex, startCortex } from "./cortex.ts";
import { type Sender, Shops, startSender } from "./live.ts";

// Two clusters with a Prometheus each, which record the objective of a service and send what they record to one Cortex. It evaluates the
// objective over both. Thirty-seven minutes of production in six.

const FASTER = 6;
const TENANT = "everywhere";
const NAMES = ["storefront"];
const CLUSTERS = ["eu", "us"];
/**
 * Seconds of production. After the outage no page is left when the last of its errors is half an hour old, which is looked at when us has
 * been away for 26 minutes.
 */
const COURSE = { quiet: 120, healthy: 120, outage: 300, healed: 60, settled: 60, away: 1740 } as const;
const wait = (length: number) => sleep((length * 1000) / FASTER);
const OF = 'service="storefront", slo="availability"';
const PAGE = `ALERTS{alertname="SLOErrorBudgetBurnFast", alertstate="firing", severity="critical"}`;

let cortex: Cortex;
let senders: readonly Sender[] = [];
let shops: readonly Shops[];
let whole: { readonly events: number; readonly counted: number; readonly sums: readonly number[] };
let pages: readonly Readonly<Record<string, string>>[];
let away: { readonly from: number; readonly pages: number; readonly missing: readonly string[] };

/** Prod as the environment of a cluster: its objectives are judged over all, and open tickets here. */
function clusterOf(prod: Environment, name: string): Environment {
  const global = { name: "global", environments: CLUSTERS, services: NAMES };
  return { ...prod, name, prometheus: { ...prod.prometheus, global } };
}

const here = services.map((service) =>
  NAMES.includes(service.name) ? { ...service, page: false } : service,
);

function requestsIn(exposition: string): number {
  const counters = [...exposition.matchAll(/^http_requests_total\{.*\} (\d+)$/gm)];
  return counters.reduce((all, [, value]) => all + Number(value), 0);
}

async function one(query: string): Promise<number> {
  const [series] = await cortex.query(TENANT, query);
  return series?.values[0]?.[1] ?? Number.NaN;
}

beforeAll(async () => {
  const prod = await environmentOf("prod");
  cortex = await startCortex(300 / FASTER);
  const environments = CLUSTERS.map((name) => clusterOf(prod, name));
  const [first] = environments as [Environment];
  const { groups } = parse(globalRuleFile(first, here) ?? "") as { groups: StoredGroup[] };
  for (const group of groups)
    expect(await cortex.load(TENANT, "global", fasterRules(group as never, FASTER))).toEqual([
      202,
      expect.anything(),
    ]);
  const begin = Date.now() + (COURSE.quiet * 1000) / FASTER;
  shops = environments.map((environment) => new Shops(environment, NAMES, FASTER, begin));
  const started: Sender[] = [];
  for (const [index, environment] of environments.entries()) {
    const sender = await startSender({
      environment,
      shops: shops[index] as Shops,
      names: NAMES,
      faster: FASTER,
      store: cortex.url,
      tenant: TENANT,
      samplesAlone: false,
    });
    started.push(sender);
    senders = started;
    const local = Object.values(serviceArgs(environment, here))
      .filter(({ service }) => NAMES.includes(service.name))
      .flatMap((args) => renderService(args).rules.spec.groups ?? []);
    await sender.evaluate(local.map((group) => fasterRules(group as never, FASTER)));
  }
  await wait(COURSE.quiet + COURSE.healthy);
  for (const each of shops) each.switch(faultOf("outage"));
  await wait(COURSE.outage);
  pages = (await cortex.query(TENANT, PAGE)).map(({ metric }) => metric);
  for (const each of shops) each.switch(undefined);
  await wait(COURSE.healed);
  for (const each of shops) each.end();
  // What the services counted, whatever anything recorded of it.
  const events = shops.reduce((all, each) => all + requestsIn(each.exposition("/storefront") ?? ""), 0);
  await wait(COURSE.settled);
  const total = RECORDS.total("1h");
  whole = {
    events,
    counted: (await one(`${total}{${OF}, environment="global"}`)) * 3600,
    sums: await Promise.all(
      [total, RECORDS.errors("1h")].flatMap((record) => [
        one(`${record}{${OF}, environment="global"}`),
        one(`sum(${record}{${OF}, environment=~"eu|us"})`),
      ]),
    ),
  };
  await senders[1]?.stop();
  senders = senders.slice(0, 1);
  const from = Date.now() / 1000;
  await wait(COURSE.away);
  const firing = await cortex.query(TENANT, 'ALERTS{alertname="SLOClusterMissing", alertstate="firing"}');
  away = {
    from,
    pages: (await cortex.query(TENANT, PAGE)).length,
    missing: firing.map(({ metric }) => metric["missing"] ?? ""),
  };
}, 900_000);

afterAll(async () => {
  for (const sender of senders) await sender.stop();
  await cortex?.stop();
});

describe("an objective over two clusters", () => {
  it("has no rule that fails", async () => {
    const health = Object.entries(await cortex.health(TENANT));
    expect(health.length).toBeGreaterThan(25);
    expect(health.filter(([, state]) => state !== "ok")).toEqual([]);
  });

  it("counts the events of both, each once", () => {
    console.info(`${whole.events} events, ${whole.counted} counted`);
    expect(Math.abs(whole.counted - whole.events) / whole.events).toBeLessThan(0.001);
    const [total, totals, errors, allErrors] = whole.sums as [number, number, number, number];
    expect(errors).toBeGreaterThan(0);
    expect(Math.abs(total - totals) / totals).toBeLessThan(0.001);
    expect(Math.abs(errors - allErrors) / allErrors).toBeLessThan(0.001);
  });

  it("pages once while both fail, and neither cluster pages", () => {
    expect(pages.map(({ cluster, environment }) => ({ cluster, environment }))).toEqual([
      { cluster: "global", environment: "global" },
    ]);
  });

  it("names the cluster that sends nothing, without a page", () => {
    expect(away.missing).toEqual(["us"]);
    expect(away.pages).toBe(0);
  });

  it("is judged by what is there, with the other one's objective unchanged", async () => {
    const at = RECORDS.total("1h");
    expect(await one(`${at}{${OF}, environment="global"}`)).toBeCloseTo(
      await one(`sum(${at}{${OF}, environment="eu"})`),
      6,
    );
    expect(await one(`absent(${at}{${OF}, environment="us"})`)).toBe(1);
  });
});
