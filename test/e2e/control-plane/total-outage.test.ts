import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import { type Platform, readGenerated, startPlatform } from "../../support/control-plane/platform.ts";
import { promisedOutages } from "../../support/control-plane/promises.ts";
import { untilReady } from "../../support/control-plane/ready.ts";
import { receiversBySecret } from "../../support/control-plane/receivers.ts";
import { type MonitoringServers, startMonitoring } from "../../support/control-plane/servers.ts";
import { type Sink, startSink } from "../../support/control-plane/sink.ts";
import { until } from "../../support/servers.ts";

// The one page that everything is for, in real time: every request to the storefront fails, and production's Prometheus pair and
// Alertmanager cluster, with what the operator generated for them, page its team as soon as the reviewer was promised.

/** Seconds that a busy machine may add. */
const SLACK = 25;

let sink: Sink;
let platform: Platform;
let monitoring: MonitoringServers;
let objectives: ReadonlyMap<string, number>;

beforeAll(async () => {
  sink = await startSink();
  platform = await startPlatform(join(inject("previews"), "prod"), (_, key) => `stand-in for ${key}`);
  monitoring = await startMonitoring(platform, { name: "real-time", sink, factor: 1, history: 7 });
  objectives = await promisedOutages("prod");
  await untilReady(monitoring, objectives.keys());
});
keepLogsOfFailures(() => platform?.plane);
afterAll(async () => {
  await monitoring?.stop();
  await platform?.stop();
  await sink?.stop();
});

describe("a total outage of production's storefront", () => {
  it("pages its team in real time as soon as is promised, once, and nobody hears of anything else", async () => {
    const receivers = receiversBySecret((await readGenerated(platform.plane.api)).alertmanager);
    const pages = () => sink.notifications.filter(({ title }) => title.includes("SLOErrorBudgetBurnFast"));
    const limit = objectives.get("storefront availability") ?? Number.NaN;
    expect(pages()).toEqual([]);

    const began = Date.now();
    monitoring.standIns.inject("storefront fails every request");
    await until(async () => pages().length > 0, limit + SLACK).catch(() => {});
    const took = ((pages()[0]?.at ?? Number.NaN) - began) / 1000;
    console.log(`a total outage: promised within ${Math.round(limit)} s, paged after ${Math.round(took)} s`);

    expect(pages().map(({ secret }) => receivers.get(secret))).toEqual(["shop-pager"]);
    expect(took).toBeLessThanOrEqual(limit + SLACK);
    const others = sink.notifications.filter(
      ({ secret }) => !["dead-mans-switch", "shop-pager"].includes(receivers.get(secret) ?? ""),
    );
    expect(others).toEqual([]);
  });
});
