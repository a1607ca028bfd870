import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkSettings } from "./model.ts";
import { type ByZone, mapZones, type NetworkPlace, type PublicSubnets } from "./subnets.ts";

/**
 * The NAT gateways, each with an address of its own: one in every zone, or a single one in the first zone listed. An address
 * and a gateway need the internet gateway attached, and AWS refuses to detach it while they are there: hence the order.
 */
export function createNatGateways(
  name: string,
  {
    clusterName,
    tags,
    settings,
    publicSubnets,
  }: NetworkPlace & { readonly settings: NetworkSettings; readonly publicSubnets: PublicSubnets },
  opts: pulumi.CustomResourceOptions,
): ByZone<aws.ec2.NatGateway> {
  const zones = settings.natGateways === "per-zone" ? settings.zones : settings.zones.slice(0, 1);
  const subnets = Object.fromEntries(
    Object.entries(publicSubnets.ids).filter(([zone]) => zones.includes(zone)),
  );
  const attached = pulumi.mergeOptions(opts, { dependsOn: [publicSubnets.internetGateway] });
  return mapZones(subnets, (zone, subnetId) => {
    const named = { ...tags, Name: `${clusterName}-nat-${zone}` };
    const address = new aws.ec2.Eip(`${name}-nat-${zone}`, { domain: "vpc", tags: named }, attached);
    return new aws.ec2.NatGateway(
      `${name}-nat-${zone}`,
      { subnetId, allocationId: address.id, tags: named },
      attached,
    );
  });
}

/** The gateway of a zone: its own, or the only one that there is. Undefined, where there is none. */
export function natGatewayFor(
  gateways: ByZone<aws.ec2.NatGateway>,
  zone: string,
): aws.ec2.NatGateway | undefined {
  return gateways[zone] ?? Object.values(gateways)[0];
}
