import type { Problem } from "../core/problems.ts";
import { joinPath, shown } from "../core/problems.ts";
import { addressCount } from "./cidr.ts";
import type { NetworkSettings } from "./model.ts";

// What a network that exists says of itself, against what the settings say. The paths are those of the stack's file.
const PATH = "environment.network";

/** What AWS knows of a VPC. */
interface VpcFacts {
  readonly cidrBlock: string;
  readonly enableDnsSupport: boolean | undefined;
  readonly enableDnsHostnames: boolean;
}

/** What AWS knows of a subnet. */
interface SubnetFacts {
  readonly vpcId: string;
  readonly availabilityZone: string;
  readonly cidrBlock: string;
}

/** What is wrong with an existing VPC and its private subnets, which are in the order of zones. */
export function existingNetworkProblems(
  settings: NetworkSettings,
  vpc: VpcFacts,
  subnets: readonly SubnetFacts[],
): Problem[] {
  return [
    ...vpcProblems(settings, vpc),
    ...subnets.flatMap((subnet, index) => subnetProblems(settings, index, subnet)),
  ];
}

function vpcProblems({ cidr, existing }: NetworkSettings, facts: VpcFacts): Problem[] {
  const vpcId = existing?.vpcId ?? "";
  const problems: Problem[] = [];
  if (facts.cidrBlock !== cidr)
    problems.push({
      path: joinPath(PATH, ["cidr"]),
      found: `${shown(cidr)}, but ${vpcId} has ${facts.cidrBlock}`,
      allowed: "the primary block of the VPC",
      fix: `write ${facts.cidrBlock}, or another VPC`,
    });
  if (!facts.enableDnsSupport || !facts.enableDnsHostnames)
    problems.push({
      path: joinPath(PATH, ["existing", "vpcId"]),
      found: `${shown(vpcId)}, which does not resolve the name of a private endpoint`,
      allowed: "a VPC with DNS support and DNS host names",
      fix: `aws ec2 modify-vpc-attribute --vpc-id ${vpcId} --enable-dns-hostnames`,
    });
  return problems;
}

/**
 * Addresses that a private subnet needs. The VPC CNI gives every pod one: a node of the smallest size with its pods takes 30, and a node
 * group replaces nodes before it ends them.
 */
const FEWEST_ADDRESSES = 256;

function subnetProblems(settings: NetworkSettings, index: number, facts: SubnetFacts): Problem[] {
  const { zones, existing } = settings;
  const subnetId = existing?.privateSubnets[index] ?? "";
  const path = joinPath(PATH, ["existing", "privateSubnets", index]);
  const problem = (found: string, allowed: string, fix: string) => ({
    path,
    found: `${shown(subnetId)}, ${found}`,
    allowed,
    fix,
  });
  const problems: Problem[] = [];
  if (facts.vpcId !== existing?.vpcId)
    problems.push(
      problem(`of the VPC ${facts.vpcId}`, `a subnet of ${existing?.vpcId}`, "name another subnet"),
    );
  if (facts.availabilityZone !== zones[index])
    problems.push(
      problem(
        `in ${facts.availabilityZone}`,
        `a subnet in ${zones[index]}: one for each zone, in the order of zones`,
        "change the order, or name another subnet",
      ),
    );
  if (addressCount(facts.cidrBlock) < FEWEST_ADDRESSES)
    problems.push(
      problem(
        `a block of ${addressCount(facts.cidrBlock)} addresses`,
        `at least ${FEWEST_ADDRESSES}, a /24: every pod takes an address`,
        "name a larger subnet",
      ),
    );
  return problems;
}
