import { join } from "node:path";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { blocksOf, PAGING } from "../../infra/runbook-blocks.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import { NODES } from "../../support/control-plane/nodes.ts";
import { MONITORING, type Platform, startPlatform } from "../../support/control-plane/platform.ts";
import { ALERTMANAGER_FAULTS } from "../../support/control-plane/runbook-faults/alertmanager.ts";
import { CONTROL_PLANE_FAULTS } from "../../support/control-plane/runbook-faults/control-plane.ts";
import type { PageFault, PageStage } from "../../support/control-plane/runbook-faults/page-fault.ts";
import { PROMETHEUS_FAULTS } from "../../support/control-plane/runbook-faults/prometheus.ts";
import { WORKLOAD_FAULTS } from "../../support/control-plane/runbook-faults/workloads.ts";
import { type MonitoringServers, startMonitoring } from "../../support/control-plane/servers.ts";
import { type Sink, startSink } from "../../support/control-plane/sink.ts";
import { findProgram, withInstalled } from "../../support/installed.ts";
import { run } from "../../support/process.ts";
import { freePort } from "../../support/servers.ts";

// The commands on the pages of alerts that page. Each page has its own fault, on a real control plane with the real programs of the
// monitoring: a command that does not show the fault is of no use to who is paged. test/infra/runbook-queries.test.ts asks the queries.

const missing = ["kubectl", "jq", "curl"].filter((program) => findProgram(program) === undefined);

const FAULTS: readonly PageFault[] = [
  ...WORKLOAD_FAULTS,
  ...CONTROL_PLANE_FAULTS,
  ...PROMETHEUS_FAULTS,
  ...ALERTMANAGER_FAULTS,
];

/** Commands that end at what is not here, with the reason. */
const NOT_HERE: readonly (readonly [command: RegExp, reason: string])[] = [
  [/^aws /, "needs an account: test/docs/aws-commands.test.ts compares it with what the program documents"],
  [/^kubectl run /, "needs an image that runs"],
];

/** Alerts of a store that prod does not have. Their queries are asked like all others; nothing runs the commands. */
const OF_THANOS = /^(?:Thanos|PrometheusShardDown$)/;
const PAGES = PAGING.filter((alert) => !OF_THANOS.test(alert));

const FASTER = 6;
const FORWARDED = [
  ...["prometheus-prometheus-0", "prometheus-prometheus-1"].map((pod) => ({ pod, port: 9090 })),
  ...["alertmanager-main-0", "alertmanager-main-1", "alertmanager-main-2"].map((pod) => ({
    pod,
    port: 9093,
  })),
].map((each) => ({ ...each, namespace: MONITORING }));

let sink: Sink;
let platform: Platform;
let monitoring: MonitoringServers;
let stage: PageStage;

/** The logs of the programs that run for real, and the ports that lead to them. */
async function connectStreams(): Promise<void> {
  const { streams, logs, api } = platform.plane;
  if (streams === undefined) throw new Error("no kubelet answers");
  for (const { pod, url } of [...monitoring.prometheus, ...monitoring.alertmanagers]) {
    const container = pod.startsWith("prometheus") ? "prometheus" : "alertmanager";
    streams.logs.set(`${MONITORING}/${pod}/${container}`, { current: join(logs, `pages-${pod}.log`) });
    streams.forward({ pod, port: container === "prometheus" ? 9090 : 9093 }, Number(new URL(url).port));
  }
  const pods = await api.list({ apiVersion: "v1", kind: "Pod", namespace: MONITORING });
  for (const program of ["prometheus-operator", "kube-state-metrics"])
    for (const { metadata } of pods.filter(({ metadata: { name } }) => name.startsWith(`${program}-`)))
      streams.logs.set(`${MONITORING}/${metadata.name}/${program}`, {
        current: join(logs, `${program}.log`),
      });
  stage = { platform, monitoring, streams, sink };
}

interface Command {
  readonly line: string;
  /** Lines above it on the page that set variables, or forward the port that it asks. */
  readonly before: readonly string[];
}

const setsVariables = (line: string) => /^([A-Z_]+=\S+ ?)+$/.test(line);
const forwards = (line: string) => line.endsWith(" &");

/** The commands of a page, in its order, without those that end at what is not here. */
function commandsOf(alert: string, labels: Readonly<Record<string, string>>) {
  const lines = blocksOf(alert, "sh", labels).blocks.flatMap((block) => block.split("\n"));
  const all = lines.flatMap((line, index): Command[] => {
    if (setsVariables(line) || forwards(line)) return [];
    const before = lines
      .slice(0, index)
      .filter((each) => setsVariables(each) || (forwards(each) && line.includes("localhost")));
    return [{ line, before }];
  });
  const here = all.filter(({ line }) => !NOT_HERE.some(([command]) => command.test(line)));
  return { here, elsewhere: all.length - here.length };
}

/** Waits for the forwarded port, on one that is free here. */
async function onFreePort(lines: readonly string[]): Promise<readonly string[]> {
  const port = await freePort();
  const waits = `for _ in $(seq 100); do (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null && break; sleep 0.1; done`;
  return lines.flatMap((line) => {
    if (forwards(line))
      return [line.replace(/ (\d+) &$/, ` ${port}:$1 >/dev/null &`), "trap 'kill %1' EXIT", waits];
    return [line.replace(/localhost:\d+/, `localhost:${port}`)];
  });
}

/** What is on the terminal when the command has ended. */
async function shownBy({ line, before }: Command): Promise<string> {
  // A dimension of CloudWatch, of which no label has the value.
  const known = line.replace("INSTANCE", `i-${NODES[0]?.name.replaceAll("-", "")}`);
  const script = await onFreePort([...before, known]);
  const { stdout, stderr } = await run("bash", ["--norc", "-c", ["set -m", ...script].join("\n")], {
    env: { ...process.env, KUBECONFIG: platform.plane.kubeconfig, NO_COLOR: "1" },
    timeout: 60_000,
  });
  return `${stdout}${stderr}`;
}

/** The commands that showed the fault of their page. */
const proven = new Set<string>();

withInstalled(
  { title: "the runbooks of alerts that page", what: "kubectl", missing },
  (test, isInstalled) => {
    beforeAll(async () => {
      if (!isInstalled) return;
      sink = await startSink();
      platform = await startPlatform(join(inject("previews"), "prod"), (_, key) => `stand-in for ${key}`, {
        streamed: FORWARDED,
      });
      monitoring = await startMonitoring(platform, { name: "pages", sink, factor: FASTER, history: 0 });
      await connectStreams();
    });
    keepLogsOfFailures(() => platform?.plane);
    afterAll(async () => {
      await monitoring?.stop();
      await platform?.stop();
      await sink?.stop();
    });

    for (const { alert, fault, labels = {}, inject: begin, clear, shows } of FAULTS)
      test(`show on the page of ${alert} that ${fault}`, async () => {
        const { here } = commandsOf(alert, labels);
        expect(here.length).toBeGreaterThanOrEqual(shows.length);
        await begin(stage);
        try {
          for (const [index, { line, before }] of here.entries()) {
            const shown = shows[index];
            if (shown === undefined) continue;
            expect.soft(await shownBy({ line, before }), line).toMatch(shown);
            proven.add(`${alert}: ${index}`);
          }
        } finally {
          await clear(stage);
          await connectStreams();
        }
      });

    test("have no command that was not run while its fault was there, but for those that are named", async () => {
      const unproven: string[] = [];
      let elsewhere = 0;
      for (const alert of PAGES) {
        const labels = FAULTS.find((each) => each.alert === alert)?.labels ?? {};
        const commands = commandsOf(alert, labels);
        elsewhere += commands.elsewhere;
        for (const [index, { line }] of commands.here.entries())
          if (!proven.has(`${alert}: ${index}`)) unproven.push(`${alert}: ${line}`);
      }
      console.log(
        `${PAGES.length} runbooks, ${FAULTS.length} faults: ${proven.size} commands showed theirs, ${elsewhere} need an account or an image; ${PAGING.length - PAGES.length} pages are of Thanos, which prod does not have`,
      );
      expect(unproven).toEqual([]);
      expect(FAULTS.map(({ alert }) => alert).filter((alert) => !PAGES.includes(alert))).toEqual([]);
    });
  },
);
