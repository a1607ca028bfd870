import { join } from "node:path";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { blocksOf, PAGING } from "../../infra/runbook-blocks.ts";
import { cordon, isReady, type RunningPod } from "../../support/control-plane/evictions.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import { NODES, POWER } from "../../support/control-plane/nodes.ts";
import { MONITORING, type Platform, startPlatform } from "../../support/control-plane/platform.ts";
import { findProgram, withInstalled } from "../../support/installed.ts";
import { run } from "../../support/process.ts";
import { until } from "../../support/servers.ts";

// The commands on the pages of alerts that page, against a real API server on which what the pages speak of has happened: no node takes
// pods, pods of Prometheus, Alertmanager, CoreDNS and a service are gone, and a node has lost its power. A command
// that fails or prints nothing is of no use to who is paged. test/infra/runbook-queries.test.ts asks the queries.

const missing = ["kubectl", "jq"].filter((program) => findProgram(program) === undefined);

const [DARK = NODES[0]] = NODES;
const CLAIM = "prometheus-prometheus-db-prometheus-prometheus-0";

/** The labels of an alert about what happened here. */
function labelsOf(alert: string): Readonly<Record<string, string>> {
  const node = DARK?.name ?? "";
  if (alert.startsWith("KubePersistentVolume"))
    return {
      namespace: MONITORING,
      persistentvolumeclaim: CLAIM,
      pod: "prometheus-prometheus-1",
      mountpoint: "/prometheus",
    };
  return { namespace: "shop", service: "storefront", slo: "availability", node };
}

/** Commands that end at what is not here, with the reason. */
const NOT_HERE: readonly (readonly [command: RegExp, reason: string])[] = [
  [/^aws /, "needs an account: test/docs/aws-commands.test.ts compares it with what the program documents"],
  [/ port-forward | http:\/\/localhost:/, "needs a program in a pod"],
  [/^kubectl run /, "needs a program in a pod"],
  [/stats\/summary/, "is answered by the kubelet"],
];

/** What the API server passes to a kubelet: it has found pod and container before. */
const OF_KUBELET = / (exec|logs) /;
const ASKED_KUBELET =
  /error dialing backend|:10250\/|previous terminated container "[\w-]+" in pod "[\w-]+" not found/;

let platform: Platform;

async function podsOf(namespace: string, prefix: string): Promise<readonly RunningPod[]> {
  const pods = await platform.plane.api.list<RunningPod>({ apiVersion: "v1", kind: "Pod", namespace });
  return pods.filter(({ metadata }) => metadata.name.startsWith(prefix));
}

const GONE = [
  [MONITORING, "prometheus-prometheus-0"],
  [MONITORING, "alertmanager-main-0"],
  ["kube-system", "coredns-"],
  ["shop", "storefront-"],
] as const;

async function breakEverything(): Promise<void> {
  const { api } = platform.plane;
  for (const { name } of NODES) await cordon(api, name, true);
  for (const [namespace, prefix] of GONE)
    for (const { metadata } of await podsOf(namespace, prefix))
      await api.remove({ apiVersion: "v1", kind: "Pod", name: metadata.name, namespace });
  const node = DARK?.name ?? "";
  await api.merge(
    { apiVersion: "v1", kind: "Node", name: node },
    { metadata: { labels: { [POWER]: null } } },
  );
  // A pod that the kubelet of the dark node never starts, and what one says that has no address for it.
  const metadata = { name: "waiting", namespace: "shop" };
  await api.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec: { nodeName: node, containers: [{ name: "main", image: "example.com/stand-in:1" }] },
  });
  await api.apply({
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "waiting.1", namespace: "shop" },
    involvedObject: { apiVersion: "v1", kind: "Pod", ...metadata },
    reason: "FailedCreatePodSandBox",
    message: "failed to assign an IP address to container",
    type: "Warning",
    count: 1,
    firstTimestamp: new Date().toISOString().replace(/\.\d+/, ""),
    lastTimestamp: new Date().toISOString().replace(/\.\d+/, ""),
    source: { component: "kubelet", host: node },
  });
  await until(async () => {
    const found = await Promise.all(GONE.map(([namespace, prefix]) => podsOf(namespace, prefix)));
    return found.every((pods) => pods.length > 0 && pods.every((pod) => !isReady(pod)));
  }, 90);
}

interface Command {
  readonly alert: string;
  readonly line: string;
  /** Lines above it on the page that set variables. */
  readonly variables: readonly string[];
}

const setsVariables = (line: string) => /^([A-Z_]+=\S+ ?)+$/.test(line);

/** The commands of a page, in its order. */
function commandsOf(alert: string): readonly Command[] {
  const lines = blocksOf(alert, "sh", labelsOf(alert)).blocks.flatMap((block) => block.split("\n"));
  return lines.flatMap((line, index) =>
    setsVariables(line) ? [] : [{ alert, line, variables: lines.slice(0, index).filter(setsVariables) }],
  );
}

/** What is wrong with a command; undefined: nothing. */
async function faultOf({ alert, line, variables }: Command): Promise<string | undefined> {
  // A dimension of CloudWatch, of which no label has the value.
  const known = line.replace("INSTANCE", `i-${DARK?.name.replaceAll("-", "")}`);
  const isKubelets = OF_KUBELET.test(line);
  // What searches the log has nothing to read.
  const command = / logs /.test(line) ? (known.split(" | ")[0] ?? "") : known;
  const script = ["set -euo pipefail", ...variables, command].join("\n");
  const { code, stdout, stderr } = await run("bash", ["--norc", "-c", script], {
    env: { ...process.env, KUBECONFIG: platform.plane.kubeconfig, NO_COLOR: "1" },
    timeout: 60_000,
  });
  const isRight = isKubelets ? ASKED_KUBELET.test(stderr) : code === 0 && stdout.trim() !== "";
  return isRight ? undefined : `${alert}: ${line}\n  ended with ${code}: ${stdout}${stderr}`.trim();
}

withInstalled(
  { title: "the runbooks of alerts that page", what: "kubectl", missing },
  (test, isInstalled) => {
    beforeAll(async () => {
      if (!isInstalled) return;
      platform = await startPlatform(join(inject("previews"), "prod"), (_, key) => `stand-in for ${key}`);
      await breakEverything();
    });
    keepLogsOfFailures(() => platform?.plane);
    afterAll(() => platform?.stop());

    test("have commands of which each succeeds and prints something, as far as a kubelet or AWS answers it", async () => {
      const all = PAGING.flatMap(commandsOf);
      const here = all.filter(({ line }) => !NOT_HERE.some(([command]) => command.test(line)));
      const asked = here.filter(({ line }) => OF_KUBELET.test(line));
      const faults: string[] = [];
      for (const command of here) faults.push(...[(await faultOf(command)) ?? []].flat());
      expect(faults).toEqual([]);
      console.log(
        `${PAGING.length} runbooks: ${here.length - asked.length} commands ran, ${asked.length} were passed to a kubelet, ${all.length - here.length} need what is not here`,
      );
      expect(here.length - asked.length).toBeGreaterThan(25);
      for (const [command, reason] of NOT_HERE)
        expect(
          all.some(({ line }) => command.test(line)),
          reason,
        ).toBe(true);
    });
  },
);
