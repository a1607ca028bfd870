import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { httpAvailability } from "../../../components/signals/http.ts";
import { ALERTS } from "../../../components/slo/conventions.ts";
import type { Slo } from "../../../components/slo/model.ts";
import { files } from "../../infra/previews.ts";
import { AlertingStage } from "../../support/alerting-stage.ts";
import type { Notification } from "../../support/webhook.ts";
import { SLO } from "./samples.ts";

// What people are told of an outage: from requests that fail to the message at the receiver, through the Prometheus and the Alertmanager
// that are deployed, with the rules and with production's routing as they are rendered.

/** A minute of production is a second here. */
const FASTER = 60;

const USUAL = { good: 2_000, bad: 0 };
const OUTAGE = { good: 0, bad: 2_000 };

const sloOf = (service: string): Slo => ({
  ...SLO,
  service,
  signal: httpAvailability("http_requests_total", { job: service, namespace: "shop" }),
});

let stage: AlertingStage;

const told = (service: string, alert: string) =>
  stage.notifications(service, alert).map(({ receiver, status }) => `${receiver} ${status}`);
const isTold = (service: string, alert: string, times: number) => () => told(service, alert).length >= times;

async function windows(service: string): Promise<string | undefined> {
  const [page] = await stage.firing(service, ALERTS.fastBurn);
  return page?.annotations["windows"];
}

/** Each scene plays with a service of its own, all of them at the same time. */
const SCENES = {
  /** An outage that both pairs of windows page for, one after the other. */
  async "two-pairs"(service: string) {
    const seen: string[] = [];
    const isOver = (window: string) => async () =>
      (await windows(service))?.includes(`over ${window}`) === true;
    const see = async (window: string) => {
      await stage.eventually(`${service} burns over ${window}`, isOver(window));
      seen.push((await windows(service)) ?? "");
    };
    stage.exporter.serves(service, OUTAGE);
    await stage.eventually("the outage pages", isTold(service, ALERTS.fastBurn, 1));
    await see("1h");
    stage.exporter.serves(service, USUAL);
    // Five minutes on, the short window of the steeper pair has forgotten the outage, and that of the flatter one has not.
    await see("6h");
    stage.exporter.adds(service, { good: 0, bad: 2_000 });
    await see("1h");
    const ticket = {
      firing: await stage.firing(service, ALERTS.slowBurn),
      told: told(service, ALERTS.slowBurn),
    };
    // Left is enough for the ticket alone, which a tenth of a percent over three days is worth.
    stage.exporter.dilutes(service, 0.002);
    await stage.eventually("the page ends", isTold(service, ALERTS.fastBurn, 2));
    await stage.eventually("the ticket is opened", isTold(service, ALERTS.slowBurn, 1));
    return { seen, ticket };
  },

  /** Failures that pause for less than the page goes on, twice. */
  async flapping(service: string) {
    stage.exporter.serves(service, OUTAGE);
    await stage.eventually("the outage pages", isTold(service, ALERTS.fastBurn, 1));
    stage.exporter.serves(service, USUAL);
    let conditions = 0;
    for (const requests of [1e9, 1e13]) {
      stage.exporter.dilutes(service, 1e-6);
      await stage.pass("2m");
      stage.exporter.adds(service, { good: 0, bad: requests });
      await stage.pass("1m");
      conditions += (await windows(service)) === undefined ? 0 : 1;
    }
    const before = told(service, ALERTS.fastBurn);
    stage.exporter.dilutes(service, 1e-6);
    await stage.eventually("the page ends", isTold(service, ALERTS.fastBurn, 2));
    return { before, conditions };
  },

  /** Failures that pause for longer. */
  async returning(service: string) {
    stage.exporter.adds(service, { good: 0, bad: 10_000 });
    await stage.eventually("the outage pages", isTold(service, ALERTS.fastBurn, 1));
    stage.exporter.dilutes(service, 1e-6);
    await stage.eventually("the page ends", isTold(service, ALERTS.fastBurn, 2));
    stage.exporter.adds(service, { good: 0, bad: 1e11 });
    await stage.eventually("the outage pages again", isTold(service, ALERTS.fastBurn, 3));
  },

  /** Failures that are worth a ticket and no page. */
  async smouldering(service: string) {
    // Enough for the ticket (0.3%), too little for the page (0.6%), and of so many requests that neither the seconds before nor those that a
    // slow machine takes to evaluate make it more or less.
    stage.exporter.adds(service, { good: 0, bad: 1e6 });
    stage.exporter.dilutes(service, 0.0045);
    await stage.eventually("the ticket is opened", isTold(service, ALERTS.slowBurn, 1));
  },
};

type Scenes = { readonly [S in keyof typeof SCENES]: Awaited<ReturnType<(typeof SCENES)[S]>> };
let played: Scenes;

beforeAll(async () => {
  const services = Object.keys(SCENES) as (keyof Scenes)[];
  stage = await AlertingStage.set({
    slos: services.map(sloOf),
    alertmanager: files("prod", "alertmanager")["alertmanager.yaml"] ?? "",
    faster: FASTER,
    replicas: 1,
  });
  for (const service of services) stage.exporter.serves(service, USUAL);
  await stage.pass("10m");
  const entries = await Promise.all(
    services.map(async (service) => [service, await SCENES[service](service)] as const),
  );
  played = Object.fromEntries(entries) as Scenes;
}, 300_000);
afterAll(() => stage?.clear());

const time = (notification: Notification | undefined) => notification?.at ?? Number.NaN;

describe("an outage that both pairs of windows page for", () => {
  it("is one page, whichever pair holds it, and one message when it is over", () => {
    expect(told("two-pairs", ALERTS.fastBurn), stage.account()).toEqual([
      "shop-pager firing",
      "shop-pager resolved",
    ]);
  });

  it("says in words which pair holds it", () => {
    expect(played["two-pairs"].seen).toEqual([
      "over 1h and over 5m",
      "over 6h and over 30m",
      "over 1h and over 5m",
    ]);
    const [page] = stage.notifications("two-pairs", ALERTS.fastBurn);
    expect(page?.alerts[0]?.labels).toEqual({
      alertname: ALERTS.fastBurn,
      cluster: "prod",
      service: "two-pairs",
      severity: "critical",
      slo: "availability",
      team: "shop",
    });
  });

  it("opens its ticket when the page is over, and not before", () => {
    const { firing, told: before } = played["two-pairs"].ticket;
    expect([firing.length, before]).toEqual([1, []]);
    expect(told("two-pairs", ALERTS.slowBurn)).toEqual(["shop-chat firing"]);
  });
});

describe("an outage that pauses", () => {
  it("is one page where the pause is shorter than the page goes on", () => {
    expect(played.flapping.conditions).toBe(2);
    expect(played.flapping.before).toEqual(["shop-pager firing"]);
    expect(told("flapping", ALERTS.fastBurn), stage.account()).toEqual([
      "shop-pager firing",
      "shop-pager resolved",
    ]);
  });

  it("is another page where it is longer", () => {
    expect(told("returning", ALERTS.fastBurn)).toEqual([
      "shop-pager firing",
      "shop-pager resolved",
      "shop-pager firing",
    ]);
  });
});

describe("errors that are worth a ticket", () => {
  it("open it while another service pages", () => {
    expect(told("smouldering", ALERTS.slowBurn)).toEqual(["shop-chat firing"]);
    expect(told("smouldering", ALERTS.fastBurn)).toEqual([]);
    const ticket = time(stage.notifications("smouldering", ALERTS.slowBurn)[0]);
    const [begin, end] = stage.notifications("two-pairs", ALERTS.fastBurn);
    expect(ticket).toBeGreaterThan(time(begin));
    expect(ticket).toBeLessThan(time(end));
  });
});
