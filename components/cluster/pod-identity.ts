import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../aws/component.ts";
import { assumedByPods, managedPolicyArn } from "../aws/model.ts";

/** One service account that speaks to AWS through EKS Pod Identity. */
export interface PodIdentityArgs {
  readonly cluster: { readonly name: pulumi.Output<string> };
  readonly clusterName: string;
  readonly region: string;
  readonly serviceAccount: string;
  /** The service account's namespace. Default: kube-system. */
  readonly namespace?: string;
  /** The policy that AWS manages for it; see {@link managedPolicyArn}. */
  readonly managedPolicy?: string;
  /** What it may do where AWS manages no policy that is as small. */
  readonly inlinePolicy?: pulumi.Input<string | aws.iam.PolicyDocument>;
  readonly tags: Tags;
}

/**
 * A role that one service account of this one cluster may assume, and the association that hands it out. EKS writes the
 * credentials into a pod when the pod is admitted: an association that comes later helps no pod that already runs. It is
 * therefore made before the add-on whose pods need it.
 */
export function createPodIdentity(
  name: string,
  args: PodIdentityArgs,
  opts: pulumi.CustomResourceOptions,
): aws.eks.PodIdentityAssociation {
  const { cluster, clusterName, region, serviceAccount, namespace = "kube-system", tags } = args;
  const role = new aws.iam.Role(
    name,
    {
      description: `${serviceAccount} of ${clusterName}`,
      assumeRolePolicy: assumedByPods({ clusterName, namespace, serviceAccount }),
      tags,
    },
    opts,
  );
  const permissions: pulumi.Resource[] = [];
  if (args.managedPolicy !== undefined) {
    const policyArn = managedPolicyArn(region, args.managedPolicy);
    permissions.push(new aws.iam.RolePolicyAttachment(name, { role: role.name, policyArn }, opts));
  }
  if (args.inlinePolicy !== undefined)
    permissions.push(new aws.iam.RolePolicy(name, { role: role.id, policy: args.inlinePolicy }, opts));
  return new aws.eks.PodIdentityAssociation(
    name,
    { clusterName: cluster.name, namespace, serviceAccount, roleArn: role.arn, tags },
    pulumi.mergeOptions(opts, { dependsOn: permissions }),
  );
}
