import { z } from "zod";
import { byteQuantity, choice, integer, list, text } from "../core/schema.ts";

// The physical name holds the component's, the group's and the zone's, and AWS takes 63 characters.
export const nodeGroupName = () =>
  text(/^[a-z](?:[a-z0-9-]{0,22}[a-z0-9])?$/, "a name of 1 to 24 lower-case letters, digits and hyphens");

/**
 * The name of a label or a taint. EKS takes at most 63 characters of a name with its prefix, where Kubernetes takes more (CreateNodegroup,
 * Amazon EKS API reference).
 */
export const labelName = () =>
  text(
    /^(?=.{1,63}$)(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/,
    "a name such as example.com/workload, of 63 characters at most",
  );

/** The value of a label or a taint. */
export const labelValue = () =>
  text(
    /^[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/,
    "a value of 1 to 63 letters, digits, hyphens, underscores and dots",
  );

/** A taint of nodes. */
export const taint = z.strictObject({
  key: labelName().meta({ description: "Name of the taint." }),
  value: labelValue().optional().meta({ description: "Value of the taint. Default: none." }),
  effect: choice(["NoSchedule", "PreferNoSchedule", "NoExecute"]).meta({
    description: "What becomes of pods that do not tolerate it, as Kubernetes names it.",
  }),
});

/** A group of nodes. */
export const nodeGroup = z.strictObject({
  os: choice(["bottlerocket", "al2023"])
    .default("bottlerocket")
    .meta({ description: "Operating system of the nodes." }),
  architecture: choice(["amd64", "arm64"])
    .default("amd64")
    .meta({ description: "Processor architecture of the nodes." }),
  instanceTypes: list(
    text(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "an EC2 instance type such as m7i.large"),
    1,
    10,
  ).meta({ description: "Instance types in order of preference." }),
  minPerZone: integer(0, 100).default(1).meta({ description: "Minimum number of nodes in each zone." }),
  maxPerZone: integer(1, 100).default(3).meta({ description: "Maximum number of nodes in each zone." }),
  capacity: choice(["onDemand", "spot"]).default("onDemand").meta({
    description:
      "onDemand: EC2 takes no node away. spot: at a lower price, and with a notice of two minutes EC2 takes nodes away. Name three instance types or more for spot.",
  }),
  labels: z
    .record(labelName(), labelValue(), { error: "a map from a label to its value" })
    .default({})
    .meta({ description: "Labels of the nodes, beside bellwether.dev/node-group." }),
  taints: list(taint, 0, 50).default([]).meta({
    description:
      "Taints of the nodes. Pods that do not tolerate them run elsewhere: those of the platform, too.",
  }),
  maxPods: integer(8, 250).optional().meta({
    description:
      "Maximum number of pods on a node, on Bottlerocket. Default: 110 with cluster.prefixDelegation, otherwise what the network interfaces of the instance type have room for.",
  }),
  diskSize: byteQuantity()
    .default("50Gi")
    .meta({ description: "Size of the encrypted root or data volume." }),
  imageRelease: text(/^\d+\.\d+\.\d+-[0-9a-f]{8}$/, "a release of the nodes' image such as 1.35.6-20260818")
    .optional()
    .meta({
      description:
        "Release of the node image. Default: the newest release when EKS creates or upgrades the node group.",
    }),
});

export type NodeGroupSettings = z.output<typeof nodeGroup>;
