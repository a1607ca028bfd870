import type { Finding } from "./fault.ts";
import { type GraphResource, isUnknown } from "./graph.ts";
import type { Relations } from "./relations.ts";
import type { Rule } from "./role-rules.ts";

// What must hold between the parts of a network, by the Amazon VPC user guide. IPv4 only, as the platform is.

const SUBNET = "aws:ec2/subnet:Subnet";
const VPC = "aws:ec2/vpc:Vpc";
const ASSOCIATION = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation";

interface Range {
  readonly first: number;
  readonly last: number;
  readonly length: number;
}

/** Computed apart from the product's own arithmetic, which is what it checks. */
function rangeOf(block: string): Range | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(block);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, length = 0] = match.slice(1).map(Number);
  const size = 2 ** (32 - length);
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  return first % size === 0 && length <= 32 && [a, b, c, d].every((octet) => octet < 256)
    ? { first, last: first + size - 1, length }
    : undefined;
}

/** A subnet lies in its VPC, is of a size that EC2 takes, and shares no address with another one. */
export const subnetsFit: Rule = (resource, graph) => {
  if (resource.type !== SUBNET) return [];
  const block = String(resource.inputs.cidrBlock);
  const own = rangeOf(block);
  const [vpc] = graph.behind(resource, "vpcId", VPC);
  const outer = graph
    .ofType(ASSOCIATION)
    .filter((association) => graph.behind(association, "vpcId", VPC)[0] === vpc)
    .concat(vpc ?? [])
    .map(({ inputs }) => rangeOf(inputs.cidrBlock))
    .filter((range) => range !== undefined);
  if (own === undefined || own.length < 16 || own.length > 28)
    return [{ at: "cidrBlock", found: block, allowed: "a block of /16 to /28 without host bits" }];
  const faults: Finding[] = [];
  if (outer.length > 0 && !outer.some(({ first, last }) => own.first >= first && own.last <= last))
    faults.push({ at: "cidrBlock", found: block, allowed: "a block inside one of the VPC's" });
  for (const other of graph.ofType(SUBNET)) {
    const theirs = rangeOf(other.inputs.cidrBlock);
    if (other === resource || theirs === undefined || other.name < resource.name) continue;
    if (own.first <= theirs.last && theirs.first <= own.last)
      faults.push({
        at: "cidrBlock",
        found: block,
        allowed: `a block apart from ${other.name}, ${theirs.first}`,
      });
  }
  return faults;
};

/** A zone is of the provider's region. */
export const zonesAreOfTheRegion: Rule = ({ type, inputs }, graph) => {
  if (type !== SUBNET) return [];
  const region = graph.ofType("pulumi:providers:aws")[0]?.inputs.region;
  return String(inputs.availabilityZone).startsWith(`${region}`)
    ? []
    : [{ at: "availabilityZone", found: inputs.availabilityZone, allowed: `a zone of ${region}` }];
};

const TARGETS = [
  "gatewayId",
  "natGatewayId",
  "transitGatewayId",
  "vpcPeeringConnectionId",
  "vpcEndpointId",
  "networkInterfaceId",
  "egressOnlyGatewayId",
];
const DESTINATIONS = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"];

/** A route leads from one destination to one target. */
export const routesLeadSomewhere: Rule = ({ type, inputs }) => {
  if (type !== "aws:ec2/route:Route") return [];
  return [...exactlyOne(inputs, TARGETS, "a target"), ...exactlyOne(inputs, DESTINATIONS, "a destination")];
};

/** A rule of a security group has one source, and ports that the protocol has. */
export const rulesHaveOneSource: Rule = ({ type, inputs }) => {
  if (!/^aws:vpc\/securityGroup(?:Ingress|Egress)Rule:/.test(type)) return [];
  const { ipProtocol, fromPort, toPort, cidrIpv4 } = inputs;
  const all = ipProtocol === "-1";
  return [
    ...exactlyOne(inputs, ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"], "a source"),
    ...(cidrIpv4 === undefined || isUnknown(cidrIpv4) || rangeOf(cidrIpv4) !== undefined
      ? []
      : [{ at: "cidrIpv4", found: cidrIpv4, allowed: "a block without host bits" }]),
    ...(all === (fromPort === undefined) && all === (toPort === undefined)
      ? []
      : [
          {
            at: "fromPort",
            found: `${fromPort} to ${toPort} for ${ipProtocol}`,
            allowed: "ports, but for all protocols",
          },
        ]),
    ...(all || fromPort <= toPort
      ? []
      : [{ at: "fromPort", found: `${fromPort} to ${toPort}`, allowed: "a range that ascends" }]),
  ];
};

function exactlyOne(
  inputs: GraphResource["inputs"],
  fields: readonly string[],
  what: string,
): readonly Finding[] {
  const given = fields.filter((field) => inputs[field] !== undefined);
  if (given.length === 1) return [];
  return [{ at: what, found: given.join(" and ") || "none", allowed: `one of ${fields.join(", ")}` }];
}

/** A public NAT gateway is in a subnet whose route table leads to an internet gateway. */
export const natGatewaysReachTheInternet: Rule = (resource, graph) => {
  if (resource.type !== "aws:ec2/natGateway:NatGateway" || resource.inputs.connectivityType === "private")
    return [];
  return graph
    .behind(resource, "subnetId", SUBNET)
    .filter((subnet) => !routesOf(subnet, graph).some(({ inputs }) => inputs.gatewayId !== undefined))
    .map((subnet) => ({
      at: "subnetId",
      found: subnet.name,
      allowed: "a subnet with a route to an internet gateway",
    }));
};

function routesOf(subnet: GraphResource, graph: Relations): readonly GraphResource[] {
  return graph
    .referringTo(subnet, "aws:ec2/routeTableAssociation:RouteTableAssociation", "subnetId")
    .flatMap((association) => graph.behind(association, "routeTableId", "aws:ec2/routeTable:RouteTable"))
    .flatMap((table) => graph.referringTo(table, "aws:ec2/route:Route", "routeTableId"));
}

/** A VPC endpoint has what its type needs, and nothing of the other type. */
export const endpointsAreOfOneType: Rule = ({ type, inputs }, graph) => {
  if (type !== "aws:ec2/vpcEndpoint:VpcEndpoint") return [];
  const region = graph.ofType("pulumi:providers:aws")[0]?.inputs.region;
  const [needed, other] =
    inputs.vpcEndpointType === "Interface"
      ? [["subnetIds", "securityGroupIds"], ["routeTableIds"]]
      : [["routeTableIds"], ["subnetIds", "securityGroupIds", "privateDnsEnabled"]];
  return [
    ...needed
      .filter((field) => inputs[field] === undefined)
      .map((field) => ({ at: field, found: "missing", allowed: "a value" })),
    ...other
      .filter((field) => inputs[field] !== undefined)
      .map((field) => ({ at: field, found: "a value", allowed: `nothing for ${inputs.vpcEndpointType}` })),
    ...(new RegExp(`^(?:cn\\.)?com\\.amazonaws\\.${region}\\.[a-z0-9.-]+$`).test(inputs.serviceName)
      ? []
      : [{ at: "serviceName", found: inputs.serviceName, allowed: `a service of ${region}` }]),
  ];
};
