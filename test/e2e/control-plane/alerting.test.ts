import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { parse } from "yaml";
import { seconds } from "../../../components/core/duration.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import {
  INCIDENTS,
  type Incident,
  LATER_OUTAGES,
  OUTAGES,
  type Outage,
  SLOW_OUTAGE,
} from "../../support/control-plane/incidents.ts";
import { newsOf } from "../../support/control-plane/notified-alerts.ts";
import { type Platform, readGenerated, startPlatform } from "../../support/control-plane/platform.ts";
import { GROUP_WAIT, promisedOutages } from "../../support/control-plane/promises.ts";
import { alertsOf } from "../../support/control-plane/query.ts";
import { untilReady } from "../../support/control-plane/ready.ts";
import { receiversBySecret } from "../../support/control-plane/receivers.ts";
import { type MonitoringServers, startMonitoring } from "../../support/control-plane/servers.ts";
import { type Notification, type Sink, startSink } from "../../support/control-plane/sink.ts";
import { table } from "../../support/control-plane/table.ts";
import { until } from "../../support/servers.ts";

// Production's incidents, one of each objective among them, from the failing program to the page, through everything that is deployed:
// the generated configuration on a real Prometheus pair, which finds its targets at the real API server, and a real Alertmanager
// cluster. Ten times faster: every duration of the generated configuration, the rules and the routing is divided by ten, and so are
// Prometheus' resend delay and Alertmanager's peer timeout; nothing else differs. One page is also awaited in real time, in
// total-outage.test.ts.

const FASTER = 10;
/** Real seconds that a busy machine may add. */
const SLACK = 25;
/** A scrape has to see it, twice where counters are compared, and an evaluation the scrape. */
const SEEN_AFTER = 3 * 30;

interface Rule {
  readonly alert?: string;
  readonly for?: string;
  readonly labels?: { readonly severity?: keyof typeof GROUP_WAIT };
}

let sink: Sink;
let platform: Platform;
let fast: MonitoringServers;
let receivers: ReadonlyMap<string, string>;
let rules: readonly Rule[];
let outages: ReadonlyMap<string, number>;
const injected = new Map<Incident, number>();
const cleared = new Map<Incident, number>();

beforeAll(async () => {
  sink = await startSink();
  platform = await startPlatform(join(inject("previews"), "prod"), (_, key) => `stand-in for ${key}`);
  const generated = await readGenerated(platform.plane.api);
  receivers = receiversBySecret(generated.alertmanager);
  rules = Object.values(generated.rules).flatMap((text) =>
    (parse(text) as { groups: readonly { rules: readonly Rule[] }[] }).groups.flatMap((group) => group.rules),
  );
  outages = await promisedOutages("prod");
  fast = await startMonitoring(platform, { name: "fast", sink, factor: FASTER, history: 7 });
  await untilReady(fast, outages.keys());
});
keepLogsOfFailures(() => platform?.plane);
afterAll(async () => {
  await fast?.stop();
  await platform?.stop();
  await sink?.stop();
});

/** What people heard of an incident. */
const about = (incident: Incident, state: Notification["state"]) =>
  newsOf(sink.notifications, incident, state);

const notified = INCIDENTS.filter(({ receiver }) => receiver !== "nobody");
const silent = INCIDENTS.filter(({ receiver }) => receiver === "nobody");
const slower: readonly Outage[] = [SLOW_OUTAGE, ...LATER_OUTAGES];

async function injectAll(incidents: readonly Incident[]): Promise<void> {
  for (const incident of incidents) {
    injected.set(incident, Date.now());
    await incident.inject({ platform, monitoring: fast });
  }
}

async function clear(incident: Incident): Promise<void> {
  cleared.set(incident, Date.now());
  await incident.clear({ platform, monitoring: fast });
}

const isTold = (incident: Incident) => about(incident, "firing").length > 0;

/** Ends the outages that were told: those that lasted on would be in the windows of half an hour for as long again. */
async function clearTold(): Promise<void> {
  for (const outage of [...OUTAGES, ...slower])
    if (!cleared.has(outage) && isTold(outage)) await clear(outage);
}

/** Waits, as long as is promised, until all are told. */
async function untilTold(incidents: readonly Incident[]): Promise<void> {
  const longest = Math.max(...incidents.map(promised)) / FASTER + SLACK;
  const all = async () => {
    await clearTold();
    return incidents.every(isTold);
  };
  await until(all, longest).catch(() => {});
}

/** Waits until people have been told of all that they are over. */
async function untilOver(incidents: readonly Incident[], patience: number): Promise<void> {
  const all = async () => {
    await clearTold();
    return incidents.every((incident) => about(incident, "resolved").length > 0);
  };
  await until(all, patience).catch(() => {});
}

/** Seconds, in the time that the rules count in, from the fault to its notification. */
function promised(incident: Incident): number {
  const { alert } = incident;
  if ("objective" in incident) return promisedOutage(incident as Outage);
  const rule = rules.find((candidate) => candidate.alert === alert);
  if (rule === undefined) throw new Error(`no rule ${alert}`);
  const severity = rule.labels?.severity ?? "none";
  return SEEN_AFTER + seconds(rule.for ?? "0s") + seconds(GROUP_WAIT[severity]);
}

function promisedOutage({ service, objective }: Pick<Outage, "service" | "objective">): number {
  const found = outages.get(`${service} ${objective}`);
  if (found === undefined) throw new Error(`a total outage of ${service} pages nobody`);
  return found;
}

const nameOf = (incident: Incident): string =>
  "objective" in incident
    ? `${incident.alert} ${(incident as Outage).service} ${(incident as Outage).objective}`
    : incident.alert;

/** What people heard of an incident, in seconds since it was injected. */
function storyOf(incident: Incident): string {
  const heard = [...about(incident, "firing"), ...about(incident, "resolved")].sort((a, b) => a.at - b.at);
  const since = injected.get(incident) ?? 0;
  return heard.map(({ at, state }) => `${state} after ${(at - since) / 1000}`).join(", ");
}

/** Each at the receiver that is promised, within the promised time, once. */
function expectTold(incidents: readonly Incident[]): void {
  const rows = incidents.map((incident) => {
    const found = about(incident, "firing");
    const at = found[0]?.at;
    const took = at === undefined ? Number.NaN : ((at - (injected.get(incident) ?? 0)) / 1000) * FASTER;
    const reached = found.map(({ secret }) => receivers.get(secret));
    return { incident, name: nameOf(incident), reached, took, limit: promised(incident) };
  });
  console.log(
    table(
      ["alert", "promised to", "reached", "promised within, s", "took, s", "notifications"],
      rows.map(({ incident, name, reached, took, limit }) => [
        name,
        incident.receiver,
        [...new Set(reached)].join(" "),
        String(Math.round(limit)),
        String(Math.round(took)),
        String(reached.length),
      ]),
    ),
  );
  for (const { incident, name, reached, took, limit } of rows) {
    expect(reached, `${name}: ${storyOf(incident)}`).toEqual([incident.receiver]);
    expect(took, name).toBeLessThanOrEqual(limit + SLACK * FASTER);
  }
}

function expectOver(incidents: readonly Incident[]): void {
  console.log(
    table(
      ["alert", "resolved after, s", "times"],
      incidents.map((incident) => {
        const over = about(incident, "resolved");
        const after = ((over[0]?.at ?? Number.NaN) - (cleared.get(incident) ?? 0)) / 1000;
        return [nameOf(incident), String(Math.round(after * FASTER)), String(over.length)];
      }),
    ),
  );
  for (const incident of incidents)
    expect(about(incident, "resolved"), `${nameOf(incident)}: ${storyOf(incident)}`).toHaveLength(1);
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
    await injectAll([SLOW_OUTAGE, ...INCIDENTS]);
    await untilTold(notified);
  });

  it("reach the receiver that is promised, once, within the promised time", () => {
    expect(notified.length).toBeGreaterThanOrEqual(14);
    expectTold(notified);
  });

  it("tell nobody what another alert says already, or what only a dashboard should show", async () => {
    const firing = (await Promise.all(fast.prometheus.map(alertsOf))).flat();
    // The page silences the ticket of the same objective for as long as it fires itself: until its short window is clear again.
    const [outage] = OUTAGES;
    const over = ((outage && cleared.get(outage)) ?? Date.now()) + (1000 * seconds("5m")) / FASTER;
    for (const incident of silent) {
      expect(
        firing.some(({ labels, state }) => labels["alertname"] === incident.alert && state === "firing"),
        `${incident.alert} fires`,
      ).toBe(true);
      expect(
        about(incident, "firing").filter(({ at }) => at < over),
        incident.alert,
      ).toEqual([]);
    }
  });

  it("are said to be over, once, when they are", async () => {
    for (const incident of INCIDENTS) if (!cleared.has(incident)) await clear(incident);
    await untilOver(notified, 270);
    expectOver(notified);
  });

  it("of the other objectives of those services do the same", async () => {
    await injectAll(LATER_OUTAGES);
    await untilTold(slower);
    expectTold(slower);
    await untilOver(slower, 270);
    expectOver(slower);
    const all = [...OUTAGES, ...slower].map(({ service, objective }) => `${service} ${objective}`);
    expect(all.sort(), "an objective without an incident").toEqual([...outages.keys()].sort());
  }, 900_000);

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
