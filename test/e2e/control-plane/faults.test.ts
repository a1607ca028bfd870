import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { cordon, evict, isReady, monitoringPods } from "../../support/control-plane/evictions.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import { inspect } from "../../support/control-plane/inspection.ts";
import { NODES } from "../../support/control-plane/nodes.ts";
import { type Platform, readGenerated, startPlatform } from "../../support/control-plane/platform.ts";
import { receiversBySecret } from "../../support/control-plane/receivers.ts";
import { type MonitoringServers, startMonitoring } from "../../support/control-plane/servers.ts";
import { type Notification, type Sink, startSink } from "../../support/control-plane/sink.ts";
import { table } from "../../support/control-plane/table.ts";
import { until } from "../../support/servers.ts";

// Production's alerting while parts of it die. In each trial a part is killed, and at once a volume fills up: its page must arrive,
// once. How long nobody would have been told anything shows in the heartbeat. Six times faster: see faster.ts.

const FASTER = 6;
/** Real seconds within which the page must be there: it takes about 20, and a busy machine several times that. */
const PAGED = 90;
const PAGE = "KubePersistentVolumeAlmostFull";
/** Seconds between two heartbeats: repeated each minute, when the group is next looked at. */
const BEAT = 75;

interface Trial {
  readonly killed: string;
  readonly blind: number;
  readonly lost: number;
  readonly duplicates: number;
}

let sink: Sink;
let platform: Platform;
let monitoring: MonitoringServers;
let receivers: ReadonlyMap<string, string>;
const trials: Trial[] = [];

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
      ["killed", "blind for, s", "pages lost", "duplicates"],
      trials.map(({ killed, blind, lost, duplicates }) => [killed, ...[blind, lost, duplicates].map(String)]),
    ),
  );
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

function pages(since: number, state: Notification["state"]): readonly Notification[] {
  return sink.notifications.filter(
    ({ at, title, ...rest }) => at >= since && rest.state === state && title.includes(PAGE),
  );
}

/** Kills, lets the volume fill up, waits for the page, mends, and waits until all is as it was. */
async function trial(killed: string, kill: () => Promise<void>, mend: () => Promise<void>): Promise<Trial> {
  const began = Date.now();
  const before = beats(0).at(-1)?.at ?? began;
  await kill();
  monitoring.standIns.inject("a volume is full");
  await until(async () => pages(began, "firing").length > 0, PAGED).catch(() => {});
  await mend();
  await until(async () => pages(began, "firing").length > 0, PAGED).catch(() => {});
  const told = pages(began, "firing").length;
  const since = Date.now();
  await until(async () => beats(since).length > 0, PAGED);
  monitoring.standIns.clear("a volume is full");
  await until(async () => pages(began, "resolved").length > 0, PAGED).catch(() => {});
  await untilWell();
  const moments = [before, ...beats(began).map(({ at }) => at)];
  const longest = Math.max(...moments.slice(1).map((at, index) => at - (moments[index] ?? at)));
  const result = {
    killed,
    blind: Math.max(Math.round((longest / 1000) * FASTER) - BEAT, 0),
    lost: told > 0 ? 0 : 1,
    duplicates: Math.max(pages(began, "firing").length - 1, 0),
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

  it("keeps what a disruption budget guards while nodes are drained, and lets the rest go", async () => {
    const { api } = platform.plane;
    // Nothing starts again anywhere, so that what is evicted stays away, as while a node is replaced.
    for (const { name } of NODES) await cordon(api, name, true);
    const rows: string[][] = [];
    try {
      for (const { metadata } of await monitoringPods(api)) {
        const before = (await monitoringPods(api)).filter(isReady).map((pod) => pod.metadata.name);
        const evicted = await evict(api, metadata.name);
        rows.push([metadata.name, evicted ? "evicted" : "refused", before.join(" ")]);
        await until(
          async () => !evicted || (await monitoringPods(api)).filter(isReady).length < before.length,
        );
      }
    } finally {
      for (const { name } of NODES) await cordon(api, name, false);
    }
    console.log(table(["pod", "eviction", "ready before"], rows));
    const outcomes = (prefix: string) =>
      rows.filter(([pod]) => pod?.startsWith(prefix)).map(([, outcome]) => outcome);
    // One of each may be away at a time.
    expect(outcomes("prometheus").sort()).toEqual(["evicted", "refused"]);
    expect(outcomes("alertmanager").sort()).toEqual(["evicted", "refused", "refused"]);
    await untilWell();
  });
});
