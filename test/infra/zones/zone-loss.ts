import type { Finding } from "../aws/fault.ts";
import type { GraphResource } from "../aws/graph.ts";
import { Relations } from "../aws/relations.ts";
import { autoscalerStands, nodesElsewhere, startsNodesItself, zonesOfCluster } from "./autoscaler-loss.ts";

// What is left of an environment on EKS when a zone is gone. A model, since no account is there to lose one: nodes and volumes of the zone
// are gone, a pod with a volume waits for its zone (EBS volumes are zonal), and every other pod starts elsewhere where it has room.

const SUBNET = "aws:ec2/subnet:Subnet";
const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const ZONE = "topology.kubernetes.io/zone";

/** GiB of memory and vCPUs of the sizes that environments use (Amazon EC2 instance types, general purpose and burstable). */
const SIZES: Readonly<Record<string, { readonly memory: number; readonly cpu: number }>> = {
  large: { memory: 8, cpu: 2 },
  xlarge: { memory: 16, cpu: 4 },
  "2xlarge": { memory: 32, cpu: 8 },
};
/** What is left for pods after the kubelet's own reservation and the DaemonSets of the platform. */
const ALLOCATABLE = 0.85;

interface Pods {
  readonly name: string;
  readonly replicas: number;
  /** GiB of one pod. */
  readonly memory: number;
  readonly hasVolume: boolean;
  /** Whether the scheduler may never put more of them into one zone than into another. */
  readonly isSpread: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: specs of Kubernetes, of which a few fields are read
type Spec = any;

/** What is missing after the loss of each zone in turn. */
export function zoneLossFaults(resources: readonly GraphResource[]): readonly Finding[] {
  const graph = new Relations(resources);
  const nodes = nodesByZone(graph);
  const isAuto = startsNodesItself(graph);
  const zones = isAuto ? zonesOfCluster(graph) : [...nodes.keys()];
  const pods = podsOf(resources);
  const always = [
    ...volumesFollowPods(graph),
    ...dnsIsSpread(graph),
    ...someNodes(zones),
    ...autoscalerStands(graph),
  ];
  return [
    ...always,
    ...zones.flatMap((lost) => {
      const left = zones.filter((zone) => zone !== lost);
      return [
        ...pods.flatMap((some) => survivors(some, zones.length, lost)),
        // EKS Auto Mode starts a node where a pod finds no room.
        ...(isAuto ? [] : room(pods, nodes, left, lost)),
        ...nodesElsewhere(graph, lost),
        ...waysOut(graph, lost),
        ...waysIn(graph, lost),
      ];
    }),
  ];
}

interface Nodes {
  /** Without an autoscaler there are no more than the least. */
  readonly count: number;
  /** GiB of one node. */
  readonly memory: number;
}

function nodesByZone(graph: Relations): ReadonlyMap<string, Nodes> {
  const nodes = new Map<string, Nodes>();
  for (const group of graph.ofType(NODE_GROUP)) {
    // What EC2 may take away at any time, or what pods of the platform do not tolerate, is no room for them.
    const taints: readonly { readonly effect: string }[] = group.inputs.taints ?? [];
    if (group.inputs.capacityType === "SPOT" || taints.some(({ effect }) => !/PREFER/.test(effect))) continue;
    const size = SIZES[String(group.inputs.instanceTypes[0]).split(".")[1] ?? ""];
    if (size === undefined) throw new Error(`no size of ${group.inputs.instanceTypes[0]}`);
    const count = group.inputs.scalingConfig.minSize;
    for (const subnet of graph.behind(group, "subnetIds", SUBNET)) {
      const zone = subnet.inputs.availabilityZone;
      nodes.set(zone, { count: (nodes.get(zone)?.count ?? 0) + count, memory: size.memory * ALLOCATABLE });
    }
  }
  return nodes;
}

function podsOf(resources: readonly GraphResource[]): readonly Pods[] {
  return resources.flatMap(({ type, inputs, name }): readonly Pods[] => {
    const spec: Spec = inputs.spec;
    if (/^kubernetes:monitoring\.coreos\.com\/v1:(?:Prometheus|Alertmanager|ThanosRuler)$/.test(type)) {
      const kind = type.split(":").at(-1) ?? name;
      // Each shard must outlive a zone by itself.
      const shards = Array.from({ length: spec.shards ?? 1 }, (_, shard) =>
        shard === 0 ? kind : `${kind}, shard ${shard}`,
      );
      const containers = [spec, ...(spec.containers ?? [])];
      return shards.map((shard) => podsIn(shard, spec, spec, containers, spec.storage !== undefined));
    }
    if (!/^kubernetes:apps\/v1:(?:Deployment|StatefulSet)$/.test(type)) return [];
    const pod: Spec = spec.template.spec;
    return [podsIn(name, spec, pod, pod.containers, (spec.volumeClaimTemplates ?? []).length > 0)];
  });
}

function podsIn(name: string, owner: Spec, pod: Spec, containers: Spec[], hasVolume: boolean): Pods {
  const spreads: Spec[] = pod.topologySpreadConstraints ?? [];
  return {
    name,
    replicas: owner.replicas ?? 1,
    memory: containers.reduce((sum, { resources }) => sum + gib(resources?.requests?.memory ?? "0Gi"), 0),
    hasVolume,
    isSpread: spreads.some(
      ({ topologyKey, whenUnsatisfiable, maxSkew }) =>
        topologyKey === ZONE && whenUnsatisfiable === "DoNotSchedule" && maxSkew === 1,
    ),
  };
}

function gib(quantity: string): number {
  const [, amount = "0", unit = "Gi"] = /^([\d.]+)(Mi|Gi)$/.exec(quantity) ?? [];
  return Number(amount) / (unit === "Mi" ? 1024 : 1);
}

/** How many pods with volumes must be left: one of those that are alike, and of Alertmanager the larger half, which agree on silences. */
function survivors({ name, replicas, hasVolume, isSpread }: Pods, zones: number, lost: string): Finding[] {
  if (!hasVolume) return [];
  const gone = isSpread ? Math.ceil(replicas / zones) : replicas;
  const wanted = name === "Alertmanager" ? Math.floor(replicas / 2) + 1 : 1;
  if (replicas - gone >= wanted) return [];
  return [
    {
      at: `${name} without ${lost}`,
      found: `${replicas - gone} of ${replicas} pods: their volumes are in that zone`,
      allowed: `${wanted} or more`,
    },
  ];
}

/** Every pod fits on a node, and all that start anew fit beside those that stay. */
function room(
  pods: readonly Pods[],
  nodes: ReadonlyMap<string, Nodes>,
  left: readonly string[],
  lost: string,
): Finding[] {
  const free = left.flatMap((zone) => {
    const { count = 0, memory = 0 } = nodes.get(zone) ?? {};
    return Array.from({ length: count }, () => memory);
  });
  const waiting = pods
    .flatMap((some) => {
      const stay =
        some.hasVolume && some.isSpread ? some.replicas - Math.floor(some.replicas / (left.length + 1)) : 0;
      return Array.from({ length: some.hasVolume ? stay : some.replicas }, () => some);
    })
    .sort((a, b) => b.memory - a.memory);
  const homeless = waiting.filter(({ memory }) => {
    const node = free.indexOf(Math.max(...free));
    const has = free[node] ?? 0;
    if (has < memory) return true;
    free[node] = has - memory;
    return false;
  });
  return [...new Set(homeless.map(({ name }) => name))].map((name) => ({
    at: `${name} without ${lost}`,
    found: "no node with room for it",
    allowed: "room on the nodes of the other zones",
  }));
}

/** The nodes of the other zones still leave the VPC: their NAT gateway is not in the zone that is lost. */
function waysOut(graph: Relations, lost: string): Finding[] {
  return graph
    .ofType(NODE_GROUP)
    .flatMap((group) => graph.behind(group, "subnetIds", SUBNET))
    .filter(({ inputs }) => inputs.availabilityZone !== lost)
    .filter((subnet) => gatewaysOf(subnet, graph).some((gateway) => zonesOf(gateway, graph).includes(lost)))
    .map(({ inputs }) => ({
      at: `the nodes in ${inputs.availabilityZone} without ${lost}`,
      found: `a NAT gateway in ${lost}`,
      allowed: "one in their own zone",
    }));
}

/** The load balancer is in another zone, too, from which it reaches the identity provider. */
function waysIn(graph: Relations, lost: string): Finding[] {
  return graph.ofType("aws:lb/loadBalancer:LoadBalancer").flatMap((balancer) => {
    const left = graph
      .behind(balancer, "subnets", SUBNET)
      .filter(({ inputs }) => inputs.availabilityZone !== lost);
    const open = left.filter((subnet) =>
      gatewaysOf(subnet, graph).every((gateway) => !zonesOf(gateway, graph).includes(lost)),
    );
    if (left.length > 0 && open.length === left.length) return [];
    return [
      {
        at: `the load balancer without ${lost}`,
        found: `${open.length} of ${left.length} subnets with a way to the identity provider`,
        allowed: "all that are left, and one or more",
      },
    ];
  });
}

function gatewaysOf(subnet: GraphResource, graph: Relations): readonly GraphResource[] {
  return graph
    .referringTo(subnet, "aws:ec2/routeTableAssociation:RouteTableAssociation", "subnetId")
    .flatMap((association) => graph.behind(association, "routeTableId", "aws:ec2/routeTable:RouteTable"))
    .flatMap((table) => graph.referringTo(table, "aws:ec2/route:Route", "routeTableId"))
    .flatMap((route) => graph.behind(route, "natGatewayId", "aws:ec2/natGateway:NatGateway"));
}

function zonesOf(gateway: GraphResource, graph: Relations): readonly string[] {
  return graph.behind(gateway, "subnetId", SUBNET).map(({ inputs }) => inputs.availabilityZone);
}

function someNodes(zones: readonly string[]): Finding[] {
  if (zones.length > 0) return [];
  return [{ at: "the nodes", found: "no zone has a node", allowed: "nodes on demand and without taints" }];
}

/** A volume is made where its pod was put, and not the other way round. */
function volumesFollowPods(graph: Relations): Finding[] {
  return graph
    .ofType("kubernetes:storage.k8s.io/v1:StorageClass")
    .filter(({ inputs }) => inputs.volumeBindingMode !== "WaitForFirstConsumer")
    .map(({ inputs }) => ({
      at: "the storage class",
      found: String(inputs.volumeBindingMode),
      allowed: "WaitForFirstConsumer: otherwise all volumes may be in one zone",
    }));
}

/** Cluster DNS is in several zones; EKS has two replicas of it, which no volume holds. */
function dnsIsSpread(graph: Relations): Finding[] {
  return graph
    .ofType("aws:eks/addon:Addon")
    .filter(({ inputs }) => inputs.addonName === "coredns")
    .filter(({ inputs }) => {
      const { topologySpreadConstraints = [] }: Spec = JSON.parse(inputs.configurationValues ?? "{}");
      return !topologySpreadConstraints.some(({ topologyKey }: Spec) => topologyKey === ZONE);
    })
    .map(() => ({
      at: "cluster DNS",
      found: "no spread over zones",
      allowed: `topologySpreadConstraints by ${ZONE}`,
    }));
}
