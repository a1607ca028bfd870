import { type Problem, shown } from "../core/problems.ts";

/** An IAM policy document, as far as ours go. */
interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

/** One statement of a policy document. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: { readonly Service?: string; readonly AWS?: string; readonly Federated?: string };
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Whose keys encrypt: those of AWS, or keys that the program makes. */
export type Keys = "aws" | "own";

/** Where something is built: every ARN below is known before anything exists. */
export interface AwsPlace {
  /** Twelve digits. */
  readonly accountId: string;
  /** Such as `eu-central-1`. */
  readonly region: string;
}

/** A policy document as IAM takes it. */
export function policy(...statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements } satisfies PolicyDocument);
}

/** The partition of a region, the second part of every ARN. */
export function partitionOf(region: string): "aws" | "aws-cn" | "aws-us-gov" {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** The ARN of a policy that AWS manages; `name` holds its path, such as `service-role/AmazonEC2RoleforSSM`. */
export function managedPolicyArn(region: string, name: string): string {
  return `arn:${partitionOf(region)}:iam::aws:policy/${name}`;
}

/** The ARN of a CloudWatch log group. */
export function logGroupArn({ accountId, region }: AwsPlace, logGroup: string): string {
  return `arn:${partitionOf(region)}:logs:${region}:${accountId}:log-group:${logGroup}`;
}

/** Who may assume a role: one AWS service. */
export function assumedBy(
  service: string,
  actions: readonly string[] = ["sts:AssumeRole"],
  condition?: PolicyStatement["Condition"],
): string {
  return policy({
    Effect: "Allow",
    Principal: { Service: service },
    Action: actions,
    ...(condition && { Condition: condition }),
  });
}

/**
 * Who may assume a role: one service account of one cluster, through EKS Pod Identity, which sets these session tags itself (Amazon EKS
 * user guide). Without the conditions every association in the account could hand the role out.
 */
export function assumedByPods(pods: {
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}): string {
  return assumedBy("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"], {
    StringEquals: {
      "aws:RequestTag/eks-cluster-name": pods.clusterName,
      "aws:RequestTag/kubernetes-namespace": pods.namespace,
      "aws:RequestTag/kubernetes-service-account": pods.serviceAccount,
    },
  });
}

/**
 * Who may assume a role: one service account of one cluster, with the token that EKS mounts into its pods (IAM roles for service
 * accounts, Amazon EKS user guide). `oidcProvider` is the cluster's issuer without https://.
 */
export function assumedByServiceAccount({
  accountId,
  region,
  oidcProvider,
  namespace,
  serviceAccount,
}: AwsPlace & {
  readonly oidcProvider: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}): string {
  return policy({
    Effect: "Allow",
    Principal: {
      Federated: `arn:${partitionOf(region)}:iam::${accountId}:oidc-provider/${oidcProvider}`,
    },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        [`${oidcProvider}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
        [`${oidcProvider}:aud`]: "sts.amazonaws.com",
      },
    },
  });
}

/** The service principal of EC2, which has a name of its own in China. */
export function ec2Principal(region: string): string {
  return `ec2.${dnsSuffix(region)}`;
}

/** What a service or a role does with a key to encrypt and decrypt. */
export const KEY_USE: readonly string[] = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:ReEncrypt*",
  "kms:GenerateDataKey*",
  "kms:DescribeKey",
];

/** The policy of a key. The account administers it, as in AWS's default policy: then its IAM policies say who uses it, beside the statements. */
export function keyPolicy(place: AwsPlace, ...statements: readonly PolicyStatement[]): string {
  return policy(
    {
      Sid: "AccountAdministersTheKey",
      Effect: "Allow",
      Principal: { AWS: `arn:${partitionOf(place.region)}:iam::${place.accountId}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    ...statements,
  );
}

/** The policy of a key that encrypts one log group. CloudWatch Logs may use it for that group alone, which the encryption context names. */
export function logKeyPolicy(place: AwsPlace, logGroup: string): string {
  return keyPolicy(place, {
    Sid: "CloudWatchLogsUsesItForThisGroup",
    Effect: "Allow",
    Principal: { Service: `logs.${place.region}.${dnsSuffix(place.region)}` },
    Action: KEY_USE,
    Resource: "*",
    Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": logGroupArn(place, logGroup) } },
  });
}

/** Days that CloudWatch keeps a log group's events for: it takes these and no other (PutRetentionPolicy, AWS API reference). */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** What is wrong with a retention in days. */
export function logRetentionProblems(days: number, path: string): Problem[] {
  if (LOG_RETENTION_DAYS.some((allowed) => allowed === days)) return [];
  const longer = LOG_RETENTION_DAYS.find((allowed) => allowed > days) ?? 3653;
  return [
    {
      path,
      found: shown(days),
      allowed: `what CloudWatch takes: ${LOG_RETENTION_DAYS.join(", ")} days`,
      fix: `write ${longer}, the next longer one`,
    },
  ];
}

/** The domain of AWS's services in the partition of a region. */
function dnsSuffix(region: string): string {
  return partitionOf(region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
}
