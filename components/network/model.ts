import { z } from "zod";
import { logRetentionProblems } from "../aws/model.ts";
import { joinPath, type Problem, repeatedEntries, shown } from "../core/problems.ts";
import { choice, cidrBlock, integer, list, text, toggle } from "../core/schema.ts";
import { addressCount, isPrivate, PRIVATE_BLOCKS, prefixLength } from "./cidr.ts";
import {
  hasPlace,
  type PodSubnets,
  podSubnets,
  regionOfZone,
  type SubnetLayout,
  subnetLayout,
  ZONE_LETTERS,
} from "./layout.ts";
import { podBlockProblems } from "./pod-blocks.ts";
import { LOAD_BALANCER_PREFIX, prefixProblems, subnetProblems } from "./subnet-problems.ts";

const zone = () => text(/^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/, "an availability zone such as eu-central-1a");

/** The services of AWS that a cluster speaks to, and that can have an endpoint in its VPC. S3 always has one, which costs nothing. */
export const ENDPOINT_SERVICES = [
  "aps-workspaces",
  "ec2",
  "ecr.api",
  "ecr.dkr",
  "eks",
  "eks-auth",
  "logs",
  "monitoring",
  "sns",
  "ssm",
  "sts",
] as const;

export type EndpointService = (typeof ENDPOINT_SERVICES)[number];

const subnetId = () =>
  text(/^subnet-[0-9a-f]{8}(?:[0-9a-f]{9})?$/, "the id of a subnet such as subnet-0123456789abcdef0");

/** The VPC of one environment. */
export const networkSettings = z.strictObject({
  cidr: cidrBlock().meta({
    description:
      "CIDR block of the VPC. At least a /20, so that there are enough addresses for the pods of every zone.",
  }),
  zones: list(zone(), 2, 4).meta({
    description:
      "Availability zones. Each has a private and a public subnet; with natGateways: none only a private one.",
  }),
  natGateways: choice(["per-zone", "single", "none"]).meta({
    description:
      "per-zone: one NAT gateway per zone, so that the loss of a zone affects no other zone. single: one NAT gateway, at a lower price. none: the VPC has no way to the Internet, neither a gateway nor public subnets; images then come from images.registry, and interfaceEndpoints lists what the platform asks AWS for.",
  }),
  flowLogs: toggle().meta({
    description: "Whether VPC flow logs of rejected traffic are written to CloudWatch.",
  }),
  flowLogRetentionDays: integer(1, 3653).meta({ description: "Retention of flow logs in days." }),
  subnets: z
    .strictObject({
      private: list(cidrBlock(), 2, 4).meta({
        description: "One CIDR block per zone, in the order of zones.",
      }),
      public: list(cidrBlock(), 2, 4).optional().meta({
        description: "One CIDR block per zone, in the order of zones. None with natGateways: none.",
      }),
      ingress: list(cidrBlock(), 2, 4).optional().meta({
        description:
          "One CIDR block per zone, in the order of zones, for load balancers alone. Needed with prometheus.ingress of kind alb.",
      }),
    })
    .optional()
    .meta({ description: "CIDR blocks of the subnets. Default: computed from cidr." }),
  podBlocks: list(cidrBlock(), 0, 4).default([]).meta({
    description:
      "More CIDR blocks of the VPC, for pods: each has a private subnet in every zone, from which the CNI takes addresses beside those of the nodes' subnets. In 100.64.0.0/10, or in the private range of cidr. Can be added to a network that is in use.",
  }),
  interfaceEndpoints: list(choice(ENDPOINT_SERVICES), 0, ENDPOINT_SERVICES.length).default([]).meta({
    description:
      "Services of AWS with an interface endpoint in every private subnet, so that their traffic needs no NAT gateway. Each is billed by the hour and zone. S3 always has a gateway endpoint, which is free.",
  }),
  existing: z
    .strictObject({
      vpcId: text(/^vpc-[0-9a-f]{8}(?:[0-9a-f]{9})?$/, "the id of a VPC such as vpc-0123456789abcdef0").meta({
        description: "Id of the VPC. Its primary block must be network.cidr.",
      }),
      privateSubnets: list(subnetId(), 2, 4).meta({
        description:
          "Id of a private subnet for each zone, in the order of zones. Each must be at least a /24 and have a route to the Internet or to the endpoints that the cluster needs.",
      }),
    })
    .optional()
    .meta({
      description:
        "A VPC that exists, by the ids of it and its private subnets. Then no VPC, subnet, route, NAT gateway, endpoint or flow log is created, and natGateways, flowLogs and flowLogRetentionDays have no effect. Default: a new VPC.",
    }),
});

export type NetworkSettings = z.output<typeof networkSettings>;

/** Whether the VPC is made without a way to the Internet. What an existing one has, only its owner knows. */
export function isIsolated({ natGateways, existing }: NetworkSettings): boolean {
  return natGateways === "none" && existing === undefined;
}

/** The subnets of a network: the blocks that its settings list, or those computed from its block. Without a way to the Internet none is public. */
export function layoutOf(settings: NetworkSettings): SubnetLayout {
  const layout = allSubnetsOf(settings);
  return isIsolated(settings) ? { ...layout, public: {} } : layout;
}

function allSubnetsOf({ cidr, zones, subnets }: NetworkSettings): SubnetLayout {
  if (subnets === undefined) return subnetLayout(cidr, zones);
  return {
    private: pairUp(zones, subnets.private),
    public: pairUp(zones, subnets.public ?? []),
    ingress: pairUp(zones, subnets.ingress ?? []),
  };
}

/** The subnets of `podBlocks`, by zone. */
export function podSubnetsOf({ podBlocks, zones }: NetworkSettings): PodSubnets {
  return podSubnets(podBlocks, zones);
}

// AWS keeps the first four addresses of a subnet and the last (Amazon VPC user guide, Subnet CIDR blocks).
const OF_AWS = 5;

/** The addresses of nodes and pods in one zone. */
export interface ZoneAddresses {
  readonly zone: string;
  /** The blocks of its private subnet and of its subnets for pods. */
  readonly blocks: readonly string[];
  /** How many there are, without those that AWS keeps. */
  readonly has: number;
}

/** The addresses that nodes and pods may have, by zone, of a network that the program makes. */
export function zoneAddresses(network: NetworkSettings): readonly ZoneAddresses[] {
  const ofPods = podSubnetsOf(network);
  return Object.entries(layoutOf(network).private).map(([zone, block]) => {
    const blocks = [block, ...(ofPods[zone] ?? []).map((subnet) => subnet.block)];
    const has = blocks.reduce((sum, each) => sum + addressCount(each) - OF_AWS, 0);
    return { zone, blocks, has };
  });
}

function pairUp(zones: readonly string[], blocks: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    zones.flatMap((zone, index) => blocks.slice(index, index + 1).map((block) => [zone, block])),
  );
}

// What AWS takes is a VPC of /16 to /28 and subnets of /16 to /28 (Amazon VPC quotas). Below a /20, and below a /24 for the
// private subnets, pods run out of addresses before nodes run out of room: the VPC CNI gives every pod one of the subnet's.
const VPC_PREFIX = { shortest: 16, longest: 20 };
/** Whether each zone has a subnet for load balancers alone that is large enough for one. Always so in a VPC that exists, which lists its own. */
export function hasIngressSubnets(settings: NetworkSettings): boolean {
  if (settings.existing !== undefined) return true;
  const blocks = Object.values(layoutOf(settings).ingress);
  return blocks.length > 0 && blocks.every((block) => prefixLength(block) <= LOAD_BALANCER_PREFIX.longest);
}

/** What is wrong between the fields of a network whose shape is right. `path` is where the settings stand. */
export function networkProblems(settings: NetworkSettings, path: string): Problem[] {
  return [
    ...blockProblems(settings, path),
    ...zoneProblems(settings, path),
    ...logRetentionProblems(settings.flowLogRetentionDays, joinPath(path, ["flowLogRetentionDays"])),
    ...(settings.subnets === undefined ? [] : subnetProblems(settings, settings.subnets, path)),
    ...podBlockProblems(settings, path),
    ...repeatedEntries(settings.interfaceEndpoints, joinPath(path, ["interfaceEndpoints"])),
    ...existingProblems(settings, path),
  ];
}

/** A network that exists has one subnet for each zone, and nothing that only a new one can have. */
function existingProblems(
  { existing, subnets, interfaceEndpoints, podBlocks, zones }: NetworkSettings,
  path: string,
): Problem[] {
  if (existing === undefined) return [];
  const onlyNew = (field: string): Problem => ({
    path: joinPath(path, [field]),
    found: "a value, and network.existing",
    allowed: "nothing: the VPC exists, and its owner decides",
    fix: `remove ${field}, or remove existing`,
  });
  const { privateSubnets } = existing;
  const at = joinPath(path, ["existing", "privateSubnets"]);
  return [
    ...(subnets === undefined ? [] : [onlyNew("subnets")]),
    ...(interfaceEndpoints.length === 0 ? [] : [onlyNew("interfaceEndpoints")]),
    ...(podBlocks.length === 0 ? [] : [onlyNew("podBlocks")]),
    ...repeatedEntries(privateSubnets, at),
    ...(privateSubnets.length === zones.length
      ? []
      : [
          {
            path: at,
            found: `${privateSubnets.length} subnets for ${zones.length} zones`,
            allowed: "one subnet per zone, in the order of zones",
            fix:
              privateSubnets.length < zones.length
                ? "add the missing subnets"
                : "remove the surplus subnets, or add their zones",
          },
        ]),
  ];
}

function blockProblems({ cidr }: NetworkSettings, path: string): Problem[] {
  const at = joinPath(path, ["cidr"]);
  return [
    ...prefixProblems(cidr, VPC_PREFIX, "a VPC", at),
    ...(isPrivate(cidr)
      ? []
      : [
          {
            path: at,
            found: `${shown(cidr)}, which holds public addresses`,
            allowed: `a block inside ${PRIVATE_BLOCKS.join(", ")}`,
            fix: "choose a private block that no connected network uses",
          },
        ]),
  ];
}

function zoneProblems({ zones, subnets }: NetworkSettings, path: string): Problem[] {
  return zones.flatMap((zone, index): Problem[] => {
    const at = joinPath(path, ["zones", index]);
    const first = zones.indexOf(zone);
    if (first !== index)
      return [
        {
          path: at,
          found: `${shown(zone)}, which zones[${first}] already names`,
          allowed: "each zone once",
          fix: "remove it, or name another zone of the region",
        },
      ];
    const region = regionOfZone(zones[0] ?? zone);
    if (regionOfZone(zone) !== region)
      return [
        {
          path: at,
          found: `${shown(zone)}, outside ${region}`,
          allowed: "zones of one region, as a VPC has no other",
          fix: `name a zone of ${region}`,
        },
      ];
    if (subnets === undefined && !hasPlace(zone))
      return [
        {
          path: at,
          found: shown(zone),
          allowed: `a zone whose letter is one of ${[...ZONE_LETTERS].join(", ")}, as subnets are computed by letter`,
          fix: "name such a zone, or list subnets of your own",
        },
      ];
    return [];
  });
}
