import type { Mistake } from "./mistake.ts";

const CLASS = { type: "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", name: "autoscaler-class-general" };
const POOL = { type: "kubernetes:karpenter.sh/v1:NodePool", name: "autoscaler-pool-general" };
const QUEUE = { type: "aws:sqs/queue:Queue", name: "autoscaler-interruptions" };
const RULE = { type: "aws:cloudwatch/eventRule:EventRule", name: "autoscaler-spot" };
const CONTROLLER = { type: "kubernetes:apps/v1:Deployment", name: "autoscaler-controller" };
const RIGHTS = { type: "aws:iam/rolePolicy:RolePolicy", name: "autoscaler-controller" };

/** Mistakes in Karpenter and what belongs to it. */
export const KARPENTER_MISTAKES: Readonly<Record<string, Mistake>> = {
  "a queue that EventBridge may not write into": {
    type: "aws:sqs/queuePolicy:QueuePolicy",
    name: "autoscaler-interruptions",
    make: (inputs) => (inputs.policy = inputs.policy.replace("events.amazonaws.com", "ec2.amazonaws.com")),
    says: /the policy of the queue is nothing for/,
  },
  "a rule that the queue does not know": {
    ...RULE,
    make: (inputs) => (inputs.name = "prod-spot"),
    says: /the policy of the queue is nothing for/,
  },
  "a kind of event that AWS does not send": {
    ...RULE,
    make: (inputs) =>
      (inputs.eventPattern = inputs.eventPattern.replace("Interruption Warning", "Interruption")),
    says: /eventPattern is aws\.ec2 EC2 Spot Instance Interruption;/,
  },
  "a queue whose name has a space": {
    ...QUEUE,
    make: (inputs) => (inputs.name = "prod interruptions"),
    says: /INTERRUPTION_QUEUE is prod-karpenter/,
  },
  "a controller that reads another queue": {
    ...CONTROLLER,
    make: ({ spec }) => {
      const { env } = spec.template.spec.containers[0];
      env.find(({ name }: { name: string }) => name === "INTERRUPTION_QUEUE").value = "prod";
    },
    says: /INTERRUPTION_QUEUE is prod;/,
  },
  "a controller that may not start instances": {
    ...RIGHTS,
    make: ({ policy }) => {
      for (const statement of policy.Statement)
        if (Array.isArray(statement.Action))
          statement.Action = statement.Action.filter((action: string) => action !== "ec2:RunInstances");
    },
    says: /the controller's role is rights that are missing/,
  },
  "a controller that starts before its rights": {
    ...CONTROLLER,
    make: (_, resource) =>
      (resource.dependsOn = resource.dependsOn.filter((urn) => !urn.includes("podIdentityAssociation"))),
    says: /the controller's role is rights that are missing, or come later/,
  },
  "a controller that may not pass the role of its nodes": {
    ...RIGHTS,
    make: ({ policy }) => {
      policy.Statement = policy.Statement.filter(({ Sid }: { Sid: string }) => Sid !== "PassTheNodesRole");
    },
    says: /no iam:PassRole for autoscaler-nodes/,
  },
  "a condition with a key that the action does not have": {
    ...RIGHTS,
    make: ({ policy }) => (policy.Statement[2].Condition.StringEquals["eks:clusterName"] = "prod"),
    says: /eks:clusterName/,
  },
  "nodes that may not join": {
    type: "aws:eks/accessEntry:AccessEntry",
    name: "autoscaler-nodes",
    make: (inputs) => (inputs.type = "STANDARD"),
    says: /none of type EC2_LINUX/,
  },
  "nodes whose role EC2 does not get": {
    type: "aws:iam/role:Role",
    name: "autoscaler-nodes",
    make: (inputs) => (inputs.assumeRolePolicy = inputs.assumeRolePolicy.replace("ec2.", "eks.")),
    says: /the trust policy of autoscaler-nodes/,
  },
  "nodes in one zone": {
    ...CLASS,
    make: ({ spec }) => spec.subnetSelectorTerms.splice(1),
    says: /subnetSelectorTerms is 1/,
  },
  "nodes in no security group": {
    ...CLASS,
    make: ({ spec }) => (spec.securityGroupSelectorTerms = []),
    says: /securityGroupSelectorTerms is none/,
  },
  "nodes whose metadata pods can read": {
    ...CLASS,
    make: ({ spec }) => (spec.metadataOptions.httpPutResponseHopLimit = 2),
    says: /metadataOptions is/,
  },
  "nodes with a plain disk": {
    ...CLASS,
    make: ({ spec }) => delete spec.blockDeviceMappings[0].ebs.encrypted,
    says: /plain volumes/,
  },
  "a pool of a class that there is not": {
    ...POOL,
    make: ({ spec }) => (spec.template.spec.nodeClassRef.name = "default"),
    says: /nodeClassRef is karpenter\.k8s\.aws\/EC2NodeClass default/,
  },
  "a pool without an end": {
    ...POOL,
    make: ({ spec }) => delete spec.limits.memory,
    says: /limits is/,
  },
};
