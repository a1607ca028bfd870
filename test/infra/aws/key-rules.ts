import type { Finding } from "./fault.ts";
import type { GraphResource } from "./graph.ts";
import { wildcard } from "./iam-data.ts";
import { type Statement, statementsOf } from "./policy-document.ts";
import type { Relations } from "./relations.ts";
import { permissionsOf, type Rule } from "./role-rules.ts";

// What must hold between a key and whoever encrypts with it: EC2 Auto Scaling user guide (Required KMS key policy), Amazon EBS CSI driver,
// Amazon SNS (Key management), Amazon Managed Service for Prometheus (Encryption at rest).

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

/** Which provider, and so which region, a resource is of. */
function regionOf({ provider }: GraphResource): string | undefined {
  return provider;
}

/** A key is rotated. */
export const keysAreRotated: Rule = ({ type, inputs }) =>
  type !== KEY || inputs.enableKeyRotation === true
    ? []
    : [{ at: "enableKeyRotation", found: `${inputs.enableKeyRotation}`, allowed: "true" }];
