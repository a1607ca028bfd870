import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Platform, startPlatform } from "../support/control-plane/platform.ts";
import { EKS_METRICS } from "../support/control-plane/workloads.ts";
import { until } from "../support/servers.ts";
import { parseSeries } from "./exposition.ts";

// Writes test/expositions/captured: what programs really expose that need a control plane, of the metrics that alerts and dashboards
// read. It starts the one of test/support/control-plane from a preview, and takes some minutes:
//
//   npm run preview -- prod && npm run capture

const HERE = new URL("./", import.meta.url);

/** Of one metric, so many label sets are kept, the ones that say something new first: an API server exposes thousands. */
const MOST_SETS = 12;

/** What answers for each file. */
const SOURCES: Readonly<Record<string, (platform: Platform) => Promise<string>>> = {
  "apiserver.prom": ({ plane }) => asked(plane, "/metrics"),
  "kube-scheduler.prom": ({ plane }) => asked(plane, `/apis/${EKS_METRICS}/v1/ksh/container/metrics`),
  "kube-state-metrics.prom": ({ kubeStateMetrics }) => exposed(kubeStateMetrics, 8080),
  "kube-state-metrics.telemetry.prom": ({ kubeStateMetrics }) => exposed(kubeStateMetrics, 8081),
  "prometheus-operator.prom": ({ operator }) => exposed(operator, 8080),
};

async function asked(plane: Platform["plane"], path: string): Promise<string> {
  return (await plane.api.must<string>("GET", path)).body;
}

async function exposed({ ports }: Platform["operator"], port: number): Promise<string> {
  return await (await fetch(`http://127.0.0.1:${ports[port]}/metrics`)).text();
}

/** The metrics that a file written by hand names, which are those that anything reads. */
function readBy(file: string): ReadonlySet<string> {
  const text = readFileSync(new URL(file, HERE), "utf8");
  return new Set(samplesOf(text).map((line) => parseSeries(line).metric));
}

function samplesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
}

/** The samples of these metrics with their types, cut to the label sets that differ most. */
function kept(text: string, metrics: ReadonlySet<string>): string {
  const wanted = samplesOf(text).filter((line) => metrics.has(nameOf(line)));
  const families = new Set([...metrics].map(familyOf));
  const types = text
    .split("\n")
    .filter((line) => line.startsWith("# TYPE ") && families.has(familyOf(line.split(" ")[2] ?? "")));
  const byFamily = grouped(wanted, (line) => familyOf(nameOf(line)));
  const samples = [...byFamily].flatMap(([, lines]) => {
    const sets = grouped(lines, withoutBucket);
    return mostTelling([...sets.keys()]).flatMap((set) => sets.get(set) ?? []);
  });
  return [...types, ...samples, ""].join("\n");
}

function grouped(lines: readonly string[], keyOf: (line: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const line of lines) groups.set(keyOf(line), [...(groups.get(keyOf(line)) ?? []), line]);
  return groups;
}

function nameOf(line: string): string {
  return /^[a-zA-Z_:][\w:]*/.exec(line)?.[0] ?? "";
}

function familyOf(metric: string): string {
  return metric.replace(/_(?:bucket|count|sum)$/, "");
}

/** The labels of a sample, without where its bucket ends: those of one histogram belong together. */
function withoutBucket(line: string): string {
  const labels = /\{(.*)\}/.exec(line)?.[1] ?? "";
  return labels.replace(/,?le="[^"]*"/, "");
}

/** Label sets in an order in which each says as much as it can that those before it have not said. */
function mostTelling(sets: readonly string[]): readonly string[] {
  const left = [...sets].sort();
  const said = new Set<string>();
  const chosen: string[] = [];
  while (left.length > 0 && chosen.length < MOST_SETS) {
    const news = left.map((set) => set.split(/,(?=\w+=")/).filter((pair) => !said.has(pair)).length);
    const best = news.indexOf(Math.max(...news));
    const [set = ""] = left.splice(best, 1);
    for (const pair of set.split(/,(?=\w+=")/)) said.add(pair);
    chosen.push(set);
  }
  return chosen;
}

// The programs keep no process alive.
const waiting = setInterval(() => {}, 60_000);
const platform = await startPlatform(join("out", "prod"), (_, key) => `stand-in for ${key}`);
try {
  // Some series are there only once a controller has written a status, or somebody has asked for what is not there.
  await until(async () => (await exposed(platform.kubeStateMetrics, 8080)).includes("kube_pod_info"), 60);
  await platform.plane.api.must("GET", "/api/v1/namespaces/nobody").catch(() => undefined);
  await sleep(10_000);
  for (const [file, ask] of Object.entries(SOURCES)) {
    const text = kept(await ask(platform), readBy(file));
    writeFileSync(new URL(`captured/${file}`, HERE), text);
    process.stdout.write(`${file}: ${samplesOf(text).length} samples\n`);
  }
} finally {
  await platform.stop();
  clearInterval(waiting);
}
process.stdout.write(`${readdirSync(new URL("captured/", HERE)).length} files\n`);
