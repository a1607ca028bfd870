import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../aws/component.ts";
import { partitionOf } from "../aws/model.ts";

/** Who administers the cluster. */
export interface AdministratorsArgs {
  readonly cluster: aws.eks.Cluster;
  /** ARNs of IAM roles or users. */
  readonly administrators: readonly string[];
  readonly region: string;
  readonly tags: Tags;
}

/**
 * An access entry with cluster-admin for each administrator. Returns what gives the rights: the Kubernetes provider waits for
 * it, and on destroy nobody loses their rights before the last Kubernetes object is gone.
 */
export function grantAdministrators(
  name: string,
  { cluster, administrators, region, tags }: AdministratorsArgs,
  opts: pulumi.CustomResourceOptions,
): readonly aws.eks.AccessPolicyAssociation[] {
  return administrators.map((principalArn) => {
    const key = `${name}-admin-${principalKey(principalArn)}`;
    const entry = new aws.eks.AccessEntry(
      key,
      { clusterName: cluster.name, principalArn, type: "STANDARD", tags },
      opts,
    );
    return new aws.eks.AccessPolicyAssociation(
      key,
      {
        clusterName: cluster.name,
        principalArn: entry.principalArn,
        policyArn: `arn:${partitionOf(region)}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
        accessScope: { type: "cluster" },
      },
      opts,
    );
  });
}

/** What tells one principal from another, as a part of a logical name: `111122223333-role/platform-admin`. */
function principalKey(arn: string): string {
  return arn.split(":").slice(4).join("-");
}
