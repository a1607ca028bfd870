/** The processor architecture of a node, as Kubernetes names it. */
export type Architecture = "amd64" | "arm64";

/**
 * The architecture of an EC2 instance type. By AWS's naming, the letter g right after the generation's number means a Graviton
 * processor: m7g, c7gn, im4gn, is4gen, g5g. The first generation, a1, has no such letter.
 */
export function architectureOf(instanceType: string): Architecture {
  const family = familyOf(instanceType);
  return family === "a1" || /^[a-z]+\d+g/.test(family) ? "arm64" : "amd64";
}

/** Mac instances run no Linux nodes. */
export function isMac(instanceType: string): boolean {
  return familyOf(instanceType).startsWith("mac");
}

/**
 * Whether an instance has too few network addresses for the pods that every node runs. The VPC CNI gives a nano or a micro
 * at most four pods (its table of pods per instance type), and five run on every node before any work does: the CNI,
 * kube-proxy, the Pod Identity agent, the EBS CSI driver and the node exporter.
 */
export function isTooSmall(instanceType: string): boolean {
  return ["nano", "micro"].includes(instanceType.split(".")[1] ?? "");
}

function familyOf(instanceType: string): string {
  return instanceType.split(".")[0] ?? "";
}
