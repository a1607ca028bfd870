import type { Duration } from "../../components/core/duration.ts";
import { VOLUME_OWNERS } from "../../components/workloads/volumes.ts";
import { at, itemsOf, textAt, type Wire, type WireMap } from "../recording/wire.ts";
import type { Blocks } from "./blocks.ts";

/** A resource of a recording, or of graph.json. */
export interface DeployedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: WireMap;
}

/** A program with a volume for each of its pods. */
interface Program {
  /** Such as `Prometheus`. */
  readonly title: string;
  readonly pods: number;
  /** Quantities of Kubernetes, of one pod. Undefined where nothing is stated. */
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
  readonly memoryLimit: string | undefined;
  /** Of one pod. */
  readonly volume: { readonly size: string; readonly storageClass: string } | undefined;
}

/** The nodes of one instance type. */
interface Nodes {
  /** The first that a node group names: EKS creates others only if there is none of it. */
  readonly instanceType: string;
  readonly isSpot: boolean;
  readonly least: number;
  readonly wanted: number;
  readonly most: number;
  /** GiB of the gp3 volumes of one node, without one whose size is the image's. */
  readonly disk: number;
}

/** What is deployed, by size and number. */
export interface Capacity {
  /** The region of AWS; undefined without resources there. */
  readonly region: string | undefined;
  readonly programs: readonly Program[];
  /** The type of EBS volume that each storage class makes. */
  readonly volumeTypes: ReadonlyMap<string, string>;
  readonly clusters: number;
  /** Versions of clusters that stay on them at a surcharge when standard support ends. */
  readonly extended: readonly string[];
  readonly nodes: readonly Nodes[];
  readonly natGateways: number;
  readonly addresses: number;
  /** Interfaces of interface endpoints: one for each endpoint and zone. */
  readonly endpoints: number;
  readonly keys: number;
  readonly loadBalancers: number;
  readonly alarms: number;
  /** Whether there are queues or topics, which are billed by the request. */
  readonly hasMessages: boolean;
  /** Who starts nodes beside those of node groups: by pool the vCPUs at most, or EKS Auto Mode, which has no limit. */
  readonly started: { readonly cpus: number; readonly byEks: boolean };
  readonly hasManagedGrafana: boolean;
  /** Log groups with the days that they keep; undefined is for ever. */
  readonly logs: readonly { readonly name: string; readonly days: number | undefined }[];
  /** What is written to Amazon Managed Service for Prometheus. */
  readonly written: "nothing" | "recorded" | "all";
  /** Days that a workspace keeps samples. */
  readonly writtenDays: number | undefined;
  /** What Thanos keeps in a bucket of the program; undefined without one. */
  readonly blocks: Blocks | undefined;
}

/** The sizes and numbers of what a program deploys. */
export function capacityOf(resources: readonly DeployedResource[]): Capacity {
  const of = (type: string) => resources.filter((each) => each.type === type);
  const count = (type: string) => of(type).length;
  const region = of("pulumi:providers:aws").flatMap(({ inputs }) => textAt(inputs, "region") ?? [])[0];
  const clusters = of("aws:eks/cluster:Cluster");
  const [server] = of("kubernetes:monitoring.coreos.com/v1:Prometheus");
  const [kept] = of("aws:amp/workspaceConfiguration:WorkspaceConfiguration");
  return {
    region,
    programs: programsIn(resources),
    volumeTypes: new Map(
      of("kubernetes:storage.k8s.io/v1:StorageClass").map(({ name, inputs }) => [
        textAt(inputs, "metadata", "name") ?? name,
        textAt(inputs, "parameters", "type") ?? "",
      ]),
    ),
    clusters: clusters.length,
    extended: clusters
      .filter(({ inputs }) => textAt(inputs, "upgradePolicy", "supportType") === "EXTENDED")
      .map(({ inputs }) => textAt(inputs, "version") ?? ""),
    nodes: nodesIn(of("aws:eks/nodeGroup:NodeGroup"), of("aws:ec2/launchTemplate:LaunchTemplate")),
    natGateways: count("aws:ec2/natGateway:NatGateway"),
    addresses: count("aws:ec2/eip:Eip") + addressesOf(of("aws:lb/loadBalancer:LoadBalancer")),
    endpoints: of("aws:ec2/vpcEndpoint:VpcEndpoint")
      .filter(({ inputs }) => textAt(inputs, "vpcEndpointType") === "Interface")
      .reduce((sum, { inputs }) => sum + itemsOf(at(inputs, "subnetIds")).length, 0),
    keys: count("aws:kms/key:Key"),
    loadBalancers: count("aws:lb/loadBalancer:LoadBalancer"),
    alarms: count("aws:cloudwatch/metricAlarm:MetricAlarm"),
    hasMessages: count("aws:sqs/queue:Queue") + count("aws:sns/topic:Topic") > 0,
    started: {
      cpus: of("kubernetes:karpenter.sh/v1:NodePool").reduce(
        (sum, { inputs }) => sum + Number(textAt(inputs, "spec", "limits", "cpu") ?? 0),
        0,
      ),
      byEks: clusters.some(({ inputs }) => at(inputs, "computeConfig", "enabled") === true),
    },
    hasManagedGrafana: count("aws:grafana/workspace:Workspace") > 0,
    logs: of("aws:cloudwatch/logGroup:LogGroup").map(({ name, inputs }) => ({
      name,
      days: numberAt(inputs, "retentionInDays"),
    })),
    written: server === undefined ? "nothing" : writtenBy(server),
    writtenDays: kept && numberAt(kept.inputs, "retentionPeriodInDays"),
    blocks:
      server === undefined || count("aws:s3/bucket:Bucket") === 0
        ? undefined
        : blocksIn(server, of("kubernetes:apps/v1:StatefulSet")),
  };
}

/** What the arguments of the compactor say. */
function blocksIn(server: DeployedResource, sets: readonly DeployedResource[]): Blocks | undefined {
  const args = sets
    .flatMap(({ inputs }) => itemsOf(at(inputs, "spec", "template", "spec", "containers")))
    .flatMap((container) => itemsOf(at(container, "args")).map(String));
  const retention = (resolution: string) => {
    const flag = `--retention.resolution-${resolution}=`;
    return args.find((arg) => arg.startsWith(flag))?.slice(flag.length) as Duration | undefined;
  };
  const [raw, fiveMinutes, hours] = [retention("raw"), retention("5m"), retention("1h")];
  if (raw === undefined || fiveMinutes === undefined || hours === undefined) return undefined;
  const size = (key: string) => numberAt(server.inputs, "spec", key) ?? 1;
  return { replicas: size("replicas"), shards: size("shards"), raw, fiveMinutes, hours };
}

/** A load balancer that the internet reaches has a public address in each of its subnets. */
function addressesOf(balancers: readonly DeployedResource[]): number {
  return balancers
    .filter(({ inputs }) => at(inputs, "internal") !== true)
    .reduce((sum, { inputs }) => sum + itemsOf(at(inputs, "subnets")).length, 0);
}

function numberAt(value: Wire, ...keys: readonly string[]): number | undefined {
  const found = at(value, ...keys);
  return typeof found === "number" ? found : undefined;
}

function programsIn(resources: readonly DeployedResource[]): readonly Program[] {
  return resources.flatMap(({ type, name, inputs }): readonly Program[] => {
    const spec = at(inputs, "spec");
    if (spec === undefined) return [];
    if (/^kubernetes:monitoring\.coreos\.com\/v1:(Prometheus|Alertmanager)$/.test(type)) {
      const owner = type.endsWith(":Prometheus") ? VOLUME_OWNERS.prometheus : VOLUME_OWNERS.alertmanager;
      return [program(owner.title, spec, spec, at(spec, "storage", "volumeClaimTemplate"))];
    }
    if (type.endsWith("monitoring.coreos.com/v1:ThanosRuler")) {
      const query = itemsOf(at(spec, "containers")).find((one) => textAt(one, "name") === "query");
      return [
        program("Thanos Ruler", spec, spec, at(spec, "storage", "volumeClaimTemplate")),
        ...(query === undefined ? [] : [program("Thanos Ruler, query", spec, query, undefined)]),
      ];
    }
    if (type !== "kubernetes:apps/v1:StatefulSet") return [];
    const title = name === VOLUME_OWNERS.grafana.statefulSet ? VOLUME_OWNERS.grafana.title : name;
    const [container] = itemsOf(at(spec, "template", "spec", "containers"));
    return [program(title, spec, container ?? {}, itemsOf(at(spec, "volumeClaimTemplates"))[0])];
  });
}

function program(title: string, spec: Wire, container: Wire, claim: Wire | undefined): Program {
  const size = textAt(claim, "spec", "resources", "requests", "storage");
  return {
    title,
    pods: (numberAt(spec, "replicas") ?? 1) * (numberAt(spec, "shards") ?? 1),
    cpu: textAt(container, "resources", "requests", "cpu"),
    memory: textAt(container, "resources", "requests", "memory"),
    memoryLimit: textAt(container, "resources", "limits", "memory"),
    volume:
      size === undefined
        ? undefined
        : { size, storageClass: textAt(claim, "spec", "storageClassName") ?? "" },
  };
}

/** Node groups of the same type, of which there is one in each zone, as one. */
function nodesIn(
  groups: readonly DeployedResource[],
  templates: readonly DeployedResource[],
): readonly Nodes[] {
  const found = new Map<string, Nodes>();
  for (const { name, inputs } of groups) {
    const instanceType = String(itemsOf(at(inputs, "instanceTypes"))[0] ?? "of no stated type");
    const isSpot = textAt(inputs, "capacityType") === "SPOT";
    const size = (key: string) => numberAt(inputs, "scalingConfig", key) ?? 0;
    // A group is called after its template, and its zone.
    const disk = diskOf(templates.find((template) => name.startsWith(`${template.name}-`)));
    const key = JSON.stringify([instanceType, isSpot, disk]);
    const known = found.get(key);
    found.set(key, {
      instanceType,
      isSpot,
      disk,
      least: (known?.least ?? 0) + size("minSize"),
      wanted: (known?.wanted ?? 0) + size("desiredSize"),
      most: (known?.most ?? 0) + size("maxSize"),
    });
  }
  return [...found.values()];
}

function diskOf(template: DeployedResource | undefined): number {
  return itemsOf(at(template?.inputs, "blockDeviceMappings")).reduce<number>(
    (sum, device) => sum + (numberAt(device, "ebs", "volumeSize") ?? 0),
    0,
  );
}

/** Recorded series have a colon in their names: all else is dropped if that is what is kept. */
function writtenBy({ inputs }: DeployedResource): Capacity["written"] {
  const targets = itemsOf(at(inputs, "spec", "remoteWrite")).filter(
    (target) => at(target, "sigv4") !== undefined,
  );
  if (targets.length === 0) return "nothing";
  const isRecorded = targets.every((target) =>
    itemsOf(at(target, "writeRelabelConfigs")).some(
      (rule) => textAt(rule, "action") === "keep" && textAt(rule, "regex")?.includes(":") === true,
    ),
  );
  return isRecorded ? "recorded" : "all";
}

/** Capacity as values by what they are of, for a comparison. */
export function capacityInWords(capacity: Capacity): ReadonlyMap<string, string> {
  const { programs, nodes, logs } = capacity;
  const words = new Map<string, string>();
  for (const { title, pods, cpu, memory, memoryLimit, volume } of programs) {
    if (cpu !== undefined) words.set(`CPU of ${title}`, `${pods} × ${cpu}`);
    if (memory !== undefined || memoryLimit !== undefined)
      words.set(
        `memory of ${title}`,
        memory === memoryLimit
          ? `${pods} × ${memory}`
          : `${pods} × ${memory ?? "nothing"} requested, ${memoryLimit ?? "no limit"} at most`,
      );
    if (volume !== undefined) words.set(`volumes of ${title}`, `${pods} × ${volume.size}`);
  }
  for (const { instanceType, isSpot, least, wanted, most } of nodes)
    words.set(`${isSpot ? "spot " : ""}nodes ${instanceType}`, `${wanted}, and between ${least} and ${most}`);
  for (const [what, value] of ofRegion(capacity)) words.set(what, value);
  for (const { name, days } of logs)
    words.set(`${name} kept for`, days === undefined ? "ever" : `${days} days`);
  return words;
}

function ofRegion(capacity: Capacity): readonly (readonly [what: string, value: string])[] {
  const { region, natGateways, addresses, endpoints, loadBalancers, started } = capacity;
  if (region === undefined) return [];
  return [
    ["NAT gateways", String(natGateways)],
    ["public IPv4 addresses", String(addresses)],
    ["interface endpoints, by zone", String(endpoints)],
    ["load balancers", String(loadBalancers)],
    ...(started.byEks ? ([["nodes that EKS Auto Mode starts", "as many as pods need"]] as const) : []),
    ...(started.cpus > 0
      ? ([["vCPUs of nodes that Karpenter starts", `${started.cpus} at most`]] as const)
      : []),
  ];
}
