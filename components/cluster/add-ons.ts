import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../aws/component.ts";
import { type AddOn, addOnVersions } from "./eks-versions.ts";
import { WARM_PREFIXES } from "./node-addresses.ts";
import { createPodIdentity } from "./pod-identity.ts";
import { volumeKeyPolicy } from "./volume-key.ts";

/** What the add-ons are installed on. */
export interface AddOnsArgs {
  readonly cluster: aws.eks.Cluster;
  readonly clusterName: string;
  /** Kubernetes minor version: it decides the add-ons' versions. */
  readonly version: string;
  readonly region: string;
  readonly prefixDelegation: boolean;
  /** The key of volumes. Default: one of AWS's. */
  readonly volumeKeyArn?: pulumi.Output<string>;
  readonly tags: Tags;
}

/**
 * What a node needs to become Ready and to stay so. All three are DaemonSets, so they are complete on a cluster without nodes,
 * and a node finds them there when it joins:
 *
 * - Without the CNI a node never becomes Ready, and the node group fails after half an hour.
 * - The CNI's rights come from Pod Identity, not from the nodes' role, which every pod with host networking could use. So its
 *   association comes first, and the agent, which needs no CNI because it runs on the host's network, comes before the nodes.
 * - On destroy the order turns round: the nodes go while the CNI still has its rights. It then deletes the network interfaces
 *   it made; left behind, they would keep the subnets and security groups, and the destroy would hang.
 */
export function createAddOnsBeforeNodes(
  name: string,
  args: AddOnsArgs,
  opts: pulumi.CustomResourceOptions,
): readonly aws.eks.Addon[] {
  const cniIdentity = createPodIdentity(
    `${name}-vpc-cni`,
    { ...args, serviceAccount: "aws-node", managedPolicy: "AmazonEKS_CNI_Policy" },
    opts,
  );
  const agent = createAddOn(name, "eks-pod-identity-agent", args, {}, opts);
  const proxy = createAddOn(name, "kube-proxy", args, {}, opts);
  const cni = createAddOn(
    name,
    "vpc-cni",
    args,
    // Without this, EKS accepts NetworkPolicies and enforces none.
    {
      enableNetworkPolicy: "true",
      ...(args.prefixDelegation && {
        env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: String(WARM_PREFIXES) },
      }),
    },
    pulumi.mergeOptions(opts, { dependsOn: [cniIdentity] }),
  );
  return [agent, proxy, cni];
}

/**
 * What needs a node to run on: cluster DNS, and the driver that makes volumes. Their Deployments would wait for nodes, and EKS
 * would call the add-ons degraded until then. Both end before the nodes do, but after every volume's pod.
 */
export function createAddOnsAfterNodes(
  name: string,
  args: AddOnsArgs & { readonly after: readonly pulumi.Resource[] },
  opts: pulumi.CustomResourceOptions,
): readonly aws.eks.Addon[] {
  const driverIdentity = createPodIdentity(
    `${name}-ebs-csi`,
    {
      ...args,
      serviceAccount: "ebs-csi-controller-sa",
      managedPolicy: "AmazonEBSCSIDriverPolicyV2",
      ...(args.volumeKeyArn && { inlinePolicy: volumeKeyPolicy(args.volumeKeyArn) }),
    },
    opts,
  );
  const onNodes = pulumi.mergeOptions(opts, { dependsOn: [...args.after] });
  const dns = createAddOn(name, "coredns", args, { topologySpreadConstraints: [SPREAD_DNS] }, onNodes);
  const driver = createAddOn(
    name,
    "aws-ebs-csi-driver",
    args,
    // Volumes outlive their claims, so each says where it belongs.
    { controller: { extraVolumeTags: args.tags } },
    // After DNS, by which it finds the API of EC2, and thereby after the nodes.
    pulumi.mergeOptions(opts, { dependsOn: [dns, driverIdentity] }),
  );
  return [dns, driver];
}

// Cluster DNS survives the loss of a zone, and a cluster whose only free zone is one still has DNS.
const SPREAD_DNS = {
  maxSkew: 1,
  topologyKey: "topology.kubernetes.io/zone",
  whenUnsatisfiable: "ScheduleAnyway",
  labelSelector: { matchLabels: { "k8s-app": "kube-dns" } },
};

function createAddOn(
  name: string,
  addOn: AddOn,
  { cluster, version, tags }: AddOnsArgs,
  configuration: Readonly<Record<string, unknown>>,
  opts: pulumi.CustomResourceOptions,
): aws.eks.Addon {
  return new aws.eks.Addon(
    `${name}-${addOn}`,
    {
      clusterName: cluster.name,
      addonName: addOn,
      addonVersion: addOnVersions(version)[addOn],
      ...(Object.keys(configuration).length > 0 && { configurationValues: JSON.stringify(configuration) }),
      // This program is the only one that configures them.
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
      tags,
    },
    opts,
  );
}
