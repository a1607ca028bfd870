import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seconds } from "../../components/core/duration.ts";
import { environmentOf } from "../e2e/environment.ts";
import { type Cortex, startCortex } from "./cortex.ts";
import { rulesOf, type Sender, Shops, startSender } from "./live.ts";

// Rules move from Prometheus to the store and back while both evaluate for minutes, as they do during a deployment.

const FASTER = 6;
const NAMES = ["storefront", "help-pages"];
const TENANT = "moving";
/** Seconds of production. */
const COURSE = { quiet: 60, local: 600, both: 150, stored: 600, back: 150, again: 300, end: 120 } as const;
const wait = (length: number) => sleep((length * 1000) / FASTER);
const PER_SECOND = 50;
const WHOLE = "10m";
const STEPS = 'slo:sli_total:irate{service="storefront"}';

let cortex: Cortex;
let sender: Sender;
let interval: number;
let events: number;

beforeAll(async () => {
  const prod = await environmentOf("prod");
  interval = seconds(prod.prometheus.scrapeInterval);
  cortex = await startCortex(300 / FASTER);
  const shops = new Shops(prod, NAMES, FASTER, Date.now() + (COURSE.quiet * 1000) / FASTER);
  const { local, stored } = rulesOf(prod, (service, slo) => shops.isSimulated(service, slo), FASTER);
  const settings = {
    environment: prod,
    shops,
    names: NAMES,
    faster: FASTER,
    store: cortex.url,
    tenant: TENANT,
  };
  sender = await startSender({ ...settings, samplesAlone: false });
  await sender.evaluate(local);
  await wait(COURSE.quiet + COURSE.local);
  for (const group of stored) expect((await cortex.load(TENANT, "services", group))[0]).toBe(202);
  await wait(COURSE.both);
  await sender.evaluate([]);
  await wait(COURSE.stored);
  await sender.evaluate(local);
  await wait(COURSE.back);
  await cortex.unload(TENANT);
  await wait(COURSE.again);
  events = shops.end();
  await wait(COURSE.end);
}, 600_000);

afterAll(async () => {
  await sender?.stop();
  await cortex?.stop();
});

describe("rules that move to the store and back", () => {
  it("leave no gap above one interval, and write no step in between", async () => {
    const [steps, ...others] = await cortex.query(TENANT, `${STEPS}[${WHOLE}]`);
    expect(others).toEqual([]);
    const at = (steps?.values ?? []).map(([time]) => time * FASTER);
    const apart = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    console.info(
      "apart other than an interval",
      apart.filter((each) => Math.abs(each - interval) > 1),
    );
    expect(apart.length).toBeGreaterThan(50);
    // What is missing between two samples that are two intervals apart is one interval.
    expect(Math.max(...apart)).toBeLessThanOrEqual(2 * interval);
    expect(apart.filter((each) => each < interval - 1).length).toBeLessThanOrEqual(1);
  });

  it("count no event twice but in the step of a handover", async () => {
    const [counted] = await cortex.query(TENANT, `${interval} * sum(sum_over_time(${STEPS}[${WHOLE}]))`);
    const step = interval * PER_SECOND;
    console.info("events", events, "counted", counted?.values[0]?.[1], "a step is", step);
    expect(Math.abs((counted?.values[0]?.[1] ?? 0) - events)).toBeLessThanOrEqual(1.01 * step);
  });

  it("show at no evaluation more traffic than there is, but for that step", async () => {
    const [highest] = await cortex.query(
      TENANT,
      `max_over_time(slo:sli_total:rate5m{service="storefront"}[${WHOLE}])`,
    );
    console.info("highest rate", highest?.values[0]?.[1]);
    expect(highest?.values[0]?.[1]).toBeLessThanOrEqual(PER_SECOND * 1.101);
  });

  it("raise no alert, here or there", async () => {
    const raised = `count by (alertname) (count_over_time(ALERTS{alertname=~"SLO.+", alertstate="firing"}[${WHOLE}]))`;
    expect(await cortex.query(TENANT, raised)).toEqual([]);
    expect(await sender.query(raised)).toEqual([]);
  });
});
