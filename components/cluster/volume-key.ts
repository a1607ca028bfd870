import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { createKey } from "../aws/component.ts";
import { KEY_USE, keyPolicy, type PolicyStatement, partitionOf } from "../aws/model.ts";
import type { EksClusterArgs } from "./eks-cluster-args.ts";

/**
 * A key for the disks of nodes and for volumes. EC2 Auto Scaling starts the nodes of managed node groups with its service-linked role, which no
 * policy of IAM can give a right: so the key's own policy does (Amazon EC2 Auto Scaling user guide, Required KMS key policy).
 */
export function createVolumeKey(
  name: string,
  args: EksClusterArgs,
  opts: pulumi.CustomResourceOptions,
): aws.kms.Key {
  const { clusterName, accountId, region, tags, protectData } = args;
  const Principal = {
    AWS: `arn:${partitionOf(region)}:iam::${accountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
  };
  const policy = keyPolicy(
    args,
    { Sid: "AutoScalingUsesItForDisks", Effect: "Allow", Principal, Action: KEY_USE, Resource: "*" },
    {
      Sid: "AutoScalingLetsEc2UseIt",
      Effect: "Allow",
      Principal,
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: GRANTS_OF_AWS,
    },
  );
  return createKey(
    `${name}-volumes`,
    { purpose: `the disks and volumes of ${clusterName}`, policy, tags, protectData },
    opts,
  );
}

const GRANTS_OF_AWS = { Bool: { "kms:GrantIsForAWSResource": "true" } };

/** What a role needs that makes encrypted volumes: to use the key, and to let EC2 use it as long as the volume is attached. */
export function volumeKeyStatements<Arn>(
  keyArn: Arn,
): readonly (Omit<PolicyStatement, "Resource"> & { readonly Resource: Arn })[] {
  return [
    { Sid: "UseTheKeyOfVolumes", Effect: "Allow", Action: KEY_USE, Resource: keyArn },
    {
      Sid: "LetEc2UseTheKeyOfVolumes",
      Effect: "Allow",
      Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
      Resource: keyArn,
      Condition: GRANTS_OF_AWS,
    },
  ];
}

/** The policy of a role that makes encrypted volumes and does nothing else. */
export function volumeKeyPolicy(keyArn: pulumi.Input<string>): aws.iam.PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: volumeKeyStatements(keyArn),
  } as unknown as aws.iam.PolicyDocument;
}
