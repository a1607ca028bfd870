import type { Mistake } from "./mistake.ts";

const LOGS_KEY = { type: "aws:kms/key:Key", name: "cluster-logs-key" };
const WRITER = { type: "aws:iam/role:Role", name: "samples-writer" };
const WRITING = { type: "aws:iam/rolePolicy:RolePolicy", name: "samples-writer" };
const FLOW_RIGHTS = { type: "aws:iam/rolePolicy:RolePolicy", name: "network-flow-logs" };
const PULLS = { type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", name: "cluster-nodes-pull" };
const DRIVER = { type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", name: "cluster-ebs-csi" };

/** Changes the text of a document, wherever it stands. */
const inDocument =
  (field: string, from: string, to: string): Mistake["make"] =>
  (inputs) => {
    const text = typeof inputs[field] === "string" ? inputs[field] : JSON.stringify(inputs[field]);
    if (!text.includes(from)) throw new Error(`${field} has no ${from}: ${text}`);
    inputs[field] = text.replaceAll(from, to);
  };

/** Mistakes in documents of IAM, and between a role or a key and what uses it. */
export const DOCUMENT_MISTAKES: Readonly<Record<string, Mistake>> = {
  "Pod Identity without sts:TagSession": {
    ...WRITER,
    make: inDocument("assumeRolePolicy", ',"sts:TagSession"', ""),
    says: /nothing that allows sts:TagSession/,
  },
  "Pod Identity that trusts EKS itself": {
    ...WRITER,
    make: inDocument("assumeRolePolicy", "pods.eks.amazonaws.com", "eks.amazonaws.com"),
    says: /nothing that allows sts:AssumeRole for aws:eks\/podIdentityAssociation/,
  },
  "Pod Identity for another service account": {
    ...WRITER,
    make: inDocument("assumeRolePolicy", '"prometheus"', '"grafana"'),
    says: /kubernetes-service-account in the trust policy of samples-writer is grafana/,
  },
  "a trust policy that names a resource": {
    ...WRITER,
    make: inDocument("assumeRolePolicy", '"Effect":"Allow"', '"Effect":"Allow","Resource":"*"'),
    says: /Statement\[0\]\.Resource is there/,
  },
  "a tag that IAM spells otherwise in a condition": {
    ...WRITER,
    make: inDocument("assumeRolePolicy", "aws:RequestTag/", "aws:RequestTags/"),
    says: /Condition is aws:RequestTags\/eks-cluster-name/,
  },
  "a name of a role that is too long": {
    ...WRITER,
    make: (inputs) => (inputs.name = "r".repeat(65)),
    says: /RoleName is 65 characters/,
  },
  "an action that AMP does not have": {
    ...WRITING,
    make: inDocument("policy", "aps:RemoteWrite", "aps:WriteMetrics"),
    says: /Action is aps:WriteMetrics/,
  },
  "an action on a resource of another service": {
    ...WRITING,
    make: (inputs) => (inputs.policy.Statement[0].Resource = "arn:aws:s3:::samples"),
    says: /Resource is arn:aws:s3:::samples for aps:RemoteWrite/,
  },
  "a statement whose effect is in capitals": {
    ...WRITING,
    make: (inputs) => (inputs.policy.Statement[0].Effect = "ALLOW"),
    says: /Effect is ALLOW/,
  },
  "a document of 2008": {
    ...WRITING,
    make: (inputs) => (inputs.policy.Version = "2008-10-17"),
    says: /Version is "2008-10-17"/,
  },
  "a managed policy with a path that it does not have": {
    ...DRIVER,
    make: (inputs) => (inputs.policyArn = "arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicy"),
    says: /allowed: arn:aws:iam::aws:policy\/service-role\/AmazonEBSCSIDriverPolicy/,
  },
  "nodes that may not pull images": {
    ...PULLS,
    make: (inputs) => (inputs.policyArn = "arn:aws:iam::aws:policy/AmazonEKSServicePolicy"),
    says: /no AmazonEC2ContainerRegistryPullOnly/,
  },
  "a key that CloudWatch Logs may not use": {
    ...LOGS_KEY,
    make: inDocument("policy", "logs.eu-central-1.amazonaws.com", "cloudwatch.amazonaws.com"),
    says: /cluster-logs: the policy of the key cluster-logs-key is no kms:Encrypt/,
  },
  "a key for the logs of another cluster": {
    ...LOGS_KEY,
    make: inDocument("policy", "/aws/eks/prod/cluster", "/aws/eks/staging/cluster"),
    says: /no kms:Encrypt for CloudWatch Logs and \/aws\/eks\/prod\/cluster/,
  },
  "a key that nobody administers": {
    ...LOGS_KEY,
    make: inDocument("policy", '"kms:*"', '"kms:DescribeKey"'),
    says: /nobody who may change it/,
  },
  "a condition that compares an ARN as a number": {
    ...LOGS_KEY,
    make: inDocument("policy", "ArnEquals", "NumericEquals"),
    says: /NumericEquals of kms:EncryptionContext/,
  },
  "flow logs that may not write": {
    ...FLOW_RIGHTS,
    make: inDocument("policy", '"logs:PutLogEvents"', '"logs:GetLogEvents"'),
    says: /no logs:PutLogEvents/,
  },
  "an action without resources on a resource": {
    ...FLOW_RIGHTS,
    make: inDocument(
      "policy",
      '"Resource":"*"',
      '"Resource":"arn:aws:logs:eu-central-1:111122223333:log-group:*"',
    ),
    says: /logs:DescribeLogGroups; allowed: \*/,
  },
};
