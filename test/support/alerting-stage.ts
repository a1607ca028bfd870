import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { fasterRouting, fasterRules, shorter } from "../../cli/lab/compressed-time.ts";
import { prometheusFlags } from "../../cli/lab/configuration.ts";
import { notifying, printed } from "../../cli/lab/receivers.ts";
import { type Duration, seconds } from "../../components/core/duration.ts";
import type { Slo } from "../../components/slo/model.ts";
import { ruleGroup } from "../../components/slo/rules.ts";
import { serveAlertmanager } from "./alertmanager.ts";
import { Exporter } from "./exporter.ts";
import { freePort, type Server, serve, until } from "./servers.ts";
import { tool } from "./tools.ts";
import { type Notification, Webhook } from "./webhook.ts";

// The whole way of a page on this machine: services that count their requests, the Prometheus that is deployed with the rules as they
// are rendered, the Alertmanager that is deployed with the configuration as it is rendered, and somebody who is notified.

export interface StageSettings {
  readonly slos: readonly Slo[];
  /** Alertmanager's configuration as the product renders it. */
  readonly alertmanager: string;
  /** How many times faster time passes than in production. */
  readonly faster: number;
  /** Prometheus servers that scrape, evaluate and notify side by side. */
  readonly replicas: number;
}

/** In production's time. */
const SCRAPE: Duration = "30s";
const LINKS = { runbookBaseUrl: "https://example.com/runbooks" };

export interface FiringAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly activeAt: string;
  /** Since when it is kept firing although its condition is over; undefined while that holds. */
  readonly keepFiringSince?: string;
}

export class AlertingStage {
  readonly exporter: Exporter;
  private readonly settings: StageSettings;
  private readonly folder: string;
  private readonly webhook: Webhook;
  private readonly replicas: { port: number; server: Server | undefined }[] = [];
  private alertmanager: Server | undefined;

  private constructor(settings: StageSettings, folder: string, webhook: Webhook, exporter: Exporter) {
    this.settings = settings;
    this.folder = folder;
    this.webhook = webhook;
    this.exporter = exporter;
  }

  static async set(settings: StageSettings): Promise<AlertingStage> {
    const folder = await mkdtemp(join(tmpdir(), "bellwether-stage-"));
    const stage = new AlertingStage(settings, folder, await Webhook.start(), await Exporter.start());
    for (const { service } of settings.slos) stage.exporter.serves(service, { good: 0, bad: 0 });
    try {
      await stage.startAlertmanager();
      for (let replica = 0; replica < settings.replicas; replica++) {
        stage.replicas.push({ port: await freePort(), server: undefined });
        await stage.startPrometheus(replica);
      }
      return stage;
    } catch (error) {
      await stage.clear();
      throw error;
    }
  }

  /** Stops everything and removes what it wrote. */
  async clear(): Promise<void> {
    await Promise.all([...this.replicas.map(({ server }) => server?.stop()), this.alertmanager?.stop()]);
    this.webhook.stop();
    this.exporter.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Everything that was sent, in order. */
  get sent(): readonly Notification[] {
    return this.webhook.received;
  }

  /** What was sent about a service, in order. */
  notifications(service: string, alert?: string): readonly Notification[] {
    return this.sent.filter(
      ({ groupLabels }) =>
        groupLabels["service"] === service && (alert === undefined || groupLabels["alertname"] === alert),
    );
  }

  /** What one Prometheus holds to be firing for a service right now. */
  async firing(service: string, alert: string, replica = 0): Promise<readonly FiringAlert[]> {
    const { data } = await json<{ data: { alerts: (FiringAlert & { state: string })[] } }>(
      `${this.replicas[replica]?.server?.url}/api/v1/alerts`,
    );
    return data.alerts.filter(
      ({ labels, state }) =>
        state === "firing" && labels["service"] === service && labels["alertname"] === alert,
    );
  }

  /** An alert of somebody else's rules, straight to the Alertmanager; it lasts as long as the test. */
  async raise(labels: Readonly<Record<string, string>>): Promise<void> {
    const endsAt = new Date(Date.now() + 600_000).toISOString();
    await fetch(`${this.alertmanager?.url}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([{ labels, endsAt }]),
    });
  }

  async stopPrometheus(replica: number): Promise<void> {
    const place = this.place(replica);
    await place.server?.stop();
    place.server = undefined;
  }

  /** Starts a replica, with the samples of the one that stopped there. */
  async startPrometheus(replica: number): Promise<void> {
    const place = this.place(replica);
    const folder = join(this.folder, `prometheus-${replica}`);
    await mkdir(folder, { recursive: true });
    const config = join(folder, "prometheus.yaml");
    await writeFile(join(folder, "rules.yaml"), stringify({ groups: this.groups() }));
    await writeFile(config, stringify(this.prometheusConfig()));
    place.server = await serve(
      await tool("prometheus"),
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${place.port}`,
        ...prometheusFlags(this.settings.faster),
        // How soon a new target is scraped.
        `--scrape.discovery-reload-interval=${this.shorter("5s")}`,
      ],
      { port: place.port, ready: "/-/ready" },
    );
  }

  /** A duration of production's, in milliseconds of this stage. */
  milliseconds(length: Duration): number {
    return (seconds(length) * 1000) / this.settings.faster;
  }

  /** Lets a time of production's pass. */
  async pass(length: Duration): Promise<void> {
    await sleep(this.milliseconds(length));
  }

  /** Waits until something holds, for a minute at most; the error says what was sent, and what the servers logged. */
  async eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    try {
      await until(async () => holds(), 60);
    } catch {
      throw new Error(`it never came about that ${what}\n${this.account()}`);
    }
  }

  /** What happened: for the message of an assertion that fails. */
  account(): string {
    const sent = this.webhook.received.map(
      ({ at, receiver, status, groupLabels }) =>
        `${new Date(at).toISOString()} ${receiver} ${status} ${JSON.stringify(groupLabels)}`,
    );
    const logs = [this.alertmanager, ...this.replicas.map(({ server }) => server)].map(
      (server) => server?.log() ?? "(not running)",
    );
    return ["sent:", ...sent, "logged:", ...logs].join("\n");
  }

  private async startAlertmanager(): Promise<void> {
    const rendered = notifying(this.settings.alertmanager, this.webhook.url, { resolved: true });
    this.alertmanager = await serveAlertmanager(
      this.folder,
      printed(fasterRouting(rendered, this.settings.faster)),
    );
  }

  private groups() {
    return this.settings.slos.map((slo) => fasterRules(ruleGroup(slo, SCRAPE, LINKS), this.settings.faster));
  }

  private prometheusConfig() {
    const interval = this.shorter(SCRAPE);
    return {
      global: {
        scrape_interval: interval,
        scrape_timeout: interval,
        evaluation_interval: interval,
        external_labels: { cluster: "prod" },
      },
      alerting: {
        alertmanagers: [{ static_configs: [{ targets: [this.alertmanager?.url.replace("http://", "")] }] }],
      },
      rule_files: ["rules.yaml"],
      // The labels that a service's monitor sets.
      scrape_configs: this.settings.slos.map(({ service, team }) => ({
        job_name: service,
        metrics_path: `/${service}`,
        static_configs: [
          { targets: [this.exporter.address], labels: { namespace: "shop", service, team, pod: "a" } },
        ],
      })),
    };
  }

  private place(replica: number) {
    const place = this.replicas[replica];
    if (place === undefined) throw new RangeError(`there is no replica ${replica}`);
    return place;
  }

  private shorter(length: string): Duration {
    return shorter(length, this.settings.faster);
  }
}

async function json<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}
