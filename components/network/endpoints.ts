import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { mapZones, type NetworkPlace, type PrivateSubnets } from "./subnets.ts";

/** The ways from a VPC to AWS's own APIs that do not lead through a NAT gateway. */
export interface EndpointsArgs extends NetworkPlace {
  readonly region: string;
  /** The VPC's blocks, its own first: from all of them the endpoints are reached. */
  readonly blocks: readonly string[];
  readonly subnets: PrivateSubnets;
  /** What has an endpoint of its own in every zone, such as `ecr.api`. */
  readonly services: readonly string[];
}

/**
 * A gateway endpoint of S3, which costs nothing: images of ECR are kept there, and through a NAT gateway each gigabyte is paid for. The
 * interface endpoints have an address in every private subnet, under the public name of their service.
 */
export function createEndpoints(name: string, args: EndpointsArgs, opts: pulumi.CustomResourceOptions): void {
  const { vpc, clusterName, region, tags, subnets, services } = args;
  const serviceName = (service: string) => `com.amazonaws.${region}.${service}`;
  new aws.ec2.VpcEndpoint(
    `${name}-s3`,
    {
      vpcId: vpc.id,
      vpcEndpointType: "Gateway",
      serviceName: serviceName("s3"),
      routeTableIds: Object.values(subnets.routeTableIds),
      tags: { ...tags, Name: `${clusterName}-s3` },
    },
    opts,
  );
  if (services.length === 0) return;
  const group = createEndpointsGroup(name, args, opts);
  const subnetIds = Object.values(mapZones(subnets.ids, (_, id) => id));
  for (const service of services)
    new aws.ec2.VpcEndpoint(
      `${name}-${service.replaceAll(".", "-")}`,
      {
        vpcId: vpc.id,
        vpcEndpointType: "Interface",
        serviceName: serviceName(service),
        subnetIds,
        securityGroupIds: [group.id],
        privateDnsEnabled: true,
        tags: { ...tags, Name: `${clusterName}-${service}` },
      },
      opts,
    );
}

function createEndpointsGroup(
  name: string,
  { vpc, clusterName, blocks, tags }: EndpointsArgs,
  opts: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  const named = { ...tags, Name: `${clusterName}-endpoints` };
  const group = new aws.ec2.SecurityGroup(
    `${name}-endpoints`,
    {
      description: `Who reaches the APIs of AWS inside the VPC of ${clusterName}`,
      vpcId: vpc.id,
      tags: named,
    },
    opts,
  );
  for (const [index, cidrIpv4] of blocks.entries())
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-endpoints-from-${index === 0 ? "vpc" : cidrIpv4}`,
      {
        description: index === 0 ? "HTTPS from the VPC" : `HTTPS from ${cidrIpv4}, pods of the VPC`,
        securityGroupId: group.id,
        cidrIpv4,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        tags: named,
      },
      opts,
    );
  return group;
}
