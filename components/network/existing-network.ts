import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../core/problems.ts";
import { existingNetworkProblems } from "./existing.ts";
import { type NetworkSettings, networkProblems } from "./model.ts";

/** A network that exists already. */
export interface ExistingNetworkArgs {
  readonly settings: NetworkSettings;
}

/**
 * A VPC and its private subnets that somebody else made. Nothing of it is created or changed. Each is read by its id, and the engine
 * refuses one that does not exist; what it says of itself is compared with the settings before anything is built in it, by the preview
 * of the engine too. Without an engine nothing is asked.
 *
 * Throws an InvalidInputError that lists every problem of the settings.
 */
export class ExistingNetwork extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Private subnet by zone, known once all were compared. */
  readonly privateSubnetIds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, { settings }: ExistingNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const problems = networkProblems(settings, "settings");
    if (problems.length > 0) throw new InvalidInputError(`ExistingNetwork ${name}`, problems);
    const { existing } = settings;
    if (existing === undefined) throw new Error("a network that exists without its ids");
    super("bellwether:network:ExistingNetwork", name, {}, opts);

    const child = { parent: this };
    const vpc = aws.ec2.Vpc.get(name, existing.vpcId, undefined, child);
    const subnets = existing.privateSubnets.map((id, index) =>
      aws.ec2.Subnet.get(`${name}-private-${settings.zones[index]}`, id, undefined, child),
    );
    const compared = pulumi
      .all([factsOf(vpc), pulumi.all(subnets.map(subnetFactsOf))])
      .apply(([facts, all]) => {
        const differences = existingNetworkProblems(settings, facts, all);
        if (differences.length === 0) return;
        // Ends the program without a stack trace: what is wrong is the network or the file.
        throw new pulumi.RunError(new InvalidInputError(`The existing ${name}`, differences).message);
      });
    const once = (id: pulumi.Output<string>) => pulumi.all([id, compared]).apply(([known]) => known);
    this.vpcId = once(vpc.id);
    this.privateSubnetIds = Object.fromEntries(
      subnets.map(({ id }, index) => [settings.zones[index] ?? "", once(id)]),
    );
    this.registerOutputs({ vpcId: this.vpcId, privateSubnetIds: this.privateSubnetIds });
  }
}

function factsOf({ cidrBlock, enableDnsSupport, enableDnsHostnames }: aws.ec2.Vpc) {
  return pulumi.output({ cidrBlock, enableDnsSupport, enableDnsHostnames });
}

function subnetFactsOf({ vpcId, availabilityZone, cidrBlock }: aws.ec2.Subnet) {
  return pulumi.output({ vpcId, availabilityZone, cidrBlock });
}
