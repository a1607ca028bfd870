import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { assumedBy, ec2Principal, managedPolicyArn } from "../aws/model.ts";
import type { EksClusterArgs } from "./eks-cluster-args.ts";

// EKS Auto Mode (Amazon EKS user guide, Auto Mode cluster IAM role and node IAM role): the control plane starts the nodes, and runs on them
// what the add-ons do elsewhere.

/** The pools that EKS has ready: system has a taint for what a cluster cannot do without. */
export const AUTO_MODE_POOLS = ["general-purpose", "system"] as const;

/** What the control plane's role needs beside AmazonEKSClusterPolicy, by the last part of the attachment's name. */
export const AUTO_MODE_POLICIES = {
  compute: "AmazonEKSComputePolicy",
  storage: "AmazonEKSBlockStoragePolicy",
  "load-balancing": "AmazonEKSLoadBalancingPolicy",
  networking: "AmazonEKSNetworkingPolicy",
} as const;

/** The role of the nodes that EKS starts. EKS gives it an access entry itself, as its pools name the role. */
export function createAutoModeNodes(
  name: string,
  { clusterName, region, tags }: EksClusterArgs,
  opts: pulumi.CustomResourceOptions,
): { readonly nodeRoleArn: pulumi.Output<string>; readonly ready: readonly pulumi.Resource[] } {
  const role = new aws.iam.Role(
    `${name}-nodes`,
    { description: `The nodes of ${clusterName}`, assumeRolePolicy: assumedBy(ec2Principal(region)), tags },
    opts,
  );
  const permissions = {
    join: "AmazonEKSWorkerNodeMinimalPolicy",
    pull: "AmazonEC2ContainerRegistryPullOnly",
  };
  const ready = Object.entries(permissions).map(
    ([key, managedPolicy]) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-nodes-${key}`,
        { role: role.name, policyArn: managedPolicyArn(region, managedPolicy) },
        opts,
      ),
  );
  return { nodeRoleArn: role.arn, ready };
}
