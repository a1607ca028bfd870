import { wildcard } from "./iam-data.ts";
import { type Statement, statementsOf } from "./policy-document.ts";
import { permissionsOf, type Rule } from "./role-rules.ts";

// What must hold between Karpenter, its queue and its nodes, by the guides of Karpenter, EventBridge and EKS.

const NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass";
const NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool";
const PROFILE = "aws:iam/instanceProfile:InstanceProfile";
const QUEUE = "aws:sqs/queue:Queue";
const ROLE = "aws:iam/role:Role";

/** EventBridge may write what a rule matches into the queue, and the queue is there. */
export const queuesTakeEvents: Rule = (target, graph) => {
  if (target.type !== "aws:cloudwatch/eventTarget:EventTarget") return [];
  const { arn, rule } = target.inputs;
  const queue = String(arn).split(":").at(-1);
  const isThere = graph.ofType(QUEUE).some(({ inputs }) => inputs.name === queue);
  const statements = graph
    .ofType("aws:sqs/queuePolicy:QueuePolicy")
    .flatMap(({ inputs }) => statementsOf(inputs.policy) ?? [])
    .filter((statement) => sends(statement, arn, graph.behind(target, "rule", RULE)[0]?.inputs.name ?? rule));
  return [
    ...(isThere ? [] : [{ at: "arn", found: String(arn), allowed: "a queue of this graph" }]),
    ...(statements.length > 0
      ? []
      : [{ at: "the policy of the queue", found: `nothing for ${rule}`, allowed: "sqs:SendMessage for it" }]),
  ];
};

const RULE = "aws:cloudwatch/eventRule:EventRule";

function sends({ Effect, Action, Resource, Principal, Condition }: Statement, arn: string, rule: string) {
  const service = typeof Principal === "object" ? [Principal["Service"] ?? []].flat() : [];
  const sources = [Condition?.["ArnEquals"]?.["aws:SourceArn"] ?? []].flat();
  return (
    Effect === "Allow" &&
    [Action ?? []].flat().some((action) => wildcard(action).test("sqs:SendMessage")) &&
    [Resource ?? []].flat().includes(arn) &&
    service.includes("events.amazonaws.com") &&
    sources.some((source) => source.endsWith(`:rule/${rule}`))
  );
}

// EventBridge takes any words, and a rule with a wrong one never matches.
const EVENTS = [
  "aws.health AWS Health Event",
  "aws.ec2 EC2 Spot Instance Interruption Warning",
  "aws.ec2 EC2 Instance Rebalance Recommendation",
  "aws.ec2 EC2 Instance State-change Notification",
  "aws.ec2 EC2 Capacity Reservation Instance Interruption Warning",
];

/** A rule matches events that AWS sends. */
export const eventsExist: Rule = ({ type, inputs }) => {
  if (type !== RULE) return [];
  const pattern = JSON.parse(inputs.eventPattern) as Readonly<Record<string, readonly string[]>>;
  const event = `${pattern["source"]?.[0]} ${pattern["detail-type"]?.[0]}`;
  return EVENTS.includes(event) ? [] : [{ at: "eventPattern", found: event, allowed: EVENTS.join(", ") }];
};

/** Nodes join with the role of their instance profile: it has an access entry for nodes, and the controller may pass it. */
export const startedNodesJoin: Rule = (nodeClass, graph) => {
  if (nodeClass.type !== NODE_CLASS) return [];
  const roles = graph
    .behind(nodeClass, "spec", PROFILE)
    .flatMap((profile) => graph.behind(profile, "role", ROLE));
  if (roles.length === 0)
    return [
      { at: "spec.instanceProfile", found: "no role behind it", allowed: "an instance profile with a role" },
    ];
  return roles.flatMap((role) => {
    const entries = graph.referringTo(role, "aws:eks/accessEntry:AccessEntry", "principalArn");
    const passes = graph
      .ofType("aws:iam/rolePolicy:RolePolicy")
      .filter((policy) => (policy.propertyDependencies["policy"] ?? []).includes(role.urn))
      .flatMap(({ inputs }) => statementsOf(inputs.policy) ?? [])
      .some(({ Action }) => [Action ?? []].flat().includes("iam:PassRole"));
    return [
      ...(entries.some(({ inputs }) => inputs.type === "EC2_LINUX")
        ? []
        : [{ at: `the access entry of ${role.name}`, found: "none of type EC2_LINUX", allowed: "one" }]),
      ...(passes
        ? []
        : [{ at: "the controller", found: `no iam:PassRole for ${role.name}`, allowed: "that" }]),
    ];
  });
};

/** What Karpenter starts is in two zones or more, in the nodes' security group, encrypted, and asks for tokens. */
export const startedNodesAreSafe: Rule = (nodeClass, graph) => {
  if (nodeClass.type !== NODE_CLASS) return [];
  const { metadataOptions, blockDeviceMappings, subnetSelectorTerms, securityGroupSelectorTerms } =
    nodeClass.inputs.spec;
  const subnets = graph.behind(nodeClass, "spec", "aws:ec2/subnet:Subnet");
  const zones = new Set(subnets.map(({ inputs }) => inputs.availabilityZone));
  const isSpread = subnets.length === 0 ? subnetSelectorTerms.length >= 2 : zones.size >= 2;
  const isEncrypted = blockDeviceMappings.every(
    ({ ebs }: { readonly ebs: { readonly encrypted?: boolean } }) => ebs.encrypted === true,
  );
  return [
    ...(isSpread && subnetSelectorTerms.length >= 2
      ? []
      : [
          { at: "subnetSelectorTerms", found: `${subnetSelectorTerms.length}`, allowed: "two zones or more" },
        ]),
    ...(securityGroupSelectorTerms.length > 0
      ? []
      : [{ at: "securityGroupSelectorTerms", found: "none", allowed: "the group of the nodes" }]),
    ...(metadataOptions.httpTokens === "required" && metadataOptions.httpPutResponseHopLimit === 1
      ? []
      : [{ at: "metadataOptions", found: JSON.stringify(metadataOptions), allowed: "tokens, and one hop" }]),
    ...(isEncrypted
      ? []
      : [{ at: "blockDeviceMappings", found: "plain volumes", allowed: "encrypted ones" }]),
  ];
};

/** A pool names a class that there is, and ends. */
export const poolsAreWhole: Rule = (pool, graph) => {
  if (pool.type !== NODE_POOL) return [];
  const { template, limits } = pool.inputs.spec;
  const { group, kind, name } = template.spec.nodeClassRef;
  const isThere = graph.ofType(NODE_CLASS).some(({ inputs }) => inputs.metadata.name === name);
  return [
    ...(group === "karpenter.k8s.aws" && kind === "EC2NodeClass" && isThere
      ? []
      : [{ at: "nodeClassRef", found: `${group}/${kind} ${name}`, allowed: "a class of this graph" }]),
    ...(limits?.cpu === undefined || limits.memory === undefined
      ? [{ at: "limits", found: JSON.stringify(limits), allowed: "cpu and memory" }]
      : []),
  ];
};

/** The controller reads a queue that there is, and may. */
export const controllersReadTheirQueue: Rule = (deployment, graph) => {
  const spec = deployment.inputs.spec?.template?.spec;
  const env: readonly { readonly name: string; readonly value?: string }[] = spec?.containers?.[0]?.env ?? [];
  const queue = env.find(({ name }) => name === "INTERRUPTION_QUEUE")?.value;
  if (!deployment.type.endsWith(":Deployment") || queue === undefined) return [];
  const isThere = graph.ofType(QUEUE).some(({ inputs }) => inputs.name === queue);
  const associations = graph
    .ofType("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    .filter(({ inputs }) => inputs.serviceAccount === spec.serviceAccountName)
    .filter((association) => graph.waitsFor(deployment, association));
  const roles = associations.flatMap((association) => graph.behind(association, "roleArn", ROLE));
  const mayRead = roles.some((role) => {
    const held = permissionsOf(role, graph);
    return ["sqs:ReceiveMessage", "sqs:DeleteMessage", "ec2:RunInstances"].every(held);
  });
  return [
    ...(isThere ? [] : [{ at: "INTERRUPTION_QUEUE", found: queue, allowed: "a queue of this graph" }]),
    ...(mayRead
      ? []
      : [
          {
            at: "the controller's role",
            found: "rights that are missing, or come later",
            allowed: "the queue",
          },
        ]),
  ];
};
