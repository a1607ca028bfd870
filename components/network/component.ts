import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../aws/component.ts";
import { InvalidInputError } from "../core/problems.ts";
import { createEndpoints } from "./endpoints.ts";
import { createFlowLog } from "./flow-log.ts";
import { regionOfZone } from "./layout.ts";
import { isIsolated, layoutOf, type NetworkSettings, networkProblems, podSubnetsOf } from "./model.ts";
import { createNatGateways, natGatewayFor } from "./nat.ts";
import { createIngressSubnets, createPrivateSubnets, createPublicSubnets } from "./subnets.ts";

/** What a network is made from. */
export interface NetworkArgs {
  readonly settings: NetworkSettings;
  /** The cluster that will live here. Load balancer controllers look for its name in the subnets' tags. */
  readonly clusterName: string;
  /** The account that it is built in: twelve digits. */
  readonly accountId: string;
  readonly tags: Tags;
  /** Whether the flow logs and their key are kept. */
  readonly protectData: boolean;
  /** Whether every zone has a private subnet for load balancers alone. Default: false. */
  readonly withIngress?: boolean;
}

/**
 * A VPC over the environment's zones. Every zone has a private subnet, which reaches the internet through a NAT gateway, and
 * a small public one for NAT gateways and load balancers. S3 is reached without the gateway, and so is what has an interface endpoint. With
 * `natGateways: none` there are only the private ones, and nothing leads out but these endpoints.
 *
 * The subnet ids come from the route table associations. Whoever uses one therefore waits until its subnet is routed, and is
 * gone before the routes go: nodes that lose their way out cannot be drained, and a VPC whose nodes were not drained keeps
 * network interfaces that nothing deletes.
 *
 * Throws an InvalidInputError that lists every problem of the settings.
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Private subnet by zone, routed. */
  readonly privateSubnetIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Public subnet by zone, routed; none with `natGateways: none`. */
  readonly publicSubnetIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Private subnet of load balancers by zone, routed; none without `withIngress`. */
  readonly ingressSubnetIds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const { settings, clusterName, accountId, tags, protectData } = args;
    const problems = networkProblems(settings, "settings");
    if (problems.length > 0) throw new InvalidInputError(`Network ${name}`, problems);
    super("bellwether:network:Network", name, {}, opts);

    const child = { parent: this };
    const layout = layoutOf(settings);
    const vpc = new aws.ec2.Vpc(
      name,
      {
        cidrBlock: settings.cidr,
        enableDnsSupport: true,
        // The private endpoint of the cluster is a name in a private zone, which a VPC without this does not resolve.
        enableDnsHostnames: true,
        tags: { ...tags, Name: clusterName },
      },
      child,
    );
    closeDefaultSecurityGroup(name, vpc, { ...tags, Name: `${clusterName}-default` }, child);

    const place = { vpc, clusterName, tags };
    const publicSubnets = isIsolated(settings)
      ? undefined
      : createPublicSubnets(name, { ...place, blocks: layout.public }, child);
    const natGateways = publicSubnets
      ? createNatGateways(name, { ...place, settings, publicSubnets }, child)
      : {};
    const privateSubnets = createPrivateSubnets(
      name,
      {
        ...place,
        blocks: layout.private,
        pods: podSubnetsOf(settings),
        natGatewayOf: (zone) => natGatewayFor(natGateways, zone),
      },
      child,
    );
    const region = regionOfZone(settings.zones[0] ?? "");
    createEndpoints(
      name,
      {
        ...place,
        region,
        blocks: [settings.cidr, ...settings.podBlocks],
        subnets: privateSubnets,
        services: settings.interfaceEndpoints,
      },
      child,
    );
    if (settings.flowLogs) {
      const retentionDays = settings.flowLogRetentionDays;
      createFlowLog(name, { ...place, retentionDays, accountId, region, protectData }, child);
    }

    this.ingressSubnetIds = createIngressSubnets(
      name,
      { ...place, blocks: args.withIngress ? layout.ingress : {}, routes: privateSubnets.routeTableIds },
      child,
    );
    this.vpcId = vpc.id;
    this.privateSubnetIds = privateSubnets.ids;
    this.publicSubnetIds = publicSubnets?.ids ?? {};
    this.registerOutputs({
      vpcId: this.vpcId,
      privateSubnetIds: this.privateSubnetIds,
      publicSubnetIds: this.publicSubnetIds,
    });
  }
}

/** Takes every rule from the VPC's default security group, so that nothing works by accident of having been put in it. */
function closeDefaultSecurityGroup(
  name: string,
  vpc: aws.ec2.Vpc,
  tags: Tags,
  opts: pulumi.CustomResourceOptions,
): void {
  new aws.ec2.DefaultSecurityGroup(`${name}-default`, { vpcId: vpc.id, ingress: [], egress: [], tags }, opts);
}
