import { z } from "zod";
import { byteQuantity, choice, durationBetween, integer, list, named, text } from "../core/schema.ts";
import { labelName, labelValue, taint } from "./node-group-settings.ts";

const poolName = () =>
  text(/^[a-z](?:[a-z0-9-]{0,22}[a-z0-9])?$/, "a name of 1 to 24 lower-case letters, digits and hyphens");

/** Nodes that Karpenter starts and stops. */
const nodePool = z.strictObject({
  os: choice(["bottlerocket", "al2023"])
    .default("bottlerocket")
    .meta({ description: "Operating system of the nodes." }),
  imageRelease: text(
    /^v\d{1,8}(?:\.\d+\.\d+)?$/,
    "a release of the nodes' image such as v1.64.0 or v20260818",
  )
    .optional()
    .meta({
      description:
        "Release of the node image. Default: the newest, by which Karpenter replaces all nodes whenever a new one is published.",
    }),
  architecture: choice(["amd64", "arm64"])
    .default("amd64")
    .meta({ description: "Processor architecture of the nodes." }),
  capacity: choice(["onDemand", "spot"]).default("onDemand").meta({
    description: "onDemand: EC2 takes no node away. spot: at a lower price, and EC2 takes nodes away.",
  }),
  instanceTypes: list(text(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "an EC2 instance type such as m7i.large"), 1, 50)
    .optional()
    .meta({
      description:
        "Instance types that Karpenter may choose from. Default: all of the families c, m and r from the sixth generation on.",
    }),
  labels: z
    .record(labelName(), labelValue(), { error: "a map from a label to its value" })
    .default({})
    .meta({ description: "Labels of the nodes, beside bellwether.dev/node-group." }),
  taints: list(taint, 0, 50).default([]).meta({ description: "Taints of the nodes." }),
  diskSize: byteQuantity()
    .default("50Gi")
    .meta({ description: "Size of the encrypted root or data volume." }),
  cpuLimit: integer(1, 10_000).meta({
    description: "Number of vCPUs of all nodes of the pool. Karpenter starts none that would exceed it.",
  }),
  memoryLimit: byteQuantity().meta({
    description: "Memory of all nodes of the pool. Karpenter starts none that would exceed it.",
  }),
  expireAfter: durationBetween("1d", "365d").default("30d").meta({
    description: "Age at which Karpenter replaces a node.",
  }),
});

/** Who starts nodes when pods find no room. */
export const autoscaler = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("karpenter"),
    pools: named(poolName(), nodePool).meta({ description: "Pools of nodes by name." }),
  }),
  z.strictObject({ kind: z.literal("auto-mode") }),
]);

export type NodePoolSettings = z.output<typeof nodePool>;
