import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { parse } from "yaml";
import { seconds } from "../../../components/core/duration.ts";
import { promisesOfService } from "../../../components/service/render.ts";
import { serviceInputs } from "../../../infra/inputs.ts";
import { services } from "../../../stacks/services/index.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import { INCIDENTS, type Incident, type Stage } from "../../support/control-plane/incidents.ts";
import { type Platform, readGenerated, startPlatform } from "../../support/control-plane/platform.ts";
import { alertsOf } from "../../support/control-plane/query.ts";
import { receiversBySecret } from "../../support/control-plane/receivers.ts";
import { type MonitoringServers, startMonitoring } from "../../support/control-plane/servers.ts";
import { type Notification, type Sink, startSink } from "../../support/control-plane/sink.ts";
import { table } from "../../support/control-plane/table.ts";
import { until } from "../../support/servers.ts";
import { environmentOf } from "../environment.ts";

// Production's incidents, from the failing program to the page, through everything that is deployed: the generated configuration on a
// real Prometheus pair, which finds its targets at the real API server, and a real Alertmanager cluster. Twice at once: in real time for
// the total outage, and ten times faster for all the others. Faster means that every duration of the generated configuration, the
// rules and the routing is divided by ten, and so are Prometheus' resend delay and Alertmanager's peer timeout; nothing else differs.

const FASTER = 10;
/** Real seconds that a busy machine may add. */
const SLACK = 25;
/** A scrape has to see it, twice where counters are compared, and an evaluation the scrape. */
const SEEN_AFTER = 3 * 30;
const GROUP_WAIT = { critical: "15s", warning: "2m", info: "0s", none: "0s" } as const;

interface Rule {
  readonly alert?: string;
  readonly for?: string;
  readonly labels?: { readonly severity?: keyof typeof GROUP_WAIT };
}

let sink: Sink;
let realTimeSink: Sink;
let platform: Platform;
let fast: MonitoringServers;
let realTime: MonitoringServers;
let receivers: ReadonlyMap<string, string>;
let rules: readonly Rule[];
let outageBegan: number;
const injected = new Map<Incident, number>();
const cleared = new Map<Incident, number>();

beforeAll(async () => {
  sink = await startSink();
  realTimeSink = await startSink();
  platform = await startPlatform(join(inject("previews"), "prod"), (_, key) => `stand-in for ${key}`);
  const generated = await readGenerated(platform.plane.api);
  receivers = receiversBySecret(generated.alertmanager);
  rules = Object.values(generated.rules).flatMap((text) =>
    (parse(text) as { groups: readonly { rules: readonly Rule[] }[] }).groups.flatMap((group) => group.rules),
  );
  realTime = await startMonitoring(platform, {
    name: "real-time",
    sink: realTimeSink,
    factor: 1,
    history: 7,
  });
  fast = await startMonitoring(platform, { name: "fast", sink, factor: FASTER, history: 7 });
  // A first scrape in real time, so that the outage sets in under a server that is awake.
  await sleep(35_000);
});
keepLogsOfFailures(() => platform?.plane);
afterAll(async () => {
  await fast?.stop();
  await realTime?.stop();
  await platform?.stop();
  await sink?.stop();
  await realTimeSink?.stop();
});

function about(incident: Incident, state: Notification["state"]): readonly Notification[] {
  return sink.notifications.filter(
    ({ title, text, ...notification }) =>
      notification.state === state &&
      new RegExp(`\\b${incident.alert}\\b`).test(title) &&
      (incident.about === undefined || text.includes(incident.about)),
  );
}

const notified = INCIDENTS.filter(({ receiver }) => receiver !== "nobody");
const silent = INCIDENTS.filter(({ receiver }) => receiver === "nobody");

async function clear(incident: Incident): Promise<void> {
  cleared.set(incident, Date.now());
  await incident.clear({ platform, monitoring: fast });
}

/** Seconds, in the time that the rules count in, from the fault to its notification. */
function promised({ alert }: Incident): number {
  const rule = rules.find((candidate) => candidate.alert === alert);
  if (rule === undefined) throw new Error(`no rule ${alert}`);
  const severity = rule.labels?.severity ?? "none";
  return SEEN_AFTER + seconds(rule.for ?? "0s") + seconds(GROUP_WAIT[severity]);
}

/** The same for a page of an SLO: what the reviewer reads, and the wait for others of the group. */
async function promisedOutage(): Promise<number> {
  const inputs = Object.values(serviceInputs(await environmentOf("prod"), services));
  const [promises] = inputs.flatMap(promisesOfService);
  const page = promises?.detection[0]?.page;
  if (page === undefined) throw new Error("a total outage pages nobody");
  return page.atTheLatest.seconds + seconds(GROUP_WAIT.critical);
}

describe("production's alerting, before anything fails", () => {
  it("is quiet but for its heartbeat", async () => {
    const [server] = fast.prometheus;
    const firing = server === undefined ? [] : await alertsOf(server);
    expect(firing.filter(({ state }) => state === "firing").map(({ labels }) => labels["alertname"])).toEqual(
      ["Watchdog"],
    );
    await until(async () => sink.notifications.length >= 2, 60);
    expect(new Set(sink.notifications.map(({ secret }) => receivers.get(secret)))).toEqual(
      new Set(["dead-mans-switch"]),
    );
  });
});

describe("production's incidents", () => {
  beforeAll(async () => {
    const stage: Stage = { platform, monitoring: fast };
    outageBegan = Date.now();
    realTime.standIns.inject("storefront fails every request");
    for (const incident of INCIDENTS) {
      injected.set(incident, Date.now());
      await incident.inject(stage);
    }
    // An outage that lasts on would be in the windows of half an hour for as long again.
    const [outage] = INCIDENTS;
    if (outage !== undefined) {
      await until(async () => about(outage, "firing").length > 0, 60).catch(() => {});
      await clear(outage);
    }
    const longest = Math.max(...INCIDENTS.map(promised)) / FASTER + SLACK;
    await until(
      async () => notified.every((incident) => about(incident, "firing").length > 0),
      longest,
    ).catch(() => {});
  });

  it("reach the receiver that is promised, once, within the promised time", async () => {
    const outage = (await promisedOutage()) + SLACK * FASTER;
    const rows = notified.map((incident) => {
      const found = about(incident, "firing");
      const at = found[0]?.at;
      const measured = at === undefined ? Number.NaN : ((at - (injected.get(incident) ?? 0)) / 1000) * FASTER;
      const limit =
        incident.alert === "SLOErrorBudgetBurnFast" ? outage : promised(incident) + SLACK * FASTER;
      return { incident, found, measured, limit };
    });
    console.log(
      table(
        ["alert", "promised to", "reached", "promised within, s", "took, s", "notifications"],
        rows.map(({ incident, found, measured, limit }) => [
          incident.alert,
          incident.receiver,
          [...new Set(found.map(({ secret }) => receivers.get(secret)))].join(" "),
          String(Math.round(limit - SLACK * FASTER)),
          String(Math.round(measured)),
          String(found.length),
        ]),
      ),
    );
    expect(rows.length).toBeGreaterThanOrEqual(11);
    for (const { incident, found, measured, limit } of rows) {
      expect(
        found.map(({ secret }) => receivers.get(secret)),
        incident.alert,
      ).toEqual([incident.receiver]);
      expect(measured, incident.alert).toBeLessThanOrEqual(limit);
    }
  });

  it("tell nobody what another alert says already, or what only a dashboard should show", async () => {
    const firing = (await Promise.all(fast.prometheus.map(alertsOf))).flat();
    for (const incident of silent) {
      expect(
        firing.some(({ labels, state }) => labels["alertname"] === incident.alert && state === "firing"),
        `${incident.alert} fires`,
      ).toBe(true);
      expect(about(incident, "firing"), incident.alert).toEqual([]);
    }
  });

  it("page for a total outage in real time as soon as is promised", async () => {
    const pages = () =>
      realTimeSink.notifications.filter(({ title }) => title.includes("SLOErrorBudgetBurnFast"));
    const limit = await promisedOutage();
    const left = limit + SLACK - (Date.now() - outageBegan) / 1000;
    await until(async () => pages().length > 0, Math.max(left, 1)).catch(() => {});
    const took = ((pages()[0]?.at ?? Number.NaN) - outageBegan) / 1000;
    console.log(
      `a total outage, in real time: promised within ${Math.round(limit)} s, paged after ${Math.round(took)} s`,
    );
    expect(pages().map(({ secret }) => receivers.get(secret))).toEqual(["shop-pager"]);
    expect(took).toBeLessThanOrEqual(limit + SLACK);
    // Nothing else of the storefront fails, so the page is all that people hear of.
    expect(realTimeSink.notifications.filter(({ title }) => title.includes("storefront"))).toHaveLength(1);
  });

  it("are said to be over, once, when they are", async () => {
    for (const incident of INCIDENTS) if (!cleared.has(incident)) await clear(incident);
    await until(async () => notified.every((incident) => about(incident, "resolved").length > 0), 270).catch(
      () => {},
    );
    console.log(
      table(
        ["alert", "resolved after, s", "times"],
        notified.map((incident) => [
          incident.alert,
          String(
            Math.round(
              (((about(incident, "resolved")[0]?.at ?? Number.NaN) - (cleared.get(incident) ?? 0)) / 1000) *
                FASTER,
            ),
          ),
          String(about(incident, "resolved").length),
        ]),
      ),
    );
    for (const incident of notified) expect(about(incident, "resolved"), incident.alert).toHaveLength(1);
  });

  it("end with the heartbeat when both Prometheus servers die", async () => {
    const beats = () =>
      sink.notifications.filter(({ secret }) => receivers.get(secret) === "dead-mans-switch");
    for (const server of fast.prometheus) await server.kill();
    const died = Date.now();
    // An alert that nobody repeats is over after four resend delays: four minutes, and a notification may be under way.
    const over = (5 * 60) / FASTER + SLACK;
    await sleep(over * 1000);
    const last = Math.max(...beats().map(({ at }) => at));
    console.log(
      `the last heartbeat came ${Math.round(((last - died) / 1000) * FASTER)} s after both servers died`,
    );
    expect(beats().length).toBeGreaterThan(5);
    expect((last - died) / 1000).toBeLessThan(over);
    const known = beats().length;
    await sleep(((3 * 60) / FASTER) * 1000);
    expect(beats().length).toBe(known);
  });
});
