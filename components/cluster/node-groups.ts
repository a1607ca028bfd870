import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../aws/component.ts";
import { assumedBy, ec2Principal, managedPolicyArn } from "../aws/model.ts";
import { blockDevices } from "./disks.ts";
import { NODE_GROUP_LABEL, type NodeGroupSettings } from "./model.ts";
import { maxPodsOf } from "./node-addresses.ts";

/** What the node groups of a cluster are made from. */
export interface NodeGroupsArgs {
  readonly cluster: aws.eks.Cluster;
  readonly clusterName: string;
  /** Kubernetes minor version of the nodes: the control plane's. */
  readonly version: string;
  readonly region: string;
  readonly nodeGroups: Readonly<Record<string, NodeGroupSettings>>;
  readonly prefixDelegation: boolean;
  /** The key of disks. Default: one of AWS's. */
  readonly volumeKeyArn?: pulumi.Output<string>;
  /** Private subnet by zone. */
  readonly privateSubnetIds: Readonly<Record<string, pulumi.Input<string>>>;
  readonly tags: Tags;
  /** What must be on the cluster before the first node joins: see `createAddOnsBeforeNodes`. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * One managed node group per group and zone. An EBS volume lives in one zone: a group over several zones may scale up in one
 * where the volume of the waiting pod is not.
 *
 * The groups of a zone wait for those of the zone before it. So an update reaches the second zone when the first has ended it, and an image
 * that does not start ends the update with one zone. Returns those of the last zone, which have waited for all others: each further dependency
 * multiplies the paths that the engine follows ([0006](../../docs/decisions/0006-dependencies-that-destroy-can-walk.md)).
 */
export function createNodeGroups(
  name: string,
  args: NodeGroupsArgs,
  opts: pulumi.CustomResourceOptions,
): readonly aws.eks.NodeGroup[] {
  const { role, permissions } = createNodeRole(name, args, opts);
  const templates = Object.entries(args.nodeGroups).map(([group, settings]) => ({
    group,
    settings,
    template: createLaunchTemplate(`${name}-${group}`, group, settings, args, opts),
  }));
  let ofZone: readonly aws.eks.NodeGroup[] = [];
  for (const [zone, subnetId] of Object.entries(args.privateSubnetIds)) {
    const before = ofZone.length > 0 ? ofZone : [...args.after, ...permissions];
    const prepared = pulumi.mergeOptions(opts, { dependsOn: [...before] });
    ofZone = templates.map((each) =>
      createNodeGroup(`${name}-${each.group}-${zone}`, { ...args, ...each, subnetId, role }, prepared),
    );
  }
  return ofZone;
}

interface NodeGroupArgs extends NodeGroupsArgs {
  readonly group: string;
  readonly settings: NodeGroupSettings;
  readonly subnetId: pulumi.Input<string>;
  readonly role: aws.iam.Role;
  readonly template: aws.ec2.LaunchTemplate;
}

function createNodeGroup(
  name: string,
  { cluster, version, group, settings, subnetId, role, template, tags }: NodeGroupArgs,
  opts: pulumi.CustomResourceOptions,
): aws.eks.NodeGroup {
  const { instanceTypes, minPerZone, maxPerZone, imageRelease, capacity, labels, taints } = settings;
  return new aws.eks.NodeGroup(
    name,
    {
      clusterName: cluster.name,
      version,
      amiType: amiType(settings),
      ...(imageRelease !== undefined && { releaseVersion: imageRelease }),
      instanceTypes,
      nodeRoleArn: role.arn,
      subnetIds: [subnetId],
      launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
      scalingConfig: { minSize: minPerZone, maxSize: maxPerZone, desiredSize: minPerZone },
      updateConfig: { maxUnavailablePercentage: 33 },
      nodeRepairConfig: { enabled: true },
      labels: { ...labels, [NODE_GROUP_LABEL]: group },
      ...(taints.length > 0 && {
        taints: taints.map(({ effect, ...taint }) => ({ ...taint, effect: EFFECTS[effect] })),
      }),
      ...(capacity === "spot" && { capacityType: "SPOT" }),
      tags,
    },
    // How many nodes run is what an autoscaler, or a person in need, last said. To raise minPerZone above it, scale up first:
    // EKS refuses a minimum above the number it was asked for.
    pulumi.mergeOptions(opts, { ignoreChanges: ["scalingConfig.desiredSize"] }),
  );
}

/** EKS's names for the effects of taints. */
const EFFECTS = {
  NoSchedule: "NO_SCHEDULE",
  PreferNoSchedule: "PREFER_NO_SCHEDULE",
  NoExecute: "NO_EXECUTE",
} as const;

/** EKS's name for the nodes' image. */
function amiType({ os, architecture }: Pick<NodeGroupSettings, "os" | "architecture">): string {
  return {
    bottlerocket: { amd64: "BOTTLEROCKET_x86_64", arm64: "BOTTLEROCKET_ARM_64" },
    al2023: { amd64: "AL2023_x86_64_STANDARD", arm64: "AL2023_ARM_64_STANDARD" },
  }[os][architecture];
}

function createLaunchTemplate(
  name: string,
  group: string,
  settings: NodeGroupSettings,
  { clusterName, prefixDelegation, volumeKeyArn, tags }: NodeGroupsArgs,
  opts: pulumi.CustomResourceOptions,
): aws.ec2.LaunchTemplate {
  const named = { ...tags, Name: `${clusterName}-${group}` };
  const maxPods = maxPodsOf(settings, prefixDelegation);
  return new aws.ec2.LaunchTemplate(
    name,
    {
      description: `Nodes of ${clusterName}, group ${group}`,
      updateDefaultVersion: true,
      // No key pair and no image: nodes have no SSH, and EKS chooses the image by type and version.
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        // One hop ends at the node: no pod can take the node's role from the metadata service.
        httpPutResponseHopLimit: 1,
      },
      blockDeviceMappings: blockDevices(settings.os, settings.diskSize).map(({ deviceName, ebs }) => ({
        deviceName,
        ebs: { ...ebs, ...(volumeKeyArn && { kmsKeyId: volumeKeyArn }) },
      })),
      // EKS merges it with its own settings, of which it takes precedence (EKS user guide, Launch templates).
      ...(maxPods !== undefined && {
        userData: Buffer.from(`[settings.kubernetes]\nmax-pods = ${maxPods}\n`).toString("base64"),
      }),
      // EKS passes a node group's tags to none of what the group makes.
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
        resourceType,
        tags: named,
      })),
      tags: named,
    },
    opts,
  );
}

/**
 * The nodes' role. It may join the cluster and pull images, nothing else: the CNI's rights are the CNI's own, and there is no
 * Session Manager, because `kubectl debug node` serves and leaves a trace in the audit log.
 */
function createNodeRole(
  name: string,
  { clusterName, region, tags }: NodeGroupsArgs,
  opts: pulumi.CustomResourceOptions,
): { readonly role: aws.iam.Role; readonly permissions: readonly pulumi.Resource[] } {
  const role = new aws.iam.Role(
    `${name}-nodes`,
    { description: `The nodes of ${clusterName}`, assumeRolePolicy: assumedBy(ec2Principal(region)), tags },
    opts,
  );
  const permissions = { join: "AmazonEKSWorkerNodePolicy", pull: "AmazonEC2ContainerRegistryPullOnly" };
  return {
    role,
    permissions: Object.entries(permissions).map(
      ([key, managedPolicy]) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-nodes-${key}`,
          { role: role.name, policyArn: managedPolicyArn(region, managedPolicy) },
          opts,
        ),
    ),
  };
}
