import type { Rule } from "./role-rules.ts";

// What must hold between the parts of a load balancer, by the user guide of Application Load Balancers.

const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const LISTENER = "aws:lb/listener:Listener";
const RULE = "aws:lb/listenerRule:ListenerRule";
const SUBNET = "aws:ec2/subnet:Subnet";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";

/** Two zones or more, one subnet in each, of a /27 or more. */
export const balancersHaveTwoZones: Rule = (resource, graph) => {
  if (resource.type !== LOAD_BALANCER) return [];
  const subnets = graph.behind(resource, "subnets", SUBNET);
  if (subnets.length === 0 && resource.inputs.subnets.length >= 2) return [];
  const zones = new Set(subnets.map(({ inputs }) => inputs.availabilityZone));
  return [
    ...(zones.size >= 2 && zones.size === subnets.length
      ? []
      : [
          {
            at: "subnets",
            found: `${subnets.length} subnets in ${zones.size} zones`,
            allowed: "one in each of two zones or more",
          },
        ]),
    ...subnets
      .filter(({ inputs }) => Number(inputs.cidrBlock.split("/")[1]) > 27)
      .map(({ inputs }) => ({ at: "subnets", found: inputs.cidrBlock, allowed: "a /27 or more" })),
  ];
};

/** A load balancer with private addresses reaches an identity provider through a NAT gateway alone. */
export const signInIsReached: Rule = (resource, graph) => {
  if (resource.type !== LOAD_BALANCER || resource.inputs.internal !== true) return [];
  return graph
    .behind(resource, "subnets", SUBNET)
    .filter(
      (subnet) =>
        !graph
          .referringTo(subnet, "aws:ec2/routeTableAssociation:RouteTableAssociation", "subnetId")
          .flatMap((association) =>
            graph.behind(association, "routeTableId", "aws:ec2/routeTable:RouteTable"),
          )
          .flatMap((table) => graph.referringTo(table, "aws:ec2/route:Route", "routeTableId"))
          .some(({ inputs }) => inputs.natGatewayId !== undefined),
    )
    .map(({ name }) => ({
      at: "subnets",
      found: `${name}, without a route to a NAT gateway`,
      allowed: "a route to one: otherwise nobody can sign in",
    }));
};

/** People sign in over HTTPS, which has a certificate and a policy. */
export const listenersAreEncrypted: Rule = ({ type, inputs }) => {
  if (type !== LISTENER) return [];
  const hasAll = inputs.certificateArn !== undefined && inputs.sslPolicy !== undefined;
  return inputs.protocol === "HTTPS" && hasAll
    ? []
    : [{ at: "protocol", found: inputs.protocol, allowed: "HTTPS, with certificateArn and sslPolicy" }];
};

/** A rule has a place of its own, five values at most, and ends in one action that answers. */
export const rulesAnswer: Rule = (rule, graph) => {
  if (rule.type !== RULE) return [];
  const { priority, conditions, actions } = rule.inputs;
  const alike = graph.ofType(RULE).filter(({ inputs }) => inputs.priority === priority);
  const values = conditions.flatMap(
    (condition: Readonly<Record<string, { readonly values: readonly string[] }>>) =>
      Object.values(condition).flatMap((each) => each.values),
  );
  const answering = actions.filter(({ type }: { readonly type: string }) =>
    ["forward", "redirect", "fixed-response"].includes(type),
  );
  const last = [...actions].sort((a, b) => a.order - b.order).at(-1);
  return [
    ...(alike.length === 1
      ? []
      : [{ at: "priority", found: `${priority}, ${alike.length} times`, allowed: "a number once" }]),
    ...(values.length <= 5
      ? []
      : [{ at: "conditions", found: `${values.length} values`, allowed: "five at most" }]),
    ...(answering.length === 1 && answering[0] === last
      ? []
      : [
          {
            at: "actions",
            found: actions.map(({ type }: { readonly type: string }) => type).join(", "),
            allowed: "one that forwards, redirects or answers, and that last",
          },
        ]),
  ];
};

/** Pods are registered by address: a group of another type takes none. */
export const podsAreRegistered: Rule = (group, graph) => {
  if (group.type !== TARGET_GROUP) return [];
  return graph
    .referringTo(group, "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding", "spec")
    .map(({ inputs }) => inputs.spec)
    .filter(
      ({ targetType, serviceRef }) =>
        targetType !== group.inputs.targetType || serviceRef.port !== group.inputs.port,
    )
    .map(({ targetType, serviceRef }) => ({
      at: "targetType",
      found: `${group.inputs.targetType} on ${group.inputs.port}, and pods are registered by ${targetType} on ${serviceRef.port}`,
      allowed: "the same type and port",
    }));
};
