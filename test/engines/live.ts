import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { fasterRules, shorter } from "../../cli/lab/compressed-time.ts";
import { prometheusConfig, prometheusFlags } from "../../cli/lab/configuration.ts";
import type { Fault } from "../../cli/lab/faults.ts";
import { startServer } from "../../cli/lab/server.ts";
import { Traffic } from "../../cli/lab/traffic.ts";
import type { RuleGroup } from "../../components/core/rules.ts";
import { renderAmpWrite } from "../../components/prometheus/remote-write.ts";
import { examplesOf } from "../../components/service/model.ts";
import { AMP_LIMITS } from "../../components/stored-rules/limits.ts";
import { renderStoredFiles, type StoredGroup } from "../../components/stored-rules/render.ts";
import { serviceArgs } from "../../infra/args.ts";
import { originOf, storedRuleGroups } from "../../infra/stored-rules.ts";
import type { Environment } from "../../stacks/environment.ts";
import { services } from "../../stacks/services/index.ts";
import { freePort, serve } from "../support/servers.ts";
import { tool } from "../support/tools.ts";
import { type Series, seriesIn } from "./cortex.ts";

/** An environment whose store evaluates the rules; nothing else of it is changed. */
function evaluatedByStore(environment: Environment): Environment {
  return { ...environment, prometheus: { ...environment.prometheus, rules: "store" } };
}

/** The rules of the services whose traffic can be simulated, for Prometheus and for the store, in a time that passes faster. */
export function rulesOf(
  environment: Environment,
  isSimulated: (service: string, slo: string) => boolean,
  faster: number,
) {
  const groups = storedRuleGroups(evaluatedByStore(environment), services);
  const simulated = Object.values(groups)
    .flat()
    .filter((group) => group.rules.some(({ labels }) => labels?.["slo"] !== undefined))
    .filter((group) =>
      group.rules.every(
        ({ labels }) =>
          labels?.["slo"] === undefined || isSimulated(labels["service"] ?? "", labels["slo"] ?? ""),
      ),
    );
  const { services: file } = renderStoredFiles(
    { services: simulated },
    {
      origin: originOf(environment),
      scrapeInterval: environment.prometheus.scrapeInterval,
      rulesInGroup: AMP_LIMITS.rulesInGroup,
    },
  );
  return {
    local: simulated.map((group) => fasterRules(group as RuleGroup, faster)),
    stored: (file?.groups ?? []).map(
      (group) => fasterRules(group as unknown as RuleGroup, faster) as unknown as StoredGroup,
    ),
  };
}

/** Simulated services that have traffic for some time only. Before and after it their counters stand still. */
export class Shops {
  readonly #traffic: readonly Traffic[];
  readonly #from: number;
  readonly #faster: number;
  readonly #environment: string;
  #until = Number.POSITIVE_INFINITY;

  /** `from` is when the traffic begins, in milliseconds since 1970. */
  constructor(environment: Environment, names: readonly string[], faster: number, from: number) {
    this.#from = from;
    this.#faster = faster;
    this.#environment = environment.name;
    this.#traffic = services
      .filter(({ name }) => names.includes(name))
      .map((service) => new Traffic(service, environment.name, faster, from, 0));
  }

  isSimulated(service: string, slo: string): boolean {
    return this.#traffic.some((each) => each.service.name === service && each.objectives.includes(slo));
  }

  /** Whether an objective counts events. One that looks at a gauge counts its looks, also while there is no traffic. */
  counts(service: string, slo: string): boolean {
    const definition = this.#traffic.find((each) => each.service.name === service)?.service;
    return definition !== undefined && examplesOf(definition, slo, this.#environment)?.sampled === undefined;
  }

  /** Every service has this fault from now on, or none. */
  switch(fault: Fault | undefined): void {
    for (const each of this.#traffic) each.switch(fault, this.#clock());
  }

  /** There is no traffic from now on. The events that each objective counted: fifty for each second of production. */
  end(): number {
    this.#until = Date.now();
    return (50 * this.#faster * (this.#until - this.#from)) / 1000;
  }

  exposition(path: string): string | undefined {
    return this.#traffic.find(({ service }) => path === `/${service.name}`)?.exposition(this.#clock());
  }

  #clock(): number {
    return Math.min(Math.max(Date.now(), this.#from), this.#until);
  }
}

/** A Prometheus that scrapes the services and sends what it has to a store. */
export interface Sender {
  readonly query: (query: string) => Promise<readonly Series[]>;
  /** Evaluates these rules from now on, and no others. */
  readonly evaluate: (groups: readonly object[]) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface SenderSettings {
  readonly environment: Environment;
  readonly shops: Shops;
  readonly names: readonly string[];
  readonly faster: number;
  /** The base URL of the store, and the tenant in it. */
  readonly store: string;
  readonly tenant: string;
  /** Whether records and alerts stay where they are. */
  readonly samplesAlone: boolean;
}

/** Starts one, with the queue that is rendered for AMP. */
export async function startSender(settings: SenderSettings): Promise<Sender> {
  const { environment, shops, names, faster } = settings;
  const folder = mkdtempSync(join(tmpdir(), "bellwether-sender-"));
  const exporter = await startServer(0, (_, path) => {
    const body = shops.exposition(path);
    return body === undefined ? { status: 503 } : { status: 200, body };
  });
  const port = await freePort();
  const args = Object.values(serviceArgs(environment, services)).filter(({ service }) =>
    names.includes(service.name),
  );
  const addresses = { exporter: new URL(exporter.url).host, alertmanager: "127.0.0.1:9" };
  const config = parse(prometheusConfig(environment, args, addresses, faster)) as Readonly<
    Record<string, unknown>
  >;
  const rules = join(folder, "rules.yaml");
  writeFileSync(rules, stringify({ groups: [] }));
  const file = join(folder, "prometheus.yaml");
  writeFileSync(
    file,
    stringify({
      ...config,
      alerting: {},
      rule_files: [rules],
      scrape_configs: [...(config["scrape_configs"] as object[]), itself(port)],
      remote_write: [writeTo(settings)],
    }),
  );
  const server = await serve(
    await tool("prometheus"),
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.enable-lifecycle",
      ...prometheusFlags(faster),
    ],
    { port, ready: "/-/ready" },
  );
  return {
    query: async (query) => {
      const response = await fetch(`${server.url}/api/v1/query?${new URLSearchParams({ query })}`);
      return seriesIn(await response.text());
    },
    evaluate: async (groups) => {
      writeFileSync(rules, stringify({ groups }, { aliasDuplicateObjects: false }));
      const { status } = await fetch(`${server.url}/-/reload`, { method: "POST" });
      if (status !== 200) throw new Error(`Prometheus does not take the rules: ${server.log()}`);
    },
    stop: async () => {
      await server.stop();
      await exporter.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Its own metrics, of which some are native histograms. */
function itself(port: number): object {
  return {
    job_name: "prometheus",
    scrape_native_histograms: true,
    static_configs: [{ targets: [`127.0.0.1:${port}`] }],
  };
}

function writeTo({ store, tenant, samplesAlone, faster }: SenderSettings): object {
  const { queueConfig, sendNativeHistograms } = renderAmpWrite(
    { series: "all" },
    { url: `${store}/api/v1/push`, region: "eu-central-1" },
  );
  return {
    url: `${store}/api/v1/push`,
    headers: { "X-Scope-OrgID": tenant },
    send_native_histograms: sendNativeHistograms,
    queue_config: {
      max_samples_per_send: queueConfig?.maxSamplesPerSend,
      max_shards: queueConfig?.maxShards,
      capacity: queueConfig?.capacity,
      // Prometheus' default.
      batch_send_deadline: shorter("5s", faster),
    },
    ...(samplesAlone && {
      write_relabel_configs: [{ source_labels: ["__name__"], regex: ".+:.+|ALERTS.*", action: "drop" }],
    }),
  };
}
