import { z } from "zod";
import { choice, cidrBlock, dnsLabel, integer, list, named, text, toggle } from "../core/schema.ts";
import { autoscaler } from "./autoscaler-settings.ts";
import { nodeGroup, nodeGroupName } from "./node-group-settings.ts";

const principalArn = () =>
  text(
    /^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/[\w+=,.@/-]+$/,
    "the ARN of an IAM role or user such as arn:aws:iam::111122223333:role/platform-admin",
  );

const zone = () => text(/^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/, "an availability zone such as eu-central-1a");

const networks = () =>
  list(cidrBlock(), 0, 40).default([]).meta({
    description:
      "Private CIDR blocks outside the VPC that may reach the private endpoint: of peered networks, of a transit gateway, of a VPN.",
  });

/** The endpoint of the Kubernetes API. */
const endpoint = z.discriminatedUnion("access", [
  z.strictObject({ access: z.literal("private"), networks: networks() }),
  z.strictObject({
    access: z.literal("public"),
    networks: networks(),
    allowedCidrs: list(cidrBlock(), 1, 40).meta({
      description: "CIDR blocks that may reach the API from outside the VPC. 0.0.0.0/0 is not allowed.",
    }),
  }),
]);

/** A new EKS cluster. */
export const eksSettings = z.strictObject({
  kind: z.literal("eks"),
  version: text(/^1\.\d{2}$/, 'a Kubernetes minor version in quotes, such as "1.35"').meta({
    description: "Kubernetes minor version, in quotes: YAML reads 1.30 as the number 1.3.",
  }),
  endpoint: endpoint.meta({
    description:
      "private: the Kubernetes API is reachable only from inside the VPC, so run pulumi up there. public: it is also reachable from the listed CIDR blocks.",
  }),
  controlPlaneZones: list(zone(), 2, 4).optional().meta({
    description:
      "The zones of the control plane's network interfaces, two or more of network.zones. EKS adds none to a cluster that exists: set it to the zones from before when network.zones gets another one. Default: network.zones.",
  }),
  serviceCidr: cidrBlock().meta({
    description: "CIDR block of Service addresses, /12 to /24. It must not overlap with the VPC's.",
  }),
  logs: list(choice(["api", "audit", "authenticator", "controllerManager", "scheduler"]), 0, 5).meta({
    description: "Control-plane logs that are written to CloudWatch.",
  }),
  logRetentionDays: integer(1, 3653).meta({ description: "Retention of control-plane logs in days." }),
  support: choice(["standard", "extended"]).meta({
    description:
      "standard: AWS upgrades the cluster when standard support of the version ends. extended: AWS supports the version for longer, at a higher price.",
  }),
  deletionProtection: toggle().meta({ description: "Whether EKS rejects requests to delete the cluster." }),
  administrators: list(principalArn(), 1, 20).meta({
    description:
      "IAM principals that are cluster administrators (access entries). The principal that runs pulumi up must be one of them.",
  }),
  prefixDelegation: toggle().default(false).meta({
    description:
      "Whether the CNI takes addresses from the subnets in blocks of 16. Then up to 110 pods run on a node of any size, and a node takes more addresses.",
  }),
  autoscaler: autoscaler.default({ kind: "none" }).meta({
    description:
      "Who starts nodes when pods find no room. none: each zone has minPerZone nodes until a person scales a group. karpenter: Karpenter on the cluster, beside the node groups. auto-mode: EKS, which then also runs network, storage and DNS of the nodes; there are no node groups. It can be chosen only when the cluster is created.",
  }),
  nodeGroups: named(nodeGroupName(), nodeGroup).default({}).meta({
    description:
      "Node groups by name. Each is created once per zone, and updated in one zone after the other.",
  }),
});

/** An EKS cluster that exists, by its name. */
const eksReference = z.strictObject({
  name: text(/^[0-9A-Za-z][\w-]{0,99}$/, "the name of an EKS cluster such as shop-prod").meta({
    description: "Name of the EKS cluster.",
  }),
  credentials: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("pod-identity") }),
      z.strictObject({
        kind: z.literal("irsa"),
        oidcProvider: text(
          /^oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/id\/[0-9A-F]{32}$/,
          "the issuer of the cluster without https://, such as oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF",
        ).meta({
          description:
            "OpenID Connect issuer of the cluster, without https://. IAM must have a provider for it.",
        }),
      }),
    ])
    .default({ kind: "pod-identity" })
    .meta({
      description:
        "How pods get AWS credentials. pod-identity: from the EKS Pod Identity agent, which must run on the nodes. irsa: IAM roles for service accounts.",
    }),
});

/** A cluster that somebody else runs. */
const existing = z.strictObject({
  kind: z.literal("existing"),
  name: dnsLabel().meta({ description: "Name of the cluster in labels and alerts." }),
  context: text(/^[\w.@:/-]{1,253}$/, "the name of a kubeconfig context, such as kind-bellwether")
    .optional()
    .meta({
      description:
        "The context of the kubeconfig to use. Default: none, and cluster.eks says which cluster it is.",
    }),
  kubeconfig: text(/^[\w./~ -]{1,1024}$/, "a path such as ~/.kube/config")
    .optional()
    .meta({ description: "Path of the kubeconfig. Default: KUBECONFIG, then ~/.kube/config." }),
  eks: eksReference.optional().meta({
    description:
      "The EKS cluster that this is, in the account and the region of aws. Without cluster.context it is reached by this name, with the credentials of the AWS provider. Needed for remote write to Amazon Managed Service for Prometheus.",
  }),
  distribution: choice(["eks", "generic"]).optional().meta({
    description:
      "eks: Prometheus scrapes the metrics of scheduler and controller manager from the EKS endpoint. generic: it does not. Default: eks with cluster.eks, otherwise generic.",
  }),
  storageClass: text(
    /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/,
    "the name of a storage class such as standard",
  )
    .default("standard")
    .meta({ description: "Storage class of new volumes. It must exist." }),
  zones: integer(1, 10).default(1).meta({ description: "Number of zones with nodes." }),
});

export const clusterSettings = z.discriminatedUnion("kind", [eksSettings, existing]);

export type ClusterSettings = z.output<typeof clusterSettings>;
export type EksSettings = z.output<typeof eksSettings>;
export type ExistingClusterSettings = z.output<typeof existing>;
export type { NodePoolSettings } from "./autoscaler-settings.ts";
export type { NodeGroupSettings } from "./node-group-settings.ts";
/** How pods of an EKS cluster get AWS credentials. */
export type PodCredentials = z.output<typeof eksReference>["credentials"];
