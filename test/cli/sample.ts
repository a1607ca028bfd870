import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Platform } from "../../cli/platform.ts";
import { WITHOUT_WAIVERS } from "../../cli/policy/waivers.ts";
import type { Program } from "../../cli/recording/recorder.ts";
import { renderAlertmanagerConfig } from "../../components/alertmanager/render.ts";
import { promisesOf } from "../../components/slo/promises.ts";
import type { Environment } from "../../stacks/environment.ts";
import { requiredSecrets, resolveEnvironment } from "../../stacks/resolve.ts";
import { SLO } from "../components/slo/samples.ts";

export const TODAY = "2026-11-23";
const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

/** A stack file that exists, with lines changed: each pair is what stands there and what takes its place. */
export function stackText(stack: string, ...changes: readonly (readonly [string, string])[]): string {
  const text = readFileSync(join(REPOSITORY, `stacks/Pulumi.${stack}.yaml`), "utf8");
  return changes.reduce((changed, [from, to]) => {
    if (!changed.includes(from))
      throw new Error(`the stack file of ${stack} holds no ${JSON.stringify(from)}`);
    return changed.replace(from, to);
  }, text);
}

/** A folder of stack files and a place for previews, gone when it is disposed of. */
export interface Workspace {
  readonly stacksFolder: string;
  readonly outFolder: string;
  readonly dispose: () => void;
}

/** Stack files by stack, in a folder of their own. */
export function workspace(stacks: Readonly<Record<string, string>>): Workspace {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-cli-"));
  const stacksFolder = join(folder, "stacks");
  mkdirSync(stacksFolder);
  for (const [stack, text] of Object.entries(stacks))
    writeFileSync(join(stacksFolder, `Pulumi.${stack}.yaml`), text);
  return {
    stacksFolder,
    outFolder: join(folder, "out"),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What the sample program creates beside the routing, alerts and dashboards that every test needs. */
export interface SampleOptions {
  /** Labels of an alert more. */
  readonly alert?: Readonly<Record<string, string>>;
  /** A ConfigMap's data: where a careless component would put a secret. */
  readonly careless?: boolean;
  /** Whether one Deployment breaks the policies of the pack. */
  readonly careful?: boolean;
  /** What an alert says of itself. */
  readonly summary?: string;
}

/** A platform in small: a component of each kind that a preview treats in a way of its own. */
export function samplePlatform(options: SampleOptions = {}): Platform {
  return {
    project: "bellwether",
    resolve: (raw, stack) => resolveEnvironment(raw, { stack, today: TODAY, environments: [], services: [] }),
    requiredSecrets,
    program: async () => sampleProgram(options),
    tests: () => [
      {
        files: () => ({
          "platform-sample": {
            rule_files: ["../rules/platform-sample.yaml"],
            evaluation_interval: "30s",
            tests: [],
          },
        }),
      },
    ],
    promises: () => [promisesOf(SLO, "30s")],
    globalRules: () => undefined,
    notices: () => [],
    definitions: () => ({}),
    services: () => [],
    pack: {
      name: "bellwether",
      waivers: WITHOUT_WAIVERS,
      config: () => ({ all: options.careful === false ? "mandatory" : "disabled" }),
    },
  };
}

class Sample extends pulumi.ComponentResource {
  constructor(
    type: string,
    name: string,
    create: (opts: pulumi.CustomResourceOptions) => void,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(type, name, {}, opts);
    create({ parent: this });
    this.registerOutputs({});
  }
}

function sampleProgram(options: SampleOptions): Program {
  return async () => {
    const config = new pulumi.Config("bellwether");
    const environment = environmentOf(config.requireObject("environment"));
    const [secret = { name: "none" }] = requiredSecrets(environment);
    const password = config.requireSecret(secret.name);
    const cloud = new aws.Provider("aws", { region: "eu-central-1" });
    const cluster = new kubernetes.Provider("cluster", { context: "kind" });

    new Sample(
      "bellwether:network:Network",
      "network",
      (opts) => {
        const vpc = new aws.ec2.Vpc("network", { cidrBlock: "10.0.0.0/16" }, { ...opts, protect: true });
        for (const zone of ["a", "b"])
          new aws.ec2.Subnet(
            `network-${zone}`,
            { vpcId: vpc.id, availabilityZone: `eu-central-1${zone}` },
            opts,
          );
      },
      { provider: cloud },
    );
    const monitoring = new Sample(
      "bellwether:prometheus:Monitoring",
      "monitoring",
      (opts) => createMonitoring(options, opts),
      { provider: cluster },
    );
    new Sample(
      "bellwether:alertmanager:Alertmanager",
      "alertmanager",
      (opts) =>
        void new kubernetes.core.v1.Secret(
          "alertmanager-config",
          {
            metadata: { name: "alertmanager-config", namespace: "monitoring" },
            stringData: {
              "alertmanager.yaml": renderAlertmanagerConfig(environment.alertmanager, environment.name),
            },
          },
          opts,
        ),
      { provider: cluster, dependsOn: [monitoring] },
    );
    new Sample(
      "bellwether:grafana:Grafana",
      "grafana",
      (opts) => {
        new kubernetes.core.v1.Secret(
          "grafana-admin",
          { metadata: { name: "grafana-admin", namespace: "monitoring" }, stringData: { password } },
          opts,
        );
        new kubernetes.core.v1.ConfigMap(
          "grafana-dashboard",
          {
            metadata: {
              name: "dashboard-sample",
              namespace: "monitoring",
              labels: { grafana_dashboard: "1" },
            },
            data: {
              "sample.json": JSON.stringify({
                uid: "sample",
                title: "Sample & more",
                panels: [{ type: "stat" }],
              }),
            },
          },
          opts,
        );
        if (options.careless === true)
          new kubernetes.core.v1.ConfigMap(
            "grafana-careless",
            {
              metadata: { name: "careless", namespace: "monitoring" },
              // A component that unwraps a secret, as none must.
              data: { password: pulumi.unsecret(password) },
            },
            opts,
          );
      },
      { provider: cluster },
    );
    return { environment: environment.name, password, vpc: cloud.id };
  };
}

function environmentOf(raw: unknown): Environment {
  const resolved = resolveEnvironment(raw, {
    stack: pulumi.getStack(),
    today: TODAY,
    environments: [],
    services: [],
  });
  if (!resolved.ok) throw new Error("the sample's environment is wrong");
  return resolved.value;
}

function createMonitoring(options: SampleOptions, opts: pulumi.CustomResourceOptions): void {
  const metadata = (name: string) => ({ name, namespace: "monitoring" });
  new kubernetes.apiextensions.CustomResource(
    "monitoring",
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "Prometheus",
      metadata: metadata("main"),
      spec: { replicas: 1, externalLabels: { cluster: "kind-bellwether", environment: "local" } },
    },
    opts,
  );
  if (options.careful === false)
    new kubernetes.apps.v1.Deployment(
      "monitoring-careless",
      {
        metadata: metadata("careless"),
        spec: {
          replicas: 1,
          selector: { matchLabels: { app: "careless" } },
          template: {
            metadata: { labels: { app: "careless" } },
            spec: { containers: [{ name: "main", image: "nginx:latest" }] },
          },
        },
      },
      opts,
    );
  const alerts = [
    { severity: "critical", team: "platform" },
    { severity: "warning", team: "platform" },
    { severity: "info", team: "platform" },
    ...(options.alert === undefined ? [] : [options.alert]),
  ];
  new kubernetes.apiextensions.CustomResource(
    "monitoring-rules",
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata: metadata("platform-sample"),
      spec: {
        groups: [
          {
            name: "sample",
            rules: [
              { record: "job:up:sum", expr: "sum by (job) (up)" },
              ...alerts.map((labels, index) => ({
                alert: `Sample${index}`,
                expr: "up == 0",
                for: "5m",
                labels,
                annotations: {
                  summary: options.summary ?? "A target is down.",
                  runbook_url: `https://example.com/runbooks/Sample${index}.md`,
                },
              })),
            ],
          },
        ],
      },
    },
    opts,
  );
}
