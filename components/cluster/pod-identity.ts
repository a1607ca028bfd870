import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../aws/component.ts";
import { assumedBy, managedPolicyArn } from "../aws/model.ts";

/** One service account of kube-system that speaks to AWS. */
export interface PodIdentityArgs {
  readonly cluster: aws.eks.Cluster;
  readonly clusterName: string;
  readonly region: string;
  readonly serviceAccount: string;
  /** The policy that AWS manages for it; see {@link managedPolicyArn}. */
  readonly managedPolicy: string;
  readonly tags: Tags;
}

const NAMESPACE = "kube-system";

/**
 * A role that one service account of this one cluster may assume, and the association that hands it out. EKS writes the
 * credentials into a pod when the pod is admitted: an association that comes later helps no pod that already runs. It is
 * therefore made before the add-on whose pods need it.
 */
export function createPodIdentity(
  name: string,
  { cluster, clusterName, region, serviceAccount, managedPolicy, tags }: PodIdentityArgs,
  opts: pulumi.CustomResourceOptions,
): aws.eks.PodIdentityAssociation {
  const role = new aws.iam.Role(
    name,
    {
      description: `${serviceAccount} of ${clusterName}`,
      assumeRolePolicy: assumedBy("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"], {
        StringEquals: {
          "aws:RequestTag/eks-cluster-name": clusterName,
          "aws:RequestTag/kubernetes-namespace": NAMESPACE,
          "aws:RequestTag/kubernetes-service-account": serviceAccount,
        },
      }),
      tags,
    },
    opts,
  );
  const permission = new aws.iam.RolePolicyAttachment(
    name,
    { role: role.name, policyArn: managedPolicyArn(region, managedPolicy) },
    opts,
  );
  return new aws.eks.PodIdentityAssociation(
    name,
    { clusterName: cluster.name, namespace: NAMESPACE, serviceAccount, roleArn: role.arn, tags },
    pulumi.mergeOptions(opts, { dependsOn: [permission] }),
  );
}
