import { z } from "zod";
import type { ClusterTraits } from "../cluster/model.ts";
import { duration } from "../core/duration.ts";
import type { Problem } from "../core/problems.ts";
import { bytes } from "../core/quantity.ts";
import {
  byteQuantity,
  choice,
  cidrBlock,
  cpuQuantity,
  dnsLabel,
  durationBetween,
  integer,
  list,
} from "../core/schema.ts";
import type { NamedSecret } from "../core/secrets.ts";
import { type Validated, validate } from "../core/validation.ts";
import { albProblems, albSecrets, albSettings } from "../ingress/model.ts";
import type { ObjectStorage } from "../thanos/model.ts";
import { DEFAULT_NAMESPACES, type Namespaces } from "../workloads/model.ts";
import { MOST_SHARDS } from "../workloads/volumes.ts";
import { atLeast, longestRetention, mostSeries, needOf, retentionSize } from "./capacity.ts";
import { nodeExporterSettings, operatorSettings, stateMetricsSettings } from "./existing-programs.ts";
import { globalSettings } from "./global-settings.ts";
import { shardProblems, storedRulesProblems } from "./rule-evaluation.ts";
import { storeProblems, storeSecrets, storeSettings } from "./store-settings.ts";

/** Requests of a container. The memory limit equals the request; CPU has no limit, because throttling delays scrapes. */
const resources = z.strictObject({
  cpu: cpuQuantity().meta({ description: "CPU request. There is no CPU limit." }),
  memory: byteQuantity().meta({ description: "Memory request and limit." }),
});

/** Who may reach the pages and APIs of Prometheus, Alertmanager and Grafana, which ask for no password but Grafana's. */
const ingress = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("namespace"),
    namespace: dnsLabel().meta({ description: "Namespace of the ingress controller." }),
  }),
  z.strictObject({
    kind: z.literal("blocks"),
    blocks: list(cidrBlock(), 1, 20).meta({
      description: "CIDR blocks of load balancers that connect to pods directly. 0.0.0.0/0 is not allowed.",
    }),
  }),
  albSettings,
]);

/** Prometheus, its operator and the exporters. */
export const prometheusSettings = z.strictObject({
  crds: choice(["chart", "external"]).meta({
    description:
      "chart: the platform installs the CRDs of the operator. external: another program manages them.",
  }),
  operator: operatorSettings.meta({
    description:
      "own: the platform runs the only operator of the cluster. beside: it runs an operator next to another one, and each leaves the resources of the other alone. existing: the operator that is there also runs the servers of the platform.",
  }),
  kubeStateMetrics: stateMetricsSettings.meta({
    description: "own: the platform runs kube-state-metrics. existing: it scrapes one that is there.",
  }),
  nodeExporter: nodeExporterSettings.meta({
    description:
      "own: the platform runs node-exporter on every node. existing: it scrapes one that is there, which keeps port 9100 of the nodes.",
  }),
  monitors: choice(["all", "own"]).default("all").meta({
    description:
      "all: Prometheus takes the monitors, probes and rules of every namespace. own: only those with the label app.kubernetes.io/part-of: bellwether, so that those of another Prometheus are not scraped and evaluated twice.",
  }),
  replicas: integer(1, 4).meta({
    description:
      "Number of Prometheus servers of each shard. Each scrapes all targets of the shard. They run in different zones.",
  }),
  shards: integer(1, MOST_SHARDS).default(1).meta({
    description:
      "Number of parts that the targets are divided into. Each part has `replicas` servers. More than one needs the store of kind thanos and rules: store, because no server sees all series.",
  }),
  scrapeInterval: durationBetween("10s", "2m").meta({ description: "Scrape and evaluation interval." }),
  retention: durationBetween("2h", "400d").meta({ description: "Retention of samples." }),
  volume: byteQuantity().meta({
    description:
      "Size of the volume of each replica. retentionSize is derived from it. bellwether grow-volumes gives it to existing volumes, with one shard.",
  }),
  activeSeries: integer(1_000, 20_000_000).meta({
    description:
      "Expected number of active series of each replica: with shards those of the largest shard. The volume and the memory must be sufficient for it.",
  }),
  resources,
  store: storeSettings.meta({
    description: "Long-term storage of samples. none: Prometheus alone keeps them, for `retention`.",
  }),
  rules: choice(["local", "store"]).default("local").meta({
    description:
      "local: Prometheus evaluates the rules. store: the long-term storage does, which needs the kind thanos, or the kind amp with series all; Prometheus keeps the alerts about itself and about the way to the store.",
  }),
  global: globalSettings.optional().meta({
    description:
      "Objectives over several environments that send to the endpoint of this one. In one of these environments only: its preview writes the rules. Default: none.",
  }),
  otlp: z
    .strictObject({
      namespaces: list(dnsLabel(), 1, 50).meta({
        description:
          "Namespaces whose pods may push. They reach the port of Prometheus, and with it its whole API, which has no password.",
      }),
    })
    .optional()
    .meta({
      description:
        "Receives metrics that services push by OTLP. Default: it does not. Each server keeps only what is pushed to it.",
    }),
  ingress: ingress.optional().meta({
    description:
      "Ingress to Prometheus, Alertmanager and Grafana from outside the monitoring namespaces. namespace and blocks: one that exists. alb: a load balancer of this environment, with sign-in. Default: none, only kubectl port-forward.",
  }),
});

export type IngressSettings = z.output<typeof ingress>;
export type PrometheusSettings = z.output<typeof prometheusSettings>;

/** What {@link resolveMonitoring} takes: everything that decides which objects exist and what stands in them. */
export interface MonitoringModelArgs {
  readonly settings: z.input<typeof prometheusSettings>;
  readonly cluster: ClusterTraits;
  /** The environment's name: the external label `environment`. */
  readonly environment: string;
  /** The namespaces that the platform creates. Default: monitoring and monitoring-node. */
  readonly namespaces?: Namespaces;
  /** The S3 bucket of a store of kind thanos. Needed unless the settings have the object storage in a secret. */
  readonly objectStorage?: ObjectStorage;
  /** Name of Alertmanager's Service, in the same namespace. */
  readonly alertmanager: string;
  /** The blocks of the subnets of the load balancer. Needed for the ingress of kind alb. */
  readonly ingressBlocks?: readonly string[];
  /** Where Grafana runs: one outside is neither scraped nor let in, but through the ingress. Default: in-cluster. */
  readonly grafana?: "in-cluster" | "existing";
  /** TCP ports by which Alertmanager reaches its receivers. Default: 443 and 587. */
  readonly notificationPorts?: readonly number[];
  /** TCP ports by which a Grafana that alerts by itself tells people. Default: it does not. */
  readonly grafanaPorts?: readonly number[];
  /** Whether that Grafana reads AWS's metrics. Default: false. */
  readonly grafanaReadsAws?: boolean;
  /** Whether Alertmanager calls AWS: for a heartbeat of type aws-heartbeat. Default: false. */
  readonly alertmanagerUsesAws?: boolean;
}

/** The monitoring stack with everything derived that is derived. Renderers read nothing else. */
export interface ResolvedMonitoring extends MonitoringModelArgs {
  readonly settings: PrometheusSettings;
  readonly namespaces: Namespaces;
  /** Bytes of blocks, log and head at which Prometheus deletes its oldest block. */
  readonly retentionSize: string;
  /** Most samples that one scrape of one target may bring. */
  readonly sampleLimit: number;
}

// A large kube-state-metrics or API server stays below this; a runaway team's target does not stay below half of a head.
const SMALLEST_SAMPLE_LIMIT = 50_000;

/** Applies what is derived, or returns every problem; paths start at `path`. */
export function resolveMonitoring(
  inputs: MonitoringModelArgs,
  path = "prometheus",
): Validated<ResolvedMonitoring> {
  const shape = validate(prometheusSettings, inputs.settings, path);
  if (!shape.ok) return shape;
  const settings = shape.value;
  const problems = prometheusProblems(settings, path, inputs.cluster.zones);
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    value: {
      ...inputs,
      settings,
      namespaces: inputs.namespaces ?? DEFAULT_NAMESPACES,
      retentionSize: retentionSize(settings.volume),
      sampleLimit: Math.max(SMALLEST_SAMPLE_LIMIT, Math.floor(settings.activeSeries / 2)),
    },
  };
}

/** The rules between Prometheus' fields; `zones` is the number of zones that the nodes are spread over. */
export function prometheusProblems(settings: PrometheusSettings, path: string, zones: number): Problem[] {
  return [
    ...retentionProblems(settings, path),
    ...memoryProblems(settings, path),
    ...zoneProblems(settings, path, zones),
    ...ingressProblems(settings, path),
    ...definitionProblems(settings, path),
    ...storeProblems(settings.store, settings.retention, `${path}.store`, `${path}.retention`),
    ...storedRulesProblems(settings, path),
    ...shardProblems(settings, path),
  ];
}

/** The secrets that must be set before a deployment of Prometheus. */
export function prometheusSecrets(
  { store, ingress }: Pick<PrometheusSettings, "store" | "ingress">,
  path: string,
): readonly NamedSecret[] {
  return [
    ...storeSecrets(store, `${path}.store`),
    ...(ingress?.kind === "alb" ? albSecrets(ingress, `${path}.ingress`) : []),
  ];
}

function retentionProblems(settings: PrometheusSettings, path: string): Problem[] {
  const { activeSeries, scrapeInterval, retention, volume } = settings;
  const need = needOf(settings);
  if (need.volume <= bytes(volume)) return [];
  const fitting = wholeHours(longestRetention(settings, bytes(volume)));
  const load = `${activeSeries} series every ${scrapeInterval}`;
  const bigger = `raise ${path}.volume to ${atLeast(need.volume)}`;
  return [
    {
      path: `${path}.retention`,
      found: `${retention} of ${load}, which needs a volume of ${atLeast(need.volume)}; the volume is ${volume}`,
      allowed:
        fitting === undefined
          ? `no retention at all with ${load} on ${volume}`
          : `at most ${fitting} with ${load} on ${volume}`,
      fix: fitting === undefined ? bigger : `${bigger}, or lower the retention to ${fitting}`,
    },
  ];
}

// Two hours is the shortest retention that the schema takes, being the length of one block.
function wholeHours(length: number): string | undefined {
  const hours = Math.floor(length / 3600);
  if (hours < 2) return undefined;
  return hours >= 48 ? duration(Math.floor(hours / 24) * 86_400) : `${hours}h`;
}

function memoryProblems(settings: PrometheusSettings, path: string): Problem[] {
  const { activeSeries, resources } = settings;
  const { memory } = needOf(settings);
  if (memory <= bytes(resources.memory)) return [];
  const most = mostSeries(bytes(resources.memory));
  return [
    {
      path: `${path}.resources.memory`,
      found: `${resources.memory} for ${activeSeries} active series`,
      allowed: `at least ${atLeast(memory)} for that many series`,
      fix: `raise it to ${atLeast(memory)}, or lower ${path}.activeSeries to ${most} if no more are expected`,
    },
  ];
}

function zoneProblems({ replicas }: PrometheusSettings, path: string, zones: number): Problem[] {
  if (replicas <= zones) return [];
  const counted = zones === 1 ? "1 zone" : `${zones} zones`;
  return [
    {
      path: `${path}.replicas`,
      found: `${replicas} replicas in ${counted}`,
      allowed: `1 to ${zones}: a replica's volume is bound to its zone, so two in one zone are lost together`,
      fix: `lower the replicas to ${zones}, or spread the nodes over ${replicas} zones`,
    },
  ];
}

/** Another operator has its CRDs already, and Helm refuses to take objects that belong to another release. */
function definitionProblems({ operator, crds }: PrometheusSettings, path: string): Problem[] {
  if (operator.kind === "own" || crds === "external") return [];
  return [
    {
      path: `${path}.crds`,
      found: `chart, but prometheus.operator is ${operator.kind}`,
      allowed: "external: the CRDs of the other operator are there already",
      fix: "write crds: external, or remove operator",
    },
  ];
}

function ingressProblems({ ingress }: PrometheusSettings, path: string): Problem[] {
  if (ingress?.kind === "alb") return albProblems(ingress, `${path}.ingress`);
  if (ingress?.kind !== "blocks") return [];
  return ingress.blocks.flatMap((block, index) =>
    block === "0.0.0.0/0"
      ? [
          {
            path: `${path}.ingress.blocks[${index}]`,
            found: "0.0.0.0/0, which is every address, including every pod of the cluster",
            allowed:
              "only the blocks of the load balancers: Prometheus and Alertmanager have no authentication",
            fix: "name the subnets of the load balancers",
          },
        ]
      : [],
  );
}
