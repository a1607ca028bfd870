import type { Finding } from "./fault.ts";
import type { GraphResource } from "./graph.ts";
import { wildcard } from "./iam-data.ts";
import { type Statement, statementsOf } from "./policy-document.ts";
import type { Relations } from "./relations.ts";
import { permissionsOf, type Rule } from "./role-rules.ts";

// What must hold between a key and whoever encrypts with it: EC2 Auto Scaling user guide (Required KMS key policy), Amazon EBS CSI driver,
// Amazon SNS (Key management), Amazon Managed Service for Prometheus (Encryption at rest, permission to publish), Amazon S3 (SSE-KMS).

const KEY = "aws:kms/key:Key";
const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation";
const USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:GenerateDataKey", "kms:DescribeKey"];

function lets(
  key: GraphResource,
  who: (principal: string) => boolean,
  action: string,
): Statement | undefined {
  return (statementsOf(key.inputs.policy) ?? []).find(
    ({ Effect, Action, Principal }) =>
      Effect === "Allow" &&
      typeof Principal === "object" &&
      Object.values(Principal).flat().some(who) &&
      [Action ?? []].flat().some((pattern) => wildcard(pattern).test(action)),
  );
}

/** Auto Scaling, which no policy of IAM can allow anything, may use the key of the disks of its nodes, and let EC2 use it. */
export const autoScalingMayUseTheKey: Rule = (group, graph) => {
  if (group.type !== NODE_GROUP) return [];
  const isAutoScaling = (principal: string) =>
    /:role\/aws-service-role\/autoscaling\.amazonaws\.com\/AWSServiceRoleForAutoScaling$/.test(principal);
  return graph
    .behind(group, "launchTemplate", TEMPLATE)
    .flatMap((template) => graph.behind(template, "blockDeviceMappings", KEY))
    .flatMap((key) => {
      const missing = [...USE, "kms:CreateGrant"].filter(
        (action) => lets(key, isAutoScaling, action) === undefined,
      );
      const grants = lets(key, isAutoScaling, "kms:CreateGrant")?.Condition?.["Bool"]?.[
        "kms:GrantIsForAWSResource"
      ];
      return [
        ...missing.map((action) => ({
          at: `the policy of the key ${key.name}`,
          found: `no ${action} for EC2 Auto Scaling`,
          allowed: "its service-linked role, by name",
        })),
        ...(grants === undefined || `${grants}` === "true"
          ? []
          : [
              {
                at: `the policy of the key ${key.name}`,
                found: "grants for others than services of AWS",
                allowed: "kms:GrantIsForAWSResource true",
              },
            ]),
      ];
    });
};

/** The driver of volumes and Karpenter may use the key of what they make. */
export const makersOfVolumesMayUseTheKey: Rule = (maker, graph) => {
  const makers: Readonly<Record<string, string>> = {
    "kubernetes:storage.k8s.io/v1:StorageClass": "ebs-csi-controller-sa",
    "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass": "karpenter",
  };
  const account = makers[maker.type];
  if (account === undefined) return [];
  const property = maker.type.endsWith(":StorageClass") ? "parameters" : "spec";
  // Of itself: through the cluster the key of Secrets is behind it, too.
  const direct = maker.propertyDependencies[property] ?? [];
  const keys = graph.ofType(KEY).filter(({ urn }) => direct.includes(urn));
  return keys.flatMap((key) =>
    rolesOf(account, graph).flatMap((role) => {
      const held = permissionsOf(role, graph);
      return [...USE, "kms:CreateGrant"]
        .filter((action) => !held(action))
        .map((action) => ({
          at: `what ${role.name} may do`,
          found: `no ${action} with ${key.name}`,
          allowed: `${action}`,
        }));
    }),
  );
};

function rolesOf(serviceAccount: string, graph: Relations): readonly GraphResource[] {
  return graph
    .ofType(ASSOCIATION)
    .filter(({ inputs }) => inputs.serviceAccount === serviceAccount)
    .flatMap((association) => graph.behind(association, "roleArn", "aws:iam/role:Role"));
}

/** Whoever reads objects of a bucket decrypts with its key in their own name, and whoever writes makes a data key, and decrypts in uploads of several parts. */
export const readersOfABucketMayUseItsKey: Rule = (encryption, graph) => {
  if (
    encryption.type !==
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
  )
    return [];
  const [bucket] = graph.behind(encryption, "bucket", "aws:s3/bucket:Bucket");
  const objects = `:s3:::${bucket?.inputs.bucket}/*`;
  const inBucket = (role: GraphResource) =>
    graph
      .referringTo(role, "aws:iam/rolePolicy:RolePolicy", "role")
      .flatMap(({ inputs: { policy } }) => statementsOf(policy) ?? [])
      .filter(({ Resource }) => [Resource ?? []].flat().some((arn) => `${arn}`.endsWith(objects)))
      .flatMap(({ Action }) => [Action ?? []].flat());
  return graph.behind(encryption, "rules", KEY).flatMap((key) => {
    const users = graph.ofType("aws:iam/role:Role").filter((role) => inBucket(role).length > 0);
    if (users.length === 0)
      return [{ at: `the key ${key.name}`, found: "no role that reads the bucket", allowed: "one at least" }];
    return users.flatMap((role) =>
      ["kms:Decrypt", ...(inBucket(role).includes("s3:PutObject") ? ["kms:GenerateDataKey"] : [])]
        .filter((action) => !mayUse(role, action, key, graph))
        .map((action) => ({
          at: `what ${role.name} may do`,
          found: `no ${action} with ${key.name}`,
          allowed: action,
        })),
    );
  });
};

/** Whether a statement of a role's own policy, which names the key, has the action. */
function mayUse(role: GraphResource, action: string, key: GraphResource, graph: Relations): boolean {
  return graph
    .referringTo(role, "aws:iam/rolePolicy:RolePolicy", "role")
    .filter(({ propertyDependencies }) => (propertyDependencies["policy"] ?? []).includes(key.urn))
    .some(() => permissionsOf(role, graph)(action));
}

/** An alarm publishes to an encrypted topic only with the key's leave, and a pod only with that of its role. */
export const publishersMayUseTheKey: Rule = (topic, graph) => {
  if (topic.type !== "aws:sns/topic:Topic") return [];
  const alarms = graph.referringTo(topic, "aws:cloudwatch/metricAlarm:MetricAlarm", "alarmActions");
  const publishing = graph
    .ofType("aws:iam/rolePolicy:RolePolicy")
    .filter((policy) => (policy.propertyDependencies["policy"] ?? []).includes(topic.urn))
    .flatMap((policy) => graph.behind(policy, "role", "aws:iam/role:Role"));
  const needed = ["kms:Decrypt", "kms:GenerateDataKey"];
  return graph.behind(topic, "kmsMasterKeyId", KEY).flatMap((key): readonly Finding[] => [
    ...(alarms.length === 0 ? [] : needed)
      .filter((action) => lets(key, (who) => who === "cloudwatch.amazonaws.com", action) === undefined)
      .map((action) => ({
        at: `the policy of the key ${key.name}`,
        found: `no ${action} for CloudWatch`,
        allowed: "cloudwatch.amazonaws.com",
      })),
    ...servicesOf(topic, graph).flatMap((service) => serviceMayUse(key, service, topic)),
    ...publishing.flatMap((role) =>
      needed
        .filter((action) => !permissionsOf(role, graph)(action))
        .map((action) => ({ at: `what ${role.name} may do`, found: `no ${action}`, allowed: action })),
    ),
    ...(regionOf(key) === regionOf(topic)
      ? []
      : [{ at: "kmsMasterKeyId", found: "a key of another region", allowed: "one of the topic's" }]),
  ]);
};

/** Who the topic's own policy lets publish: services of AWS. */
function servicesOf(topic: GraphResource, graph: Relations): readonly string[] {
  return graph
    .referringTo(topic, "aws:sns/topicPolicy:TopicPolicy", "arn")
    .flatMap(({ inputs }) => statementsOf(inputs.policy) ?? [])
    .flatMap(({ Principal }) => (typeof Principal === "object" ? Object.values(Principal).flat() : []));
}

/** A service that publishes in its own name has the key's leave, for messages of that topic. */
function serviceMayUse(key: GraphResource, service: string, topic: GraphResource): readonly Finding[] {
  const at = `the policy of the key ${key.name}`;
  return ["kms:Decrypt", "kms:GenerateDataKey"].flatMap((action) => {
    const statement = lets(key, (who) => who === service, action);
    if (statement === undefined)
      return [{ at, found: `no ${action} for ${service}`, allowed: `${service}, which publishes by itself` }];
    const arns = [
      statement.Condition?.["StringEquals"]?.["kms:EncryptionContext:aws:sns:topicArn"] ?? [],
    ].flat();
    return arns.length === 0 || arns.some((arn) => arn.endsWith(`:${topic.inputs.name}`))
      ? []
      : [{ at, found: `${action} for ${arns.join()}`, allowed: topic.inputs.name }];
  });
}

/** Which provider, and so which region, a resource is of. */
function regionOf({ provider }: GraphResource): string | undefined {
  return provider;
}

/** A key is rotated. */
export const keysAreRotated: Rule = ({ type, inputs }) =>
  type !== KEY || inputs.enableKeyRotation === true
    ? []
    : [{ at: "enableKeyRotation", found: `${inputs.enableKeyRotation}`, allowed: "true" }];
