import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { run } from "../process.ts";
import { tool } from "../tools.ts";
import type { KubernetesObject } from "./api.ts";
import { refusals } from "./audit.ts";
import type { Step } from "./deployment.ts";
import { missingPermissions } from "./permissions.ts";
import { conditionsOf, type Generated, OPERATED, type Platform, readGenerated } from "./platform.ts";
import { rulesOf, targetsOf, valuesOf } from "./query.ts";
import type { MonitoringServers } from "./servers.ts";

// Everything that must hold of an environment that is up, as sentences about what does not.

interface Rule {
  readonly alert?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What is wrong; nothing if all is well. Requests that were refused count from a moment on, in milliseconds since 1970. */
export async function inspect(
  platform: Platform,
  monitoring: MonitoringServers,
  since = 0,
): Promise<readonly string[]> {
  const { api, auditLog } = platform.plane;
  const generated = await readGenerated(api);
  const found = await Promise.all([
    unreconciled(platform),
    unready(platform),
    unselected(platform, generated),
    unscraped(platform, monitoring),
    unevaluated(generated, monitoring),
    misconfigured(platform, generated),
    misrouted(generated),
    missingPermissions(platform, generated),
    refusals(auditLog, since),
  ]);
  return found.flat();
}

async function unreconciled({ plane }: Platform): Promise<readonly string[]> {
  const found = OPERATED.map(async (reference) => {
    const conditions = await conditionsOf(plane.api, reference);
    return ["Reconciled", "Available"]
      .filter((type) => conditions[type] !== "True")
      .map((type) => `${reference.kind} is not ${type}: ${conditions[type] ?? "the operator says nothing"}`);
  });
  return (await Promise.all(found)).flat();
}

interface Workload extends KubernetesObject {
  readonly spec: { readonly replicas?: number };
  readonly status?: {
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly numberReady?: number;
    readonly desiredNumberScheduled?: number;
    readonly expectedPods?: number;
    readonly currentHealthy?: number;
  };
}

/** Pods that do not run, and budgets that guard nothing. */
async function unready({ plane }: Platform): Promise<readonly string[]> {
  const found: string[] = [];
  for (const namespace of ["monitoring", "monitoring-node"]) {
    for (const kind of ["Deployment", "StatefulSet", "DaemonSet"]) {
      const workloads = await plane.api.list<Workload>({ apiVersion: "apps/v1", kind, namespace });
      found.push(...workloads.flatMap((workload) => missingPods(kind, workload)));
    }
    const budgets = await plane.api.list<Workload>({
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      namespace,
    });
    found.push(
      ...budgets
        .filter(({ status }) => (status?.expectedPods ?? 0) === 0)
        .map(({ metadata }) => `PodDisruptionBudget ${metadata.name} guards no pod`),
    );
  }
  return found;
}

/** A workload with fewer ready pods than it wants, or that wants none. */
function missingPods(kind: string, { metadata, spec, status = {} }: Workload): readonly string[] {
  const { desiredNumberScheduled = 0, numberReady = 0, readyReplicas = 0, updatedReplicas = 0 } = status;
  const [ready, wanted] =
    kind === "DaemonSet"
      ? [numberReady, desiredNumberScheduled]
      : // Of the newest kind: older pods may go on while none of the new ones is let in.
        [Math.min(readyReplicas, updatedReplicas), spec.replicas ?? 1];
  if (ready >= wanted && wanted > 0) return [];
  return [`${kind} ${metadata.name} has ${ready} of ${wanted} pods`];
}

function objectsOf(steps: readonly Step[], kind: string): readonly KubernetesObject[] {
  return steps.flatMap(({ objects }) => objects).filter((object) => object.kind === kind);
}

/** Monitors and rules that the operator left out of what it generated. */
async function unselected({ steps }: Platform, generated: Generated): Promise<readonly string[]> {
  const { scrape_configs } = parse(generated.prometheus) as {
    readonly scrape_configs: readonly { readonly job_name: string }[];
  };
  const jobs = new Set(scrape_configs.map(({ job_name }) => job_name));
  const missingJobs = jobsOf(steps).filter((job) => !jobs.has(job));
  const files = Object.keys(generated.rules);
  const missingRules = objectsOf(steps, "PrometheusRule").filter(
    ({ metadata }) => !files.some((file) => file.startsWith(`${metadata.namespace}-${metadata.name}-`)),
  );
  return [
    ...missingJobs.map((job) => `nothing scrapes ${job}`),
    ...missingRules.map(({ metadata }) => `no rule file holds ${metadata.name}`),
  ];
}

/** The jobs that the operator makes of the rendered monitors: one for each endpoint, and one for each probe. */
export function jobsOf(steps: readonly Step[]): readonly string[] {
  const probes = objectsOf(steps, "Probe").map(
    ({ metadata }) => `probe/${metadata.namespace}/${metadata.name}`,
  );
  const monitors = ["ServiceMonitor", "PodMonitor"].flatMap((kind) =>
    objectsOf(steps, kind).flatMap(({ metadata, spec }) => {
      const { endpoints, podMetricsEndpoints } = spec as {
        readonly endpoints?: readonly unknown[];
        readonly podMetricsEndpoints?: readonly unknown[];
      };
      const prefix = kind === "ServiceMonitor" ? "serviceMonitor" : "podMonitor";
      return (endpoints ?? podMetricsEndpoints ?? []).map(
        (_, index) => `${prefix}/${metadata.namespace}/${metadata.name}/${index}`,
      );
    }),
  );
  return [...monitors, ...probes];
}

/** Jobs without a target, targets that do not answer, Alertmanagers that are not found. */
async function unscraped(
  { steps }: Platform,
  { prometheus, alertmanagers }: MonitoringServers,
): Promise<readonly string[]> {
  const found = prometheus.map(async (server) => {
    const targets = await targetsOf(server);
    const pools = new Set(targets.map(({ scrapePool }) => scrapePool));
    const known = await valuesOf(server, "prometheus_notifications_alertmanagers_discovered");
    const least = Math.min(alertmanagers.length, ...known.map(({ value }) => value));
    return [
      ...jobsOf(steps)
        .filter((job) => !pools.has(job))
        .map((job) => `${job} has no target`),
      ...targets
        .filter(({ health }) => health !== "up")
        .map(({ scrapePool, health, lastError }) => `a target of ${scrapePool} is ${health}: ${lastError}`),
      ...(least < alertmanagers.length
        ? [`${server.pod} knows ${least} of ${alertmanagers.length} Alertmanagers`]
        : []),
    ];
  });
  return [...new Set((await Promise.all(found)).flat())];
}

/** Rules that a server did not load or cannot evaluate. */
async function unevaluated(
  generated: Generated,
  { prometheus }: MonitoringServers,
): Promise<readonly string[]> {
  const expected = rulesIn(generated).length;
  const found = prometheus.map(async (server) => {
    const rules = (await rulesOf(server)).flatMap((group) => group.rules);
    return [
      ...(rules.length === expected ? [] : [`${server.pod} has ${rules.length} of ${expected} rules`]),
      ...rules
        .filter(({ health }) => health === "err")
        .map(({ name, lastError }) => `${server.pod} cannot evaluate ${name}: ${lastError}`),
    ];
  });
  return (await Promise.all(found)).flat();
}

function rulesIn(generated: Generated): readonly Rule[] {
  return Object.values(generated.rules).flatMap((text) =>
    (parse(text) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] }).groups.flatMap(
      ({ rules }) => rules,
    ),
  );
}

/** What promtool and amtool say, and what differs from what was rendered. */
async function misconfigured({ steps }: Platform, generated: Generated): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "bellwether-inspection-"));
  try {
    const prometheus = join(folder, "prometheus.yaml");
    const alertmanager = join(folder, "alertmanager.yaml");
    await writeFile(prometheus, generated.prometheus);
    await writeFile(alertmanager, generated.alertmanager);
    // Syntax alone: the files that it names are a pod's.
    const promtool = await run(await tool("promtool"), ["check", "config", "--syntax-only", prometheus]);
    const amtool = await run(await tool("amtool"), ["check-config", alertmanager]);
    const [ours] = objectsOf(steps, "Secret").filter(
      ({ metadata }) => metadata.name === "alertmanager-config",
    );
    const rendered = (ours?.["stringData"] as Readonly<Record<string, string>> | undefined)?.[
      "alertmanager.yaml"
    ];
    const { global, alerting, remote_write } = parse(generated.prometheus) as {
      readonly global: { readonly external_labels: Readonly<Record<string, string>> };
      readonly alerting: { readonly alertmanagers: readonly unknown[] };
      readonly remote_write?: readonly { readonly url: string }[];
    };
    const [resource] = objectsOf(steps, "Prometheus");
    const { externalLabels = {}, remoteWrite = [] } = (resource?.["spec"] ?? {}) as {
      readonly externalLabels?: Readonly<Record<string, string>>;
      readonly remoteWrite?: readonly { readonly url: string }[];
    };
    return [
      ...(promtool.code === 0 ? [] : [`promtool: ${promtool.stderr}`]),
      ...(amtool.code === 0 ? [] : [`amtool: ${amtool.stderr}`]),
      ...(sameDocument(generated.alertmanager, rendered ?? "")
        ? []
        : ["Alertmanager's configuration is not the one that was rendered"]),
      ...Object.entries(externalLabels)
        .filter(([name, value]) => global.external_labels[name] !== value)
        .map(([name]) => `no external label ${name}`),
      ...remoteWrite
        .filter(({ url }) => !remote_write?.some((sent) => sent.url === url))
        .map(({ url }) => `samples are not sent on to ${url}`),
      ...(alerting.alertmanagers.length === 1 ? [] : ["alerts are sent to no Alertmanager"]),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sameDocument(a: string, b: string): boolean {
  return JSON.stringify(parse(a)) === JSON.stringify(parse(b));
}

/** Alerts for people that fall through to the receiver of the root, which is a net and no answer. */
async function misrouted(generated: Generated): Promise<readonly string[]> {
  const loud = rulesIn(generated).filter(
    ({ alert, labels }) => alert !== undefined && /^(critical|warning)$/.test(labels?.["severity"] ?? ""),
  );
  const owners = [
    ...new Set(loud.map(({ labels }) => `team=${labels?.["team"]} severity=${labels?.["severity"]}`)),
  ];
  const folder = await mkdtemp(join(tmpdir(), "bellwether-inspection-"));
  try {
    const file = join(folder, "alertmanager.yaml");
    await writeFile(file, generated.alertmanager);
    const { route } = parse(generated.alertmanager) as {
      readonly route: { readonly routes?: readonly object[] };
    };
    const amtool = await tool("amtool");
    const found = owners.map(async (owner) => {
      const args = ["config", "routes", "test", `--config.file=${file}`, "--tree", ...owner.split(" ")];
      const { stdout } = await run(amtool, args);
      // The tree of what matches: one line for the root, more below it where a route of its own takes the alert.
      const below = stdout.split("\n").filter((line) => /^\s*[└├]/u.test(line) && line.includes("{"));
      return below.some((line) => line.includes("severity")) || route.routes === undefined
        ? []
        : [`no route of its own for alerts with ${owner}`];
    });
    return (await Promise.all(found)).flat();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
