import type { KubernetesObject } from "./api.ts";

const ZONES = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] as const;
export type Zone = (typeof ZONES)[number];

/** A node whose label says that it has power is played by KWOK; without the label its kubelet falls silent. */
export const POWER = "bellwether.test/power";

/** A machine that does not exist: KWOK says what its kubelet would. */
export interface TestNode {
  readonly name: string;
  readonly zone: Zone;
  readonly address: string;
}

/** Two nodes in each of three zones, so that a pod whose node is drained has somewhere to go in its own zone, where its disk is. */
export const NODES: readonly TestNode[] = ZONES.flatMap((zone, index) =>
  ["x", "y"].map((letter, second) => ({
    name: `ip-10-40-${index}-${10 + second}`,
    zone,
    address: `10.40.${index}.${10 + second}`,
    letter,
  })),
).map(({ name, zone, address }) => ({ name, zone, address }));

/** The Node object as a kubelet in a cloud registers it. */
export function nodeObject({ name, zone, address }: TestNode): KubernetesObject {
  const capacity = { cpu: "8", memory: "32Gi", pods: "110", "ephemeral-storage": "100Gi" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "arm64",
        "node.kubernetes.io/instance-type": "m7g.2xlarge",
        "topology.kubernetes.io/region": "eu-central-1",
        "topology.kubernetes.io/zone": zone,
        [POWER]: "on",
      },
    },
    spec: { providerID: `aws:///${zone}/i-${name.replaceAll("-", "")}` },
    status: {
      addresses: [
        { type: "InternalIP", address },
        { type: "Hostname", address: name },
      ],
      capacity,
      allocatable: capacity,
      nodeInfo: {
        architecture: "arm64",
        bootID: name,
        containerRuntimeVersion: "containerd://2.1.4",
        kernelVersion: "6.12.40",
        kubeletVersion: "v1.35.4",
        kubeProxyVersion: "",
        machineID: name,
        operatingSystem: "linux",
        osImage: "Bottlerocket OS 1.50.0",
        systemUUID: name,
      },
    },
  };
}
