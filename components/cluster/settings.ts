import { z } from "zod";
import {
  byteQuantity,
  choice,
  cidrBlock,
  dnsLabel,
  integer,
  list,
  named,
  text,
  toggle,
} from "../core/schema.ts";

const principalArn = () =>
  text(
    /^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/[\w+=,.@/-]+$/,
    "the ARN of an IAM role or user such as arn:aws:iam::111122223333:role/platform-admin",
  );

/** The endpoint of the Kubernetes API. */
const endpoint = z.discriminatedUnion("access", [
  z.strictObject({ access: z.literal("private") }),
  z.strictObject({
    access: z.literal("public"),
    allowedCidrs: list(cidrBlock(), 1, 40).meta({
      description: "The only blocks that reach the API from outside the VPC. 0.0.0.0/0 is refused.",
    }),
  }),
]);

// The physical name holds the component's, the group's and the zone's, and AWS takes 63 characters.
const nodeGroupName = () =>
  text(/^[a-z](?:[a-z0-9-]{0,22}[a-z0-9])?$/, "a name of 1 to 24 lower-case letters, digits and hyphens");

const nodeGroup = z.strictObject({
  os: choice(["bottlerocket", "al2023"])
    .default("bottlerocket")
    .meta({ description: "The nodes' operating system." }),
  architecture: choice(["amd64", "arm64"])
    .default("amd64")
    .meta({ description: "The nodes' processor architecture." }),
  instanceTypes: list(
    text(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "an EC2 instance type such as m7i.large"),
    1,
    10,
  ).meta({ description: "Instance types in order of preference." }),
  minPerZone: integer(0, 100).default(1).meta({ description: "Fewest nodes in each zone." }),
  maxPerZone: integer(1, 100).default(3).meta({ description: "Most nodes in each zone." }),
  diskSize: byteQuantity()
    .default("50Gi")
    .meta({ description: "Size of the encrypted root or data volume." }),
  imageRelease: text(/^\d+\.\d+\.\d+-[0-9a-f]{8}$/, "a release of the nodes' image such as 1.35.6-20260818")
    .optional()
    .meta({
      description:
        "Release of the nodes' image. Left out: the newest on the day that EKS makes or upgrades the group.",
    }),
});

/** A new EKS cluster. */
export const eksSettings = z.strictObject({
  kind: z.literal("eks"),
  version: text(/^1\.\d{2}$/, 'a Kubernetes minor version in quotes, such as "1.35"').meta({
    description: "Kubernetes minor version, in quotes: YAML reads 1.30 as the number 1.3.",
  }),
  endpoint: endpoint.meta({
    description:
      "private: only from inside the VPC, where pulumi up must then run. public: from the listed blocks, too.",
  }),
  serviceCidr: cidrBlock().meta({
    description: "Block of Service addresses, /12 to /24; apart from the VPC's.",
  }),
  logs: list(choice(["api", "audit", "authenticator", "controllerManager", "scheduler"]), 0, 5).meta({
    description: "Control-plane logs that go to CloudWatch.",
  }),
  logRetentionDays: integer(1, 3653).meta({ description: "Days that control-plane logs are kept." }),
  support: choice(["standard", "extended"]).meta({
    description: "Whether AWS may keep the version alive, at a price, after standard support ends.",
  }),
  deletionProtection: toggle().meta({ description: "Whether EKS refuses to delete the cluster." }),
  administrators: list(principalArn(), 1, 20).meta({
    description:
      "IAM principals with cluster-admin, as access entries. Whoever runs pulumi up must be among them.",
  }),
  nodeGroups: named(nodeGroupName(), nodeGroup).meta({
    description: "Node groups by name; each becomes one per zone.",
  }),
});

/** A cluster that somebody else runs. */
const existing = z.strictObject({
  kind: z.literal("existing"),
  name: dnsLabel().meta({ description: "What the cluster is called in labels and alerts." }),
  context: text(/^[\w.@:/-]{1,253}$/, "the name of a kubeconfig context, such as kind-bellwether").meta({
    description: "The context of the kubeconfig to use.",
  }),
  kubeconfig: text(/^[\w./~ -]{1,1024}$/, "a path such as ~/.kube/config")
    .optional()
    .meta({ description: "Path of the kubeconfig. Left out: KUBECONFIG, then ~/.kube/config." }),
  distribution: choice(["eks", "generic"])
    .default("generic")
    .meta({ description: "eks: scheduler and controller manager are scraped from EKS's own endpoint." }),
  storageClass: text(
    /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/,
    "the name of a storage class such as standard",
  )
    .default("standard")
    .meta({ description: "The storage class for volumes; it must exist." }),
  zones: integer(1, 10).default(1).meta({ description: "Zones that the nodes are spread over." }),
});

export const clusterSettings = z.discriminatedUnion("kind", [eksSettings, existing]);

export type ClusterSettings = z.output<typeof clusterSettings>;
export type EksSettings = z.output<typeof eksSettings>;
export type ExistingClusterSettings = z.output<typeof existing>;
export type NodeGroupSettings = z.output<typeof nodeGroup>;
