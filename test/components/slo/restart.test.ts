import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seconds } from "../../../components/core/duration.ts";
import { httpAvailability } from "../../../components/signals/http.ts";
import { KEEP_FIRING } from "../../../components/slo/alerts.ts";
import { ALERTS } from "../../../components/slo/conventions.ts";
import type { Slo } from "../../../components/slo/model.ts";
import { files } from "../../infra/previews.ts";
import { AlertingStage, type FiringAlert } from "../../support/alerting-stage.ts";
import { SLO } from "./samples.ts";

// What a restart of Prometheus does to a page. Prometheus forgets on its way down which alerts it keeps firing (prometheus #13957), and
// says nothing of their end. The Alertmanager believes what it was told for four minutes: Prometheus tells it every minute, and says
// each time for how long to believe it.

/** A minute of production is three seconds here: a start takes its own time, and four minutes must be long beside it. */
const FASTER = 20;
const USUAL = { good: 2_000, bad: 0 };
const OUTAGE = { good: 0, bad: 2_000 };

const sloOf = (service: string): Slo => ({
  ...SLO,
  service,
  signal: httpAvailability("http_requests_total", { job: service, namespace: "shop" }),
});

/** Minutes of production between two moments. */
const minutes = (from: string | number, to: string | number) =>
  ((new Date(to).getTime() - new Date(from).getTime()) * FASTER) / 60_000;

const told = (stage: AlertingStage, service: string) =>
  stage.notifications(service, ALERTS.fastBurn).map(({ status }) => status);

async function set(services: readonly string[], replicas: number): Promise<AlertingStage> {
  const stage = await AlertingStage.set({
    slos: services.map(sloOf),
    alertmanager: files("prod", "alertmanager")["alertmanager.yaml"] ?? "",
    faster: FASTER,
    replicas,
  });
  for (const service of services) stage.exporter.serves(service, USUAL);
  await stage.pass("2m");
  for (const service of services) stage.exporter.adds(service, { good: 0, bad: 20_000 });
  for (const service of services)
    await stage.eventually(`${service} pages`, () => told(stage, service).length === 1);
  return stage;
}

async function page(stage: AlertingStage, service: string, replica = 0): Promise<FiringAlert | undefined> {
  const [found] = await stage.firing(service, ALERTS.fastBurn, replica);
  return found;
}

async function isKept(stage: AlertingStage, service: string, replica = 0): Promise<FiringAlert> {
  const since = async () => (await page(stage, service, replica))?.keepFiringSince;
  await stage.eventually(`${service} is kept firing`, async () => (await since()) !== undefined);
  return (await page(stage, service, replica)) as FiringAlert;
}

describe("a restart of the only Prometheus", () => {
  let stage: AlertingStage;
  /** Milliseconds since 1970. */
  let stopped: number;
  let before: FiringAlert | undefined;
  let after: FiringAlert | undefined;
  let forgotten: FiringAlert | undefined;
  let toldAfterRestart: Readonly<Record<string, readonly string[]>>;

  beforeAll(async () => {
    stage = await set(["burning", "over", "returning"], 1);
    stage.exporter.serves("burning", OUTAGE);
    for (const service of ["over", "returning"]) {
      stage.exporter.dilutes(service, 1e-6);
      await isKept(stage, service);
    }
    before = await page(stage, "burning");

    stopped = Date.now();
    await stage.stopPrometheus(0);
    await stage.startPrometheus(0);
    await stage.eventually("burning fires again", async () => (await page(stage, "burning")) !== undefined);
    after = await page(stage, "burning");
    stage.exporter.adds("returning", { good: 0, bad: 1e11 });
    // Two evaluations, so that every rule has had one.
    await stage.pass("1m");
    forgotten = await page(stage, "over");
    await stage.eventually("over is over", () => told(stage, "over").length === 2);
    const all = ["burning", "over", "returning"];
    toldAfterRestart = Object.fromEntries(all.map((service) => [service, told(stage, service)]));

    // Away for longer than the Alertmanager believes anything.
    await stage.stopPrometheus(0);
    await stage.eventually("burning is believed over", () => told(stage, "burning").length === 2);
    await stage.startPrometheus(0);
    await stage.eventually("burning pages again", () => told(stage, "burning").length === 3);
  }, 240_000);
  afterAll(() => stage?.clear());

  it("loses no page of an outage that goes on, and sends it once", () => {
    expect(toldAfterRestart["burning"], stage.account()).toEqual(["firing"]);
    // To Prometheus it is a new alert. The Alertmanager takes it for the one that it knows.
    expect(minutes(before?.activeAt ?? "", after?.activeAt ?? "")).toBeGreaterThan(0);
  });

  it("forgets what was kept firing", () => {
    expect(forgotten).toBeUndefined();
  });

  it("lets such a page end four minutes after it was last told, which says nobody but the clock", () => {
    expect(toldAfterRestart["over"], stage.account()).toEqual(["firing", "resolved"]);
    const [, end] = stage.notifications("over", ALERTS.fastBurn);
    const believed = minutes(stopped, end?.alerts[0]?.endsAt ?? "");
    // The last telling lies up to a minute and an evaluation before the stop.
    expect(believed).toBeGreaterThan(2.4);
    expect(believed).toBeLessThanOrEqual(4.1);
  });

  it("sends no second page where the errors come back within that time", () => {
    expect(toldAfterRestart["returning"], stage.account()).toEqual(["firing"]);
  });

  it("ends a page and sends it again where it takes longer than that", () => {
    expect(told(stage, "burning"), stage.account()).toEqual(["firing", "resolved", "firing"]);
  });
});

describe("a restart of one of two replicas, as production runs them", () => {
  let stage: AlertingStage;
  let keptSince: string;
  let forgotten: FiringAlert | undefined;

  beforeAll(async () => {
    stage = await set(["over"], 2);
    stage.exporter.dilutes("over", 1e-6);
    await isKept(stage, "over", 0);
    keptSince = (await isKept(stage, "over", 1)).keepFiringSince ?? "";
    await stage.stopPrometheus(0);
    await stage.startPrometheus(0);
    await stage.pass("1m");
    forgotten = await page(stage, "over", 0);
    await stage.eventually("the page ends", () => told(stage, "over").length === 2);
  }, 300_000);
  afterAll(() => stage?.clear());

  it("is made good by the other, which ends the page when it is due", () => {
    expect(forgotten).toBeUndefined();
    expect(told(stage, "over"), stage.account()).toEqual(["firing", "resolved"]);
    const [, end] = stage.notifications("over", ALERTS.fastBurn);
    const kept = minutes(keptSince, end?.alerts[0]?.endsAt ?? "");
    expect(Math.abs(kept - seconds(KEEP_FIRING.fastBurn) / 60)).toBeLessThan(1);
  });
});
