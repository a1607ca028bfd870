import { blockDevices } from "../cluster/disks.ts";
import { NODE_GROUP_LABEL, type NodePoolSettings } from "../cluster/model.ts";
import { componentLabels } from "../core/labels.ts";
import type { KubernetesObject } from "../kubernetes/model.ts";
import { inHours, KARPENTER } from "./model.ts";

// The two kinds of objects by which Karpenter knows what to start (karpenter.sh/v1 and karpenter.k8s.aws/v1 of the version that is pinned).

/** A requirement of a node, as Karpenter writes it. */
interface Requirement {
  readonly key: string;
  readonly operator: "In" | "Gt";
  readonly values: readonly string[];
}

/** A kind of nodes that Karpenter may start, and how many. */
export interface NodePool extends KubernetesObject {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly nodeClassRef: { readonly group: string; readonly kind: string; readonly name: string };
        readonly requirements: readonly Requirement[];
        readonly taints?: NodePoolSettings["taints"];
        readonly expireAfter: string;
      };
    };
    readonly disruption: {
      readonly consolidationPolicy: "WhenEmptyOrUnderutilized";
      readonly consolidateAfter: string;
      readonly budgets: readonly { readonly nodes: string }[];
    };
    readonly limits: { readonly cpu: string; readonly memory: string };
  };
}

/** How Karpenter starts nodes: image, network, disks and rights. */
export interface Ec2NodeClass<Text> extends KubernetesObject {
  readonly spec: {
    readonly amiSelectorTerms: readonly { readonly alias: string }[];
    readonly instanceProfile: Text;
    readonly subnetSelectorTerms: readonly { readonly id: Text }[];
    readonly securityGroupSelectorTerms: readonly { readonly id: Text }[];
    readonly kubelet?: { readonly maxPods: number };
    readonly metadataOptions: {
      readonly httpEndpoint: "enabled";
      readonly httpTokens: "required";
      readonly httpPutResponseHopLimit: 1;
      readonly httpProtocolIPv6: "disabled";
    };
    readonly blockDeviceMappings: readonly {
      readonly deviceName: string;
      readonly ebs: {
        readonly volumeType: string;
        readonly encrypted: true;
        readonly deleteOnTermination: true;
        readonly volumeSize: string;
        readonly kmsKeyID?: Text;
      };
    }[];
    readonly tags: Readonly<Record<string, string>>;
  };
}

/** What the nodes of all pools have in common. */
export interface NodeClassArgs<Text> {
  readonly instanceProfile: Text;
  readonly subnetIds: readonly Text[];
  readonly securityGroupId: Text;
  readonly prefixDelegation: boolean;
  /** The key of disks. Default: one of AWS's. */
  readonly volumeKeyArn?: Text;
  readonly tags: Readonly<Record<string, string>>;
}

// What Karpenter gives the system's volume of Bottlerocket, whose size it wants to be said.
const SYSTEM_VOLUME = "4Gi";

/** The class of the nodes of one pool. */
export function renderNodeClass<Text>(
  name: string,
  { os, imageRelease, diskSize }: NodePoolSettings,
  { instanceProfile, subnetIds, securityGroupId, prefixDelegation, volumeKeyArn, tags }: NodeClassArgs<Text>,
): Ec2NodeClass<Text> {
  return {
    apiVersion: "karpenter.k8s.aws/v1",
    kind: "EC2NodeClass",
    metadata: metadataOf(name),
    spec: {
      amiSelectorTerms: [{ alias: `${os}@${imageRelease ?? "latest"}` }],
      instanceProfile,
      subnetSelectorTerms: subnetIds.map((id) => ({ id })),
      securityGroupSelectorTerms: [{ id: securityGroupId }],
      ...(prefixDelegation && { kubelet: { maxPods: 110 } }),
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
        httpProtocolIPv6: "disabled",
      },
      blockDeviceMappings: blockDevices(os, diskSize).map(
        ({ deviceName, ebs: { volumeType, volumeSize } }) => ({
          deviceName,
          ebs: {
            volumeType,
            encrypted: true,
            deleteOnTermination: true,
            volumeSize: volumeSize === undefined ? SYSTEM_VOLUME : `${volumeSize}Gi`,
            ...(volumeKeyArn !== undefined && { kmsKeyID: volumeKeyArn }),
          },
        }),
      ),
      tags,
    },
  };
}

/** One pool of nodes. */
export function renderNodePool(name: string, pool: NodePoolSettings): NodePool {
  const { labels, taints, cpuLimit, memoryLimit, expireAfter } = pool;
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: metadataOf(name),
    spec: {
      template: {
        metadata: { labels: { ...labels, [NODE_GROUP_LABEL]: name } },
        spec: {
          nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name },
          requirements: requirementsOf(pool),
          ...(taints.length > 0 && { taints }),
          expireAfter: inHours(expireAfter),
        },
      },
      disruption: {
        consolidationPolicy: "WhenEmptyOrUnderutilized",
        // Pods that are replaced one after the other would otherwise move with every node that becomes half empty in between.
        consolidateAfter: "5m",
        budgets: [{ nodes: "10%" }],
      },
      limits: { cpu: String(cpuLimit), memory: memoryLimit },
    },
  };
}

function requirementsOf({ os: _, architecture, capacity, instanceTypes }: NodePoolSettings): Requirement[] {
  const isIn = (key: string, values: readonly string[]): Requirement => ({ key, operator: "In", values });
  return [
    isIn("kubernetes.io/os", ["linux"]),
    isIn("kubernetes.io/arch", [architecture]),
    isIn("karpenter.sh/capacity-type", [capacity === "spot" ? "spot" : "on-demand"]),
    ...(instanceTypes === undefined
      ? [
          isIn("karpenter.k8s.aws/instance-category", ["c", "m", "r"]),
          { key: "karpenter.k8s.aws/instance-generation", operator: "Gt", values: ["5"] } as const,
        ]
      : [isIn("node.kubernetes.io/instance-type", instanceTypes)]),
  ];
}

function metadataOf(name: string) {
  return { name, labels: { ...componentLabels(KARPENTER.name, name, "node-pool") } };
}
