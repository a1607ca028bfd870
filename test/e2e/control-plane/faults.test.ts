import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import {
  cordon,
  evict,
  isReady,
  monitoringPods,
  type RunningPod,
} from "../../support/control-plane/evictions.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import { inspect } from "../../support/control-plane/inspection.ts";
import { NODES } from "../../support/control-plane/nodes.ts";
import { incidentsIn } from "../../support/control-plane/notified-alerts.ts";
import { darken, done, killOperatorMidway, restartEverything } from "../../support/control-plane/outages.ts";
import { type Platform, readGenerated, startPlatform } from "../../support/control-plane/platform.ts";
import { receiversBySecret } from "../../support/control-plane/receivers.ts";
import { type MonitoringServers, startMonitoring } from "../../support/control-plane/servers.ts";
import { type Notification, type Sink, startSink } from "../../support/control-plane/sink.ts";
import { table } from "../../support/control-plane/table.ts";
import { until } from "../../support/servers.ts";

// Production's alerting while parts of it die. In each trial a part goes away, and at once a volume fills up: its page must arrive,
// once. How long nobody would have been told anything shows in the heartbeat. Six times faster: see faster.ts. What a program takes to
// start is not made faster, so that it counts six times in the table's seconds, which are those of the rules.

const FASTER = 6;
/** Real seconds within which the page must be there: it takes about 20, and a busy machine several times that. */
const PAGED = 90;
const PAGE = "KubePersistentVolumeAlmostFull";
/** Seconds between two heartbeats: repeated each minute, when the group is next looked at. */
const BEAT = 75;

interface Trial {
  readonly killed: string;
  /** Seconds without a heartbeat that was due. */
  readonly blind: number;
  /** Seconds from the fault to its page. */
  readonly paged: number;
  readonly lost: number;
  /** Incidents beside the first. */
  readonly duplicates: number;
  /** Notifications of an incident that was open. */
  readonly repeats: number;
}

let sink: Sink;
let platform: Platform;
let monitoring: MonitoringServers;
let receivers: ReadonlyMap<string, string>;
const trials: Trial[] = [];
/** The disruption budgets' answers: while what, which pod, what became of it, and how many of its kind were ready. */
const evictions: (readonly [during: string, pod: string, outcome: string, ready: string])[] = [];

beforeAll(async () => {
  sink = await startSink();
  platform = await startPlatform(join(inject("previews"), "prod"), (_, key) => `stand-in for ${key}`);
  receivers = receiversBySecret((await readGenerated(platform.plane.api)).alertmanager);
  monitoring = await startMonitoring(platform, { name: "fast", sink, factor: FASTER, history: 0 });
  await untilWell();
  await until(async () => beats(0).length > 1, 60);
});
keepLogsOfFailures(() => platform?.plane);
afterAll(async () => {
  console.log(
    table(
      ["gone", "blind for, s", "paged after, s", "pages lost", "paged twice", "sent twice"],
      trials.map(({ killed, blind, paged, lost, duplicates, repeats }) => [
        killed,
        ...[blind, paged, lost, duplicates, repeats].map(String),
      ]),
    ),
  );
  console.log(table(["while", "pod", "eviction", "ready of its kind"], evictions));
  await monitoring?.stop();
  await platform?.stop();
  await sink?.stop();
});

async function untilWell(): Promise<void> {
  const since = Date.now();
  let findings: readonly string[] = [];
  await until(async () => {
    monitoring.network.forget();
    findings = await inspect(platform, monitoring, since).catch((error: unknown) => [String(error)]);
    return findings.length === 0;
  }, 150).catch(() => {
    throw new Error(`it does not recover: ${JSON.stringify(findings, null, 2)}`);
  });
}

function beats(since: number): readonly Notification[] {
  return sink.notifications.filter(
    ({ at, secret }) => at >= since && receivers.get(secret) === "dead-mans-switch",
  );
}

function pages(since: number, state: Notification["state"], alert = PAGE): readonly Notification[] {
  return sink.notifications.filter(
    ({ at, title, ...rest }) => at >= since && rest.state === state && title.includes(alert),
  );
}

/** The incidents at PagerDuty since then, each by what opened it. */
function incidents(since: number, alert = PAGE): readonly Notification[] {
  return incidentsIn(sink.notifications.filter(({ at, title }) => at >= since && title.includes(alert)));
}

async function podNamed(name: string): Promise<RunningPod> {
  const found = (await monitoringPods(platform.plane.api)).find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`there is no pod ${name}`);
  return found;
}

/** Asks for the eviction of a pod, and writes down what the disruption budget says. */
async function tryToEvict(during: string, pod: string): Promise<boolean> {
  const { api } = platform.plane;
  const kind = pod.replace(/-\d$/, "");
  const ofKind = (await monitoringPods(api)).filter(({ metadata }) => metadata.name.startsWith(kind));
  const evicted = await evict(api, pod);
  const ready = `${ofKind.filter(isReady).length} of ${ofKind.length}`;
  evictions.push([during, pod, evicted ? "let go" : "refused", ready]);
  return evicted;
}

/**
 * Takes a part away, lets the volume fill up, waits for the page, mends, and waits until all is as it was. What comes back within
 * `gone` itself has nothing to mend.
 */
async function trial(
  killed: string,
  gone: (fault: () => void) => Promise<void>,
  mend: () => Promise<void> = async () => {},
): Promise<Trial> {
  const began = Date.now();
  const before = beats(0).at(-1)?.at ?? began;
  let fault: number | undefined;
  const inject = () => {
    fault ??= Date.now();
    monitoring.standIns.inject("a volume is full");
  };
  await gone(inject);
  inject();
  await until(async () => pages(began, "firing").length > 0, PAGED).catch(() => {});
  await mend();
  await until(async () => pages(began, "firing").length > 0, PAGED).catch(() => {});
  const told = pages(began, "firing");
  const since = Date.now();
  await until(async () => beats(since).length > 0, PAGED);
  monitoring.standIns.clear("a volume is full");
  await until(async () => pages(began, "resolved").length > 0, PAGED).catch(() => {});
  await untilWell();
  const opened = incidents(began);
  const moments = [before, ...beats(began).map(({ at }) => at)];
  const longest = Math.max(...moments.slice(1).map((at, index) => at - (moments[index] ?? at)));
  const result = {
    killed,
    blind: Math.max(Math.round((longest / 1000) * FASTER) - BEAT, 0),
    paged: Math.round((((told[0]?.at ?? Number.NaN) - (fault ?? began)) / 1000) * FASTER),
    lost: told.length > 0 ? 0 : 1,
    duplicates: Math.max(opened.length - 1, 0),
    repeats: pages(began, "firing").length - opened.length,
  };
  trials.push(result);
  return result;
}

describe("production's alerting", () => {
  it("loses no page and sends none twice when one Prometheus is killed", async () => {
    const [first] = monitoring.prometheus;
    const result = await trial(
      "one Prometheus",
      async () => first?.kill(),
      async () => first?.start(),
    );
    expect(result).toMatchObject({ lost: 0, duplicates: 0 });
  });

  it("loses no page and sends none twice when one Alertmanager is killed", async () => {
    const [first] = monitoring.alertmanagers;
    const result = await trial(
      "one Alertmanager",
      async () => first?.kill(),
      async () => first?.start(),
    );
    expect(result).toMatchObject({ lost: 0, duplicates: 0 });
  });

  it("loses no page when the operator is killed in the middle of a change, which it finishes when it is back", async () => {
    const { api } = platform.plane;
    const object = platform.steps.flatMap(({ objects }) => objects).find(({ kind }) => kind === "Prometheus");
    if (object === undefined) throw new Error("production has no Prometheus");
    const result = await trial(
      "the operator, in the middle of a change",
      async () => {
        await killOperatorMidway({ platform, monitoring }, object);
        expect(await done(api)).toEqual({ configuration: true, statefulSet: false });
      },
      async () => {
        await platform.operator.start();
        await until(async () => (await done(api)).statefulSet, 60);
        await api.apply(object);
        await until(async () => !(await done(api)).configuration && !(await done(api)).statefulSet, 60);
      },
    );
    expect(result).toMatchObject({ blind: 0, lost: 0, duplicates: 0 });
  });

  it("loses no page and is not blind while there is no API server", async () => {
    const apiServer = platform.plane.parts["kube-apiserver"];
    const result = await trial(
      "the API server",
      () => apiServer.kill(),
      () => apiServer.start(),
    );
    expect(result).toMatchObject({ blind: 0, lost: 0, duplicates: 0 });
  });

  it("loses no page when a zone goes dark, and no disruption budget lets go what is left", async () => {
    const { api } = platform.plane;
    const nodeOf = ({ spec }: RunningPod) => NODES.find(({ name }) => name === spec.nodeName);
    const zone = nodeOf(await podNamed("prometheus-prometheus-0"))?.zone ?? "eu-central-1a";
    let light: (() => Promise<void>) | undefined;
    const result = await trial(
      "a zone, with a Prometheus in it",
      async () => {
        light = await darken({ platform, monitoring }, zone);
      },
      async () => {
        const away = async () => (await monitoringPods(api)).filter((pod) => nodeOf(pod)?.zone === zone);
        await until(async () => (await away()).every((pod) => !isReady(pod)), 60);
        // Who has lost one of its kind already may lose no other.
        for (const kind of new Set((await away()).map(({ metadata }) => metadata.name.replace(/-\d$/, ""))))
          for (const { metadata } of (await monitoringPods(api)).filter(isReady))
            if (metadata.name.startsWith(kind))
              expect(await tryToEvict("a zone is dark", metadata.name), metadata.name).toBe(false);
        await light?.();
      },
    );
    expect(evictions.some(([during]) => during === "a zone is dark")).toBe(true);
    expect(result).toMatchObject({ lost: 0, duplicates: 0 });
  });

  it("loses no page when everything restarts, and tells nobody a second time what was told before", async () => {
    const open = "KubePersistentVolumeInodesAlmostUsed";
    const began = Date.now();
    monitoring.standIns.inject("a volume has no inodes left");
    await until(async () => pages(began, "firing", open).length > 0, PAGED);
    let result: Trial;
    try {
      result = await trial(
        "everything, restarted",
        (fault) => restartEverything({ platform, monitoring }, fault),
        // Longer than an alert takes to fire again from nothing.
        () => sleep((4 * 60_000) / FASTER),
      );
    } finally {
      monitoring.standIns.clear("a volume has no inodes left");
    }
    expect(result).toMatchObject({ lost: 0, duplicates: 0 });
    await until(async () => pages(began, "resolved", open).length > 0, PAGED);
    expect(incidents(began, open)).toHaveLength(1);
    await untilWell();
  });

  it("keeps what a disruption budget guards while nodes are drained, and lets the rest go", async () => {
    const { api } = platform.plane;
    // Nothing starts again anywhere, so that what is evicted stays away, as while a node is replaced.
    for (const { name } of NODES) await cordon(api, name, true);
    const during = "every node is cordoned";
    try {
      for (const { metadata } of await monitoringPods(api)) {
        const before = (await monitoringPods(api)).filter(isReady).length;
        const evicted = await tryToEvict(during, metadata.name);
        await until(async () => !evicted || (await monitoringPods(api)).filter(isReady).length < before);
      }
    } finally {
      for (const { name } of NODES) await cordon(api, name, false);
    }
    const outcomes = (prefix: string) =>
      evictions
        .filter(([when, pod]) => when === during && pod.startsWith(prefix))
        .map(([, , outcome]) => outcome);
    // One of each may be away at a time.
    expect(outcomes("prometheus").sort()).toEqual(["let go", "refused"]);
    expect(outcomes("alertmanager").sort()).toEqual(["let go", "refused", "refused"]);
    await untilWell();
  });
});
