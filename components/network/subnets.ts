import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../aws/component.ts";
import type { PodSubnets } from "./layout.ts";

/** Where subnets are put. */
export interface NetworkPlace {
  readonly vpc: aws.ec2.Vpc;
  readonly clusterName: string;
  readonly tags: Tags;
}

/** Something of which there is one per zone. */
export type ByZone<T> = Readonly<Record<string, T>>;

/** The public subnets, and what a NAT gateway in them must wait for. */
export interface PublicSubnets {
  /** Subnet id by zone; known once the subnet is routed. */
  readonly ids: ByZone<pulumi.Output<string>>;
  readonly internetGateway: aws.ec2.InternetGateway;
}

/** The private subnets, and what leads out of them. */
export interface PrivateSubnets {
  /** Subnet id by zone; known once the subnet is routed. */
  readonly ids: ByZone<pulumi.Output<string>>;
  readonly routeTableIds: ByZone<pulumi.Output<string>>;
}

const EVERYWHERE = "0.0.0.0/0";

/** The public subnets, one route table between them, and the internet gateway that it leads to. */
export function createPublicSubnets(
  name: string,
  { vpc, clusterName, tags, blocks }: NetworkPlace & { readonly blocks: ByZone<string> },
  opts: pulumi.CustomResourceOptions,
): PublicSubnets {
  const named = { ...tags, Name: `${clusterName}-public` };
  const internetGateway = new aws.ec2.InternetGateway(
    `${name}-internet`,
    { vpcId: vpc.id, tags: { ...tags, Name: clusterName } },
    opts,
  );
  const routeTable = new aws.ec2.RouteTable(`${name}-public`, { vpcId: vpc.id, tags: named }, opts);
  const route = new aws.ec2.Route(
    `${name}-public`,
    { routeTableId: routeTable.id, destinationCidrBlock: EVERYWHERE, gatewayId: internetGateway.id },
    opts,
  );
  const ids = mapZones(blocks, (zone, cidrBlock) => {
    const subnet = new aws.ec2.Subnet(
      `${name}-public-${zone}`,
      {
        vpcId: vpc.id,
        availabilityZone: zone,
        cidrBlock,
        // Load balancers and NAT gateways bring addresses of their own; nothing else here may have a public one.
        mapPublicIpOnLaunch: false,
        tags: {
          ...tags,
          Name: `${clusterName}-public-${zone}`,
          [`kubernetes.io/cluster/${clusterName}`]: "shared",
          "kubernetes.io/role/elb": "1",
        },
      },
      opts,
    );
    return routed(`${name}-public-${zone}`, subnet, routeTable, [route], opts);
  });
  return { ids, internetGateway };
}

/**
 * The private subnets, each with a route table whose default route leads to its zone's NAT gateway, if there is one. The subnets of pods have the same one. A
 * private subnet's id waits for them: the CNI's network interfaces are there as long as there are nodes, which so go before them.
 */
export function createPrivateSubnets(
  name: string,
  {
    vpc,
    clusterName,
    tags,
    blocks,
    pods,
    natGatewayOf,
  }: NetworkPlace & {
    readonly blocks: ByZone<string>;
    readonly pods: PodSubnets;
    readonly natGatewayOf: (zone: string) => aws.ec2.NatGateway | undefined;
  },
  opts: pulumi.CustomResourceOptions,
): PrivateSubnets {
  const place = { vpc, clusterName, tags };
  const associated = associateBlocks(name, place, pods, opts);
  const subnets = mapZones(blocks, (zone, cidrBlock) => {
    const named = { ...tags, Name: `${clusterName}-private-${zone}` };
    const subnet = new aws.ec2.Subnet(
      `${name}-private-${zone}`,
      {
        vpcId: vpc.id,
        availabilityZone: zone,
        cidrBlock,
        mapPublicIpOnLaunch: false,
        tags: {
          ...named,
          [`kubernetes.io/cluster/${clusterName}`]: "shared",
          "kubernetes.io/role/internal-elb": "1",
        },
      },
      opts,
    );
    const routeTable = new aws.ec2.RouteTable(
      `${name}-private-${zone}`,
      { vpcId: vpc.id, tags: named },
      opts,
    );
    const gateway = natGatewayOf(zone);
    const routes =
      gateway === undefined
        ? []
        : [
            new aws.ec2.Route(
              `${name}-private-${zone}`,
              { routeTableId: routeTable.id, destinationCidrBlock: EVERYWHERE, natGatewayId: gateway.id },
              opts,
            ),
          ];
    const ofPods = createPodSubnets(name, { ...place, zone, routeTable, associated, pods }, opts);
    return {
      id: routed(`${name}-private-${zone}`, subnet, routeTable, [...routes, ...ofPods], opts),
      routeTableId: routeTable.id,
    };
  });
  return {
    ids: mapZones(subnets, (_, { id }) => id),
    routeTableIds: mapZones(subnets, (_, { routeTableId }) => routeTableId),
  };
}

/** Adds the blocks of pods to the VPC. By block. */
function associateBlocks(
  name: string,
  { vpc }: NetworkPlace,
  pods: PodSubnets,
  opts: pulumi.CustomResourceOptions,
): ReadonlyMap<string, aws.ec2.VpcIpv4CidrBlockAssociation> {
  const blocks = new Set(Object.values(pods).flatMap((subnets) => subnets.map(({ of }) => of)));
  return new Map(
    [...blocks].map((block) => [
      block,
      new aws.ec2.VpcIpv4CidrBlockAssociation(
        `${name}-pods-${block}`,
        { vpcId: vpc.id, cidrBlock: block },
        opts,
      ),
    ]),
  );
}

/** The subnets of a zone that only pods have addresses of: the CNI finds them by their tag. Returns their associations with the routes. */
function createPodSubnets(
  name: string,
  {
    vpc,
    clusterName,
    tags,
    zone,
    routeTable,
    associated,
    pods,
  }: NetworkPlace & {
    readonly zone: string;
    readonly routeTable: aws.ec2.RouteTable;
    readonly associated: ReturnType<typeof associateBlocks>;
    readonly pods: PodSubnets;
  },
  opts: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  return (pods[zone] ?? []).map(({ of, block }) => {
    const key = `${name}-pods-${of}-${zone}`;
    const association = associated.get(of);
    const subnet = new aws.ec2.Subnet(
      key,
      {
        vpcId: vpc.id,
        availabilityZone: zone,
        cidrBlock: block,
        mapPublicIpOnLaunch: false,
        tags: { ...tags, Name: `${clusterName}-pods-${zone}`, "kubernetes.io/role/cni": "1" },
      },
      pulumi.mergeOptions(opts, { dependsOn: association === undefined ? [] : [association] }),
    );
    return new aws.ec2.RouteTableAssociation(key, { subnetId: subnet.id, routeTableId: routeTable.id }, opts);
  });
}

/** The subnets of load balancers that have only private addresses: routed as the private one of their zone is. Ids by zone. */
export function createIngressSubnets(
  name: string,
  {
    vpc,
    clusterName,
    tags,
    blocks,
    routes,
  }: NetworkPlace & { readonly blocks: ByZone<string>; readonly routes: PrivateSubnets["routeTableIds"] },
  opts: pulumi.CustomResourceOptions,
): ByZone<pulumi.Output<string>> {
  return mapZones(blocks, (zone, cidrBlock) => {
    const subnet = new aws.ec2.Subnet(
      `${name}-ingress-${zone}`,
      {
        vpcId: vpc.id,
        availabilityZone: zone,
        cidrBlock,
        mapPublicIpOnLaunch: false,
        tags: { ...tags, Name: `${clusterName}-ingress-${zone}` },
      },
      opts,
    );
    const association = new aws.ec2.RouteTableAssociation(
      `${name}-ingress-${zone}`,
      { subnetId: subnet.id, routeTableId: routes[zone] as pulumi.Output<string> },
      opts,
    );
    return association.subnetId as pulumi.Output<string>;
  });
}

/**
 * Associates a subnet with its route table, and returns the subnet's id as the association's output: an id that is known
 * only once the subnet is routed, so that the order holds both ways without anybody naming it.
 */
function routed(
  name: string,
  subnet: aws.ec2.Subnet,
  routeTable: aws.ec2.RouteTable,
  after: readonly pulumi.Resource[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const association = new aws.ec2.RouteTableAssociation(
    name,
    { subnetId: subnet.id, routeTableId: routeTable.id },
    pulumi.mergeOptions(opts, { dependsOn: [...after] }),
  );
  // Typed as optional because an association may be a gateway's instead; this one is a subnet's.
  return association.subnetId as pulumi.Output<string>;
}

/** One thing per zone, in the order of the zones. */
export function mapZones<From, To>(byZone: ByZone<From>, make: (zone: string, from: From) => To): ByZone<To> {
  return Object.fromEntries(Object.entries(byZone).map(([zone, from]) => [zone, make(zone, from)]));
}
