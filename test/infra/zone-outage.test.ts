import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { fasterRouting } from "../../cli/lab/compressed-time.ts";
import { type AlertmanagerConfig, notifying, printed } from "../../cli/lab/receivers.ts";
import { duration, seconds } from "../../components/core/duration.ts";
import type { WrittenRule } from "../../components/core/rules.ts";
import { services } from "../../stacks/services/index.ts";
import { outage } from "../components/alertmanager/zone.ts";
import { serveAlertmanager } from "../support/alertmanager.ts";
import { run } from "../support/process.ts";
import { freePort, type Server, serve } from "../support/servers.ts";
import { tool } from "../support/tools.ts";
import { type Notification, Webhook } from "../support/webhook.ts";
import { files, rules } from "./previews.ts";

// A zone of production is lost. Production's own rules say which alerts that raises, on the Prometheus that is deployed; the Alertmanager
// that is deployed, with production's own routing, says how many notifications come of it.

/** An hour of the outage passes in 24 seconds: every duration of the routing is shorter by this factor, and nothing else is. */
const FASTER = 150;
/** Simulated: the longest `for` in the catalogue is an hour. */
const MINUTES = 65;
/** What the outage sends in its first hour, one page for each objective of a service that answers requests: see docs/how-to/route-alerts.md. */
const NOTIFICATIONS = { critical: 1 + 3, warning: 1 };

type Labels = Readonly<Record<string, string>>;

interface AlertInstance {
  readonly labels: Labels;
  /** Seconds from the start of the outage. */
  readonly after: number;
}

const EVALUATED = 1_800_000_000;

let folder: string;
let raised: readonly AlertInstance[];
let hook: Webhook | undefined;
let received: readonly Notification[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellwether-zone-"));
  raised = [...(await instances()), ...(await ofServices())];
  received = await notify(raised);
}, 300_000);

afterAll(async () => {
  hook?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The alerts that hold after an hour and more of the outage: production's rules, asked of a Prometheus that holds its samples. */
async function instances(): Promise<AlertInstance[]> {
  const data = join(folder, "data");
  const samples = join(folder, "samples.txt");
  const times = Array.from({ length: 40 }, (_, index) => EVALUATED - 60 * index);
  const lines = [...outage()].flatMap(([series, value]) =>
    // The format allows no space between labels.
    times.toReversed().map((time) => `${series.replaceAll('", ', '",')} ${value} ${time}`),
  );
  await writeFile(samples, `${lines.join("\n")}\n# EOF\n`);
  const imported = await run(await tool("promtool"), [
    "tsdb",
    "create-blocks-from",
    "openmetrics",
    samples,
    data,
  ]);
  expect(imported.code, imported.stderr).toBe(0);
  const config = join(folder, "prometheus.yaml");
  await writeFile(config, "{}");
  const port = await freePort();
  const prometheus = await serve(
    await tool("prometheus"),
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      "--storage.tsdb.retention.time=100y",
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { port, ready: "/-/ready" },
  );
  try {
    const alerting = Object.entries(rules("prod"))
      .filter(([file]) => file.startsWith("platform-"))
      .flatMap(([, all]) => all as readonly (WrittenRule & { readonly for?: "1m" })[]);
    const found = await Promise.all(alerting.map((rule) => holding(prometheus, rule)));
    return found.flat();
  } finally {
    await prometheus.stop();
  }
}

async function holding(
  prometheus: Server,
  rule: WrittenRule & { readonly for?: "1m" },
): Promise<AlertInstance[]> {
  const query = new URLSearchParams({ query: rule.expr, time: String(EVALUATED) });
  const response = await fetch(`${prometheus.url}/api/v1/query?${query}`);
  const { status, data } = (await response.json()) as {
    status: string;
    data: { result: readonly { readonly metric: Labels }[] };
  };
  expect(status, rule.alert).toBe("success");
  return data.result.map(({ metric }) => ({
    labels: withoutName({ ...metric, ...rule.labels, alertname: rule.alert ?? "", cluster: "prod" }),
    after: seconds(rule.for ?? ("0s" as "1m")),
  }));
}

function withoutName({ __name__: _, ...labels }: Record<string, string>): Labels {
  return labels;
}

/**
 * Services that answer requests feel it at once: each objective of each of them pages a minute later, and its ticket follows. Queues and
 * batch jobs go on in the other zones, and their objectives allow for it.
 */
async function ofServices(): Promise<AlertInstance[]> {
  const answering = services.filter(({ http, grpc }) => http ?? grpc).map(({ name }) => name);
  return Object.entries(rules("prod"))
    .filter(([file]) => !file.startsWith("platform-"))
    .flatMap(([, all]) => all)
    .filter(({ alert }) => /^SLOErrorBudgetBurn/.test(alert ?? ""))
    .filter(({ labels }) => answering.includes(labels?.["service"] ?? ""))
    .map(({ alert = "", labels = {} }) => ({
      labels: { ...labels, alertname: alert, cluster: "prod" },
      after: labels["severity"] === "critical" ? 60 : 300,
    }));
}

/** What stands in for the real thing in production's routing, and nothing else does. */
function rewritten(text: string, url: string): AlertmanagerConfig {
  const config = notifying(text, url, { resolved: false });
  return { ...config, route: fasterRouting(config.route, FASTER) };
}

/** Posts every alert when its `for` is over, and again while it lasts, as Prometheus does; returns what the receivers got. */
async function notify(alerts: readonly AlertInstance[]): Promise<readonly Notification[]> {
  hook = await Webhook.start();
  const text = files("prod", "alertmanager")["alertmanager.yaml"] ?? "";
  const alertmanager = await serveAlertmanager(folder, printed(rewritten(text, hook.url)));
  try {
    for (let minute = 0; minute <= MINUTES; minute += 1) {
      const due = alerts.filter(({ after }) => after <= 60 * minute);
      const body = JSON.stringify(due.map(({ labels }) => ({ labels })));
      if (due.length > 0)
        await fetch(`${alertmanager.url}/api/v2/alerts`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
        });
      await sleep((60 * 1000) / FASTER);
    }
  } finally {
    await alertmanager.stop();
  }
  return hook.received;
}

const ofPeople = () => received.filter(({ receiver }) => receiver !== "dead-mans-switch");

describe("the loss of a zone in production", () => {
  it("raises hundreds of alerts of many kinds", () => {
    expect(raised.length).toBeGreaterThan(300);
    const names = new Set(raised.map(({ labels }) => labels["alertname"]));
    for (const name of [
      "KubeNodesNotReady",
      "KubeNodeNotReady",
      "TargetDown",
      "KubePodNotReady",
      "KubeContainerWaiting",
      "KubeDeploymentReplicasMismatch",
      "KubeStatefulSetReplicasMismatch",
      "KubePdbNotEnoughHealthyPods",
      "KubePersistentVolumeErrors",
      "KubeHpaMaxedOut",
    ])
      expect([...names]).toContain(name);
  });

  it("sends five notifications at most in its first hour, and exactly those that are promised", () => {
    const sent = ofPeople().map(
      ({ receiver, groupLabels }) =>
        `${receiver}: ${groupLabels["alertname"]} ${groupLabels["service"] ?? ""}`,
    );
    const summary = `${raised.length} alerts, ${sent.length} notifications\n${sent.join("\n")}`;
    expect(sent.length, summary).toBeLessThanOrEqual(5);
    const loud = ofPeople().filter(({ alerts }) => alerts[0]?.labels["severity"] === "critical").length;
    expect({ critical: loud, warning: sent.length - loud }, summary).toEqual(NOTIFICATIONS);
  });

  it("keeps the heartbeat beating all the while", () => {
    expect(received.length - ofPeople().length).toBeGreaterThan(10);
  });

  it("is played with production's own routing, but for where notifications go and how long an hour is", () => {
    const text = files("prod", "alertmanager")["alertmanager.yaml"] ?? "";
    const [original, played] = [parse(text) as AlertmanagerConfig, rewritten(text, "http://x")];
    const changed = Object.keys(original).filter(
      (section) => stringify(original[section]) !== stringify(played[section]),
    );
    expect(changed.sort()).toEqual(["receivers", "route", "templates"]);
    expect(played.receivers.map(({ name }) => name)).toEqual(original.receivers.map(({ name }) => name));
    const timeless = (route: unknown) =>
      JSON.stringify(route, (key, value) => (/_(wait|interval)$/.test(key) ? undefined : value));
    expect(timeless(played.route)).toBe(timeless(original.route));
    expect(duration(60)).toBe("1m");
  });
});
