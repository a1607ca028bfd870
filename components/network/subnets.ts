import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../aws/component.ts";

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
    return routed(`${name}-public-${zone}`, subnet, routeTable, route, opts);
  });
  return { ids, internetGateway };
}

/** The private subnets, each with a route table whose default route leads to its zone's NAT gateway. */
export function createPrivateSubnets(
  name: string,
  {
    vpc,
    clusterName,
    tags,
    blocks,
    natGatewayOf,
  }: NetworkPlace & {
    readonly blocks: ByZone<string>;
    readonly natGatewayOf: (zone: string) => aws.ec2.NatGateway;
  },
  opts: pulumi.CustomResourceOptions,
): PrivateSubnets {
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
    const route = new aws.ec2.Route(
      `${name}-private-${zone}`,
      {
        routeTableId: routeTable.id,
        destinationCidrBlock: EVERYWHERE,
        natGatewayId: natGatewayOf(zone).id,
      },
      opts,
    );
    return {
      id: routed(`${name}-private-${zone}`, subnet, routeTable, route, opts),
      routeTableId: routeTable.id,
    };
  });
  return {
    ids: mapZones(subnets, (_, { id }) => id),
    routeTableIds: mapZones(subnets, (_, { routeTableId }) => routeTableId),
  };
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
  route: aws.ec2.Route,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const association = new aws.ec2.RouteTableAssociation(
    name,
    { subnetId: subnet.id, routeTableId: routeTable.id },
    pulumi.mergeOptions(opts, { dependsOn: [route] }),
  );
  // Typed as optional because an association may be a gateway's instead; this one is a subnet's.
  return association.subnetId as pulumi.Output<string>;
}

/** One thing per zone, in the order of the zones. */
export function mapZones<From, To>(byZone: ByZone<From>, make: (zone: string, from: From) => To): ByZone<To> {
  return Object.fromEntries(Object.entries(byZone).map(([zone, from]) => [zone, make(zone, from)]));
}
