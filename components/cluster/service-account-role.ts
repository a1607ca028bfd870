import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../aws/component.ts";
import { type AwsPlace, assumedByServiceAccount } from "../aws/model.ts";

/** One service account that speaks to AWS through an IAM role for service accounts (IRSA). */
export interface ServiceAccountRoleArgs extends AwsPlace {
  /** The cluster's OpenID Connect issuer without https://. */
  readonly oidcProvider: string;
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly inlinePolicy: pulumi.Input<string | aws.iam.PolicyDocument>;
  readonly tags: Tags;
}

/** The annotation by which EKS's webhook gives a service account's pods the credentials of a role. */
export const ROLE_ANNOTATION = "eks.amazonaws.com/role-arn";

/** A role that one service account of one cluster may assume with its token. `arn` is known once its policy is there. */
export function createServiceAccountRole(
  name: string,
  args: ServiceAccountRoleArgs,
  opts: pulumi.CustomResourceOptions,
): { readonly arn: pulumi.Output<string>; readonly ready: pulumi.Resource } {
  const { clusterName, serviceAccount, inlinePolicy, tags } = args;
  const role = new aws.iam.Role(
    name,
    {
      description: `${serviceAccount} of ${clusterName}`,
      assumeRolePolicy: assumedByServiceAccount(args),
      tags,
    },
    opts,
  );
  const ready = new aws.iam.RolePolicy(name, { role: role.id, policy: inlinePolicy }, opts);
  return { arn: pulumi.all([role.arn, ready.id]).apply(([arn]) => arn), ready };
}
