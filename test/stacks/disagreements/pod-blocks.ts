import { type Disagreement, one } from "./disagreement.ts";

const blocks = ["network", "podBlocks"];

/** The rules about what a network is given later: blocks for pods, and zones that the control plane does not have. */
export const POD_BLOCK_DISAGREEMENTS: readonly Disagreement[] = [
  {
    rule: "service-addresses-are-apart",
    says: "Service addresses inside a block of pods",
    sample: "everything",
    changes: [
      [blocks, ["10.100.0.0/16"]],
      [["cluster", "serviceCidr"], "10.100.0.0/16"],
    ],
    at: "environment.cluster.serviceCidr",
  },
  one(
    "networks-are-apart",
    "a block for pods that another environment has",
    "everything",
    blocks,
    ["10.42.0.0/16"],
    "network.podBlocks[0]",
  ),
  one(
    "connected-networks-are-apart",
    "a block for pods that a connected network has",
    "everything",
    ["cluster", "endpoint", "networks", 0],
    "100.64.0.0/24",
    "cluster.endpoint.networks[0]",
  ),
  one("auto-mode-has-no-pod-blocks", "blocks for pods beside EKS Auto Mode", "automatic", blocks, [
    "100.64.0.0/16",
  ]),
  one(
    "control-plane-has-zones-of-the-network",
    "a control plane in a zone without nodes",
    "everything",
    ["cluster", "controlPlaneZones", 1],
    "eu-central-1d",
    "cluster.controlPlaneZones[1]",
  ),
  ...(
    [
      ["a block for pods inside the VPC's", ["10.40.192.0/18"], 0],
      ["a block for pods of another private range", ["172.16.0.0/16"], 0],
      ["two blocks for pods that overlap", ["100.64.0.0/16", "100.64.128.0/20"], 1],
      ["a block for pods that is too small", ["100.64.0.0/22"], 0],
      ["a block for pods that is too large", ["100.64.0.0/12"], 0],
    ] as const
  ).map(([says, value, at]) => one("network", says, "everything", blocks, value, `network.podBlocks[${at}]`)),
  one("network", "a block for pods in a VPC that exists", "shared", blocks, ["100.64.0.0/16"]),
  {
    rule: "network",
    says: "a block for pods in a zone without a place",
    sample: "everything",
    changes: [[["network", "zones", 2], "eu-central-1h"]],
    at: "environment.network.podBlocks",
  },
];
