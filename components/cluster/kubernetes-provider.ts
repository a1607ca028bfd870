import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type AwsPlace, partitionOf } from "../aws/model.ts";
import { onlyGiven } from "../providers/given.ts";
import { eksTokenCommand } from "./eks-token.ts";

/**
 * How our Kubernetes providers behave, whichever cluster they talk to and whatever the shell says. What is left out here is for one run
 * and comes from the shell, as kubernetes-shell.ts lists it.
 */
export const PROVIDER_BEHAVIOUR = {
  enableServerSideApply: true,
  // A changed dashboard or password is an update in place. Without these it would be a new object under a new name, and
  // whatever mounts it by name would look at the old one. A Secret that says `immutable` is replaced all the same.
  enableConfigMapMutable: true,
  enableSecretMutable: true,
  // A cluster that does not answer is an error.
  skipUpdateUnreachable: false,
  suppressDeprecationWarnings: false,
  suppressHelmHookWarnings: false,
} as const satisfies kubernetes.ProviderArgs;

/**
 * The provider of an EKS cluster. Its kubeconfig holds no credential: at every use it asks the aws CLI for a token of
 * whoever runs `pulumi up`.
 *
 * The cluster's ARN, known before it exists, is the provider's identity, so that a rotated certificate or a moved endpoint is an
 * update and replaces nothing. One name is one cluster: EKS refuses a second one of the same name, so a change that would
 * replace the cluster stops there and does not leave objects in Pulumi's state that are on no cluster.
 */
export function createProvider(
  name: string,
  { cluster, clusterName, region, accountId }: AwsPlace & { cluster: aws.eks.Cluster; clusterName: string },
  opts: pulumi.CustomResourceOptions,
): kubernetes.Provider {
  const args: kubernetes.ProviderArgs = {
    ...PROVIDER_BEHAVIOUR,
    kubeconfig: kubeconfigOf(cluster, region),
    clusterIdentifier: `arn:${partitionOf(region)}:eks:${region}:${accountId}:cluster/${clusterName}`,
  };
  return new kubernetes.Provider(name, args, pulumi.mergeOptions(opts, onlyGiven(args)));
}

/** An EKS cluster that exists, as the AWS provider finds it by its name. Nothing of it is an input: its owners change it. */
export function findEksCluster(
  name: string,
  eksName: string,
  opts: pulumi.CustomResourceOptions,
): aws.eks.Cluster {
  return aws.eks.Cluster.get(name, eksName, undefined, opts);
}

/** A kubeconfig as JSON; each value that exists only later stands at a leaf of its own. */
function kubeconfigOf(cluster: aws.eks.Cluster, region: string): pulumi.Output<string> {
  return pulumi.jsonStringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "eks",
    clusters: [
      {
        name: "eks",
        cluster: {
          server: cluster.endpoint,
          "certificate-authority-data": cluster.certificateAuthority.data,
        },
      },
    ],
    contexts: [{ name: "eks", context: { cluster: "eks", user: "caller" } }],
    users: [
      {
        name: "caller",
        user: { exec: eksTokenCommand(cluster.name, region) },
      },
    ],
  });
}
