import { type StackResource, TYPES } from "../resource.ts";
import { NotVisible, type Value } from "../value.ts";

const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const ROUTE = "aws:ec2/route:Route";
const GATEWAY = "aws:ec2/internetGateway:InternetGateway";

/**
 * The subnets that a resource's subnet ids come from. AWS makes those ids, so before deployment they are known by their source
 * alone; and where the source is not the subnet itself, such as the association with its route table, by that one's source.
 */
export function subnetsBehind(resource: StackResource, resources: readonly StackResource[]): StackResource[] {
  const urns = Object.entries(resource.sources)
    .filter(([input]) => /^(?:subnetIds?|vpcConfig|subnets)$/.test(input))
    .flatMap(([, sources]) => sources);
  return resources
    .filter(({ urn }) => urns.includes(urn))
    .flatMap((source) => (source.type === TYPES.subnet ? [source] : subnetsBehind(source, resources)));
}

/**
 * Whether a subnet's route table leads to an internet gateway. Throws NotVisible where the stack has no route table for it, unless the
 * subnet says by its tags or its name what it is for.
 */
export function isPublicSubnet(subnet: StackResource, resources: readonly StackResource[]): boolean {
  const tables = resources
    .filter(({ type, sources }) => type === ASSOCIATION && sources["subnetId"]?.includes(subnet.urn))
    .flatMap(({ sources }) => sources["routeTableId"] ?? []);
  if (tables.length > 0) return tables.some((urn) => leadsToInternet(urn, resources));
  const purpose = statedPurpose(subnet);
  if (purpose === undefined)
    throw new NotVisible(`the route table of subnet ${subnet.name} is not a resource of this stack`);
  return purpose === "public";
}

function leadsToInternet(table: string, resources: readonly StackResource[]): boolean {
  const gateways = resources.filter(({ type }) => type === GATEWAY).map(({ urn }) => urn);
  const comesFromGateway = (sources: readonly string[] = []) => sources.some((urn) => gateways.includes(urn));
  return resources.some(({ urn, type, properties, sources }) => {
    if (type === ROUTE)
      return (
        sources["routeTableId"]?.includes(table) === true &&
        (comesFromGateway(sources["gatewayId"]) || isGatewayId(properties.at("gatewayId")))
      );
    return urn === table && inlineRoutes(properties).some((route) => route.at("gatewayId").exists)
      ? comesFromGateway(sources["routes"]) ||
          inlineRoutes(properties).some((route) => isGatewayId(route.at("gatewayId")))
      : false;
  });
}

function inlineRoutes(table: Value): Value[] {
  const routes = table.at("routes");
  return routes.exists && routes.known ? routes.items() : [];
}

function isGatewayId(value: Value): boolean {
  return value.exists && value.known && /^igw-/.test(value.text() ?? "");
}

/** The tags by which load balancer controllers choose subnets, or a word of its name. */
function statedPurpose({ name, properties }: StackResource): "public" | "private" | undefined {
  const tags = properties.at("tags");
  if (tags.at("kubernetes.io/role/internal-elb").exists) return "private";
  if (tags.at("kubernetes.io/role/elb").exists) return "public";
  const words = `${name} ${tags.at("Name").text() ?? ""}`.toLowerCase();
  if (/\b(?:private|internal|intra|isolated|database)\b/.test(words)) return "private";
  return /\bpublic\b/.test(words) ? "public" : undefined;
}
