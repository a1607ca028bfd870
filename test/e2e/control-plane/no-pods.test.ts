import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Reference } from "../../support/control-plane/api.ts";
import { cordon } from "../../support/control-plane/evictions.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import { NODES } from "../../support/control-plane/nodes.ts";
import { newsOf } from "../../support/control-plane/notified-alerts.ts";
import { type Platform, readGenerated, startPlatform } from "../../support/control-plane/platform.ts";
import { alertsOf, valuesOf } from "../../support/control-plane/query.ts";
import { untilReady } from "../../support/control-plane/ready.ts";
import { receiversBySecret } from "../../support/control-plane/receivers.ts";
import { type MonitoringServers, startMonitoring } from "../../support/control-plane/servers.ts";
import { type Sink, startSink } from "../../support/control-plane/sink.ts";
import { table } from "../../support/control-plane/table.ts";
import { until } from "../../support/servers.ts";

// Services of production without pods: by a fault, which pages their team within five minutes, and by their owner's intent, which does
// not. Scheduler, controllers, kube-state-metrics and Prometheus are real. Six times faster: see faster.ts.

const FASTER = 6;
/** Seconds, in the time that the rules count in, from the end of the last available pod to the page. */
const LIMIT = 5 * 60;
const ALERT = "ServiceHasNoAvailablePods";

let sink: Sink;
let platform: Platform;
let monitoring: MonitoringServers;
let receivers: ReadonlyMap<string, string>;

beforeAll(async () => {
  sink = await startSink();
  platform = await startPlatform(join(inject("previews"), "prod"), (_, key) => `stand-in for ${key}`);
  receivers = receiversBySecret((await readGenerated(platform.plane.api)).alertmanager);
  monitoring = await startMonitoring(platform, { name: "fast", sink, factor: FASTER, history: 0 });
  await untilReady(monitoring, []);
  for (const server of monitoring.prometheus)
    await until(
      async () => (await valuesOf(server, "service:pods_available:timestamp_seconds")).length === 3,
      60,
    );
});
keepLogsOfFailures(() => platform?.plane);
afterAll(async () => {
  await monitoring?.stop();
  await platform?.stop();
  await sink?.stop();
});

const deployment = (name: string): Reference => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  name,
  namespace: "shop",
});
const pages = (service: string) =>
  newsOf(sink.notifications, { alert: ALERT, about: `service=${service} ` }, "firing");

async function podsOf(service: string) {
  const pods = await platform.plane.api.list({ apiVersion: "v1", kind: "Pod", namespace: "shop" });
  return pods.filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === service);
}

async function available(service: string): Promise<number> {
  const object = await platform.plane.api.get<{ readonly status?: { readonly availableReplicas?: number } }>(
    deployment(service),
  );
  return object?.status?.availableReplicas ?? 0;
}

describe("a service of production without pods", () => {
  it("pages its team, once, when its pods cannot be placed or its Deployment is deleted", async () => {
    const { api } = platform.plane;
    const began = Date.now();
    for (const { name } of NODES) await cordon(api, name, true);
    for (const { metadata } of await podsOf("storefront"))
      await api.remove({ apiVersion: "v1", kind: "Pod", name: metadata.name, namespace: "shop" });
    await api.remove(deployment("pricing"));
    const told = async () => pages("storefront").length > 0 && pages("pricing").length > 0;
    await until(told, LIMIT / FASTER).catch(() => {});

    const rows = ["storefront", "pricing"].map((service) => ({
      service,
      reached: pages(service).map(({ secret }) => receivers.get(secret)),
      took: (((pages(service)[0]?.at ?? Number.NaN) - began) / 1000) * FASTER,
    }));
    console.log(
      table(
        ["service", "reached", "paged after, s"],
        rows.map(({ service, reached, took }) => [service, reached.join(" "), String(Math.round(took))]),
      ),
    );
    expect((await podsOf("storefront")).length, "the Deployment wants its pods back").toBe(3);
    for (const { service, reached, took } of rows) {
      expect(reached, service).toEqual(["shop-pager"]);
      expect(took, service).toBeLessThanOrEqual(LIMIT);
    }
  });

  it("pages nobody when its Deployment is scaled to zero by its own spec", async () => {
    const { api } = platform.plane;
    for (const { name } of NODES) await cordon(api, name, false);
    await until(async () => (await available("storefront")) === 3, 60);
    const over = () => newsOf(sink.notifications, { alert: ALERT, about: "service=storefront " }, "resolved");
    await until(async () => over().length > 0, 120);

    const before = pages("storefront").length;
    await api.merge(deployment("storefront"), { spec: { replicas: 0 } });
    await until(async () => (await podsOf("storefront")).length === 0, 60);
    await sleep((LIMIT / FASTER) * 1000);
    const states = (await Promise.all(monitoring.prometheus.map(alertsOf)))
      .flat()
      .filter(({ labels }) => labels["alertname"] === ALERT && labels["service"] === "storefront");
    expect(states).toEqual([]);
    expect(pages("storefront")).toHaveLength(before);
    for (const server of monitoring.prometheus)
      expect(await valuesOf(server, 'up{job="storefront", namespace="shop"}')).toEqual([]);
  });
});
