import { setTimeout as sleep } from "node:timers/promises";
import type { MonitoringServer } from "../support/control-plane/monitoring-server.ts";
import { type Platform, startPlatform } from "../support/control-plane/platform.ts";
import { untilReady } from "../support/control-plane/ready.ts";
import { type MonitoringServers, startMonitoring } from "../support/control-plane/servers.ts";
import { startSink } from "../support/control-plane/sink.ts";
import { HOUR, ROLLED_BACK, ROLLED_OUT, SCRAPE } from "./incident.ts";
import { Rollout } from "./rollout.ts";

// The hour, lived by the tests' control plane: a real API server with its controllers and scheduler, the operator, kube-state-metrics, the
// Prometheus pair and the Alertmanagers. It passes ten times faster, with every duration of the configuration divided by ten.

export const FACTOR = 10;
/** Minutes before the hour that are kept: the longest range of an alert on the platform is 15 minutes. */
export const BEFORE = 16;
/** Scrapes that are kept. */
export const SCRAPES = ((BEFORE + HOUR) * 60) / SCRAPE + 1;

/** A series as the first Prometheus stored it: a value for each scrape, from {@link BEFORE} minutes before the hour on. */
export interface StoredSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (number | null)[];
}

export interface ControlPlaneHour {
  /** As YYYY-MM-DD. */
  readonly day: string;
  readonly versions: { readonly kubernetes: string; readonly prometheus: string };
  readonly series: readonly StoredSeries[];
}

/** Plays the hour on an environment's preview, and reads the metrics of these names. */
export async function controlPlaneHour(
  preview: string,
  metrics: readonly string[],
  progress: (text: string) => void,
): Promise<ControlPlaneHour> {
  const sink = await startSink();
  let platform: Platform | undefined;
  let monitoring: MonitoringServers | undefined;
  try {
    progress("starting the control plane");
    platform = await startPlatform(preview, (_, key) => sink.secretValue(key));
    const rollout = new Rollout(platform.plane.api, FACTOR);
    await rollout.prepare();
    monitoring = await startMonitoring(platform, { name: "hour", sink, factor: FACTOR, history: 7 });
    await untilReady(monitoring, []);
    const start = await play(monitoring, rollout, progress);
    const [prometheus] = monitoring.prometheus;
    if (prometheus === undefined) throw new Error("there is no Prometheus");
    const series = [];
    for (const metric of metrics) series.push(...(await storedOf(prometheus, metric, start)));
    return {
      day: new Date(start).toISOString().slice(0, 10),
      versions: await versionsOf(platform, prometheus),
      series,
    };
  } finally {
    await monitoring?.stop();
    await platform?.stop();
    await sink.stop();
  }
}

/** Lets the hour pass. Returns when what is kept began, in milliseconds since 1970. */
async function play(
  { standIns, network }: MonitoringServers,
  rollout: Rollout,
  progress: (text: string) => void,
): Promise<number> {
  const start = Date.now();
  for (let scrape = 0; scrape < SCRAPES; scrape++) {
    const minute = (scrape * SCRAPE) / 60 - BEFORE;
    await sleep(Math.max(0, start + (scrape * SCRAPE * 1000) / FACTOR - Date.now()));
    if (minute === ROLLED_OUT) {
      standIns.inject("storefront turns a sixth of its requests away");
      await rollout.to(2);
    }
    if (minute === ROLLED_BACK) {
      standIns.clear("storefront turns a sixth of its requests away");
      await rollout.to(1);
    }
    await rollout.report(network.silent);
    if (minute % 5 === 0) progress(`minute ${minute} of ${HOUR}`);
  }
  return start;
}

/** Labels that tell thousands of the API server's series apart, and that nothing asks for. */
const DROPPED = "component, dry_run, group, resource, scope, version";

async function storedOf({ url }: MonitoringServer, metric: string, start: number): Promise<StoredSeries[]> {
  const step = SCRAPE / FACTOR;
  const query = metric.startsWith("apiserver_")
    ? `label_replace(sum without (${DROPPED}) (${metric}), "__name__", "${metric}", "", "")`
    : metric;
  const from = Math.floor(start / 1000);
  const response = await fetch(`${url}/api/v1/query_range`, {
    method: "POST",
    body: new URLSearchParams({
      query,
      start: String(from),
      end: String(from + step * (SCRAPES - 1)),
      step: String(step),
    }),
  });
  const { status, error, data } = (await response.json()) as {
    readonly status: string;
    readonly error?: string;
    readonly data: {
      readonly result: readonly {
        readonly metric: Readonly<Record<string, string>>;
        readonly values?: readonly (readonly [at: number, value: string])[];
      }[];
    };
  };
  if (status !== "success") throw new Error(`${metric}: ${error}`);
  return data.result.map(({ metric: labels, values = [] }) => {
    const points = new Map(values.map(([at, value]) => [Math.round((at - from) / step), Number(value)]));
    return { labels, values: Array.from({ length: SCRAPES }, (_, scrape) => points.get(scrape) ?? null) };
  });
}

async function versionsOf({ plane }: Platform, { url }: MonitoringServer) {
  const { body } = await plane.api.must<{ readonly gitVersion: string }>("GET", "/version");
  const { data } = (await (await fetch(`${url}/api/v1/status/buildinfo`)).json()) as {
    readonly data: { readonly version: string };
  };
  return { kubernetes: body.gitVersion, prometheus: data.version };
}
