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
  return ["nano", "micro"].includes(sizeOf(instanceType));
}

// The families on Xen (Amazon EC2 instance types, Hypervisor type). All that came after them is on Nitro.
const XEN = [
  ...["c1", "c3", "c4", "d2", "f1", "g2", "g3", "g3s", "h1", "hs1", "i2", "i3", "m1", "m2", "m3", "m4"],
  ...["p2", "p3", "r3", "r4", "t1", "t2", "x1", "x1e"],
];

/** Whether an instance is of the Nitro system. A bare-metal instance always is. */
export function isNitro(instanceType: string): boolean {
  return !XEN.includes(familyOf(instanceType)) || sizeOf(instanceType).startsWith("metal");
}

/**
 * The fewest vCPUs of an instance of that size (Amazon EC2 instance types): a large has 2, an xlarge 4, an 8xlarge 32. Below a large it is
 * 1, and 2 in the families t3, t3a and t4g. A bare-metal instance that names no size has 16 at least.
 */
export function fewestProcessors(instanceType: string): number {
  const size = sizeOf(instanceType);
  const [, times] = /^(?:metal-)?(\d*)xl(?:arge)?$/.exec(size) ?? [];
  if (times !== undefined) return 4 * Number(times || "1");
  if (size === "metal") return 16;
  if (size === "large") return 2;
  return /^t[34]/.test(familyOf(instanceType)) ? 2 : 1;
}

/** Whether an instance has 30 vCPUs or more: an 8xlarge has 32. */
export function hasManyProcessors(instanceType: string): boolean {
  return sizeOf(instanceType).startsWith("metal") || fewestProcessors(instanceType) >= 30;
}

function familyOf(instanceType: string): string {
  return instanceType.split(".")[0] ?? "";
}

function sizeOf(instanceType: string): string {
  return instanceType.split(".")[1] ?? "";
}
