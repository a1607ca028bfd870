import type { Mistake } from "./mistake.ts";

const BALANCER = { type: "aws:lb/loadBalancer:LoadBalancer", name: "ingress" };
const LISTENER = { type: "aws:lb/listener:Listener", name: "ingress" };
const RULE = { type: "aws:lb/listenerRule:ListenerRule", name: "ingress-prometheus" };
const GROUP = { type: "aws:lb/targetGroup:TargetGroup", name: "ingress-prometheus" };

/** Mistakes in a load balancer and what belongs to it. */
export const INGRESS_MISTAKES: Readonly<Record<string, Mistake>> = {
  "a load balancer in one zone": {
    type: "aws:ec2/subnet:Subnet",
    name: "network-ingress-eu-central-1b",
    make: (inputs) => (inputs.availabilityZone = "eu-central-1a"),
    says: /3 subnets in 2 zones/,
  },
  "a subnet that is too small for a load balancer": {
    type: "aws:ec2/subnet:Subnet",
    name: "network-ingress-eu-central-1b",
    make: (inputs) => (inputs.cidrBlock = "10.40.252.128/28"),
    says: /allowed: a \/27/,
  },
  "a load balancer of a type that there is not": {
    ...BALANCER,
    make: (inputs) => (inputs.loadBalancerType = "alb"),
    says: /CreateLoadBalancer\.Type is "alb"/,
  },
  "sign-in without a way to the identity provider": {
    type: "aws:ec2/route:Route",
    name: "network-private-eu-central-1a",
    make: (inputs) => {
      delete inputs.natGatewayId;
      inputs.gatewayId = "local";
    },
    says: /network-ingress-eu-central-1a, without a route/,
  },
  "a listener without encryption": {
    ...LISTENER,
    make: (inputs) => (inputs.protocol = "HTTP"),
    says: /protocol is HTTP; allowed: HTTPS/,
  },
  "a listener on a port that is none": {
    ...LISTENER,
    make: (inputs) => (inputs.port = 70_000),
    says: /CreateListener\.Port is 70000/,
  },
  "a rule with the number of another": {
    ...RULE,
    make: (inputs) => (inputs.priority = 20),
    says: /priority is 20, 2 times/,
  },
  "a rule that signs in after it has forwarded": {
    ...RULE,
    make: (inputs) => (inputs.actions[0].order = 3),
    says: /that last/,
  },
  "a rule that refuses by a word that there is not": {
    ...RULE,
    make: (inputs) => (inputs.actions[0].authenticateOidc.onUnauthenticatedRequest = "refuse"),
    says: /OnUnauthenticatedRequest is "refuse"/,
  },
  "a rule with more addresses than one takes": {
    ...RULE,
    make: (inputs) =>
      inputs.conditions.push({ sourceIp: { values: [1, 2, 3, 4, 5].map((n) => `10.8.${n}.0/24`) } }),
    says: /conditions is 6 values/,
  },
  "pods by address in a group of instances": {
    ...GROUP,
    make: (inputs) => (inputs.targetType = "instance"),
    says: /instance on 9090, and pods are registered by ip/,
  },
  "a check of health every second": {
    ...GROUP,
    make: (inputs) => (inputs.healthCheck.interval = 1),
    says: /HealthCheckIntervalSeconds is 1; allowed: 5/,
  },
  "a certificate that is proved by a letter": {
    type: "aws:acm/certificate:Certificate",
    name: "ingress",
    make: (inputs) => (inputs.validationMethod = "LETTER"),
    says: /ValidationMethod is "LETTER"/,
  },
  "a name of a type that DNS does not have": {
    type: "aws:route53/record:Record",
    name: "ingress-prometheus",
    make: (inputs) => (inputs.type = "ALIAS"),
    says: /Type is "ALIAS"/,
  },
  "a controller that may register in a load balancer": {
    type: "aws:iam/rolePolicy:RolePolicy",
    name: "ingress-controller",
    make: (inputs) =>
      (inputs.policy.Statement[1].Resource =
        "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/prod/0123456789abcdef"),
    says: /ingress-controller/,
  },
};
