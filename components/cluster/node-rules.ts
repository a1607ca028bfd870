import { joinPath, type Problem, repeatedEntries, shown } from "../core/problems.ts";
import { bytes } from "../core/quantity.ts";
import { architectureOf, hasManyProcessors, isMac, isNitro, isTooSmall } from "./instance-types.ts";
import type { EksSettings, NodeGroupSettings } from "./settings.ts";

/** Whether the taints of a group keep pods away that do not tolerate them: those of the platform do not. */
export function keepsPodsAway({ taints }: Pick<NodeGroupSettings, "taints">): boolean {
  return taints.some(({ effect }) => effect !== "PreferNoSchedule");
}

/** What is wrong with the node groups of a cluster, each alone and all together. */
export function nodeGroupsProblems(
  { nodeGroups, version, prefixDelegation, autoscaler }: EksSettings,
  path: string,
): Problem[] {
  if (autoscaler.kind === "auto-mode") return autoModeProblems(nodeGroups, prefixDelegation, path);
  const all = Object.values(nodeGroups);
  const open = all.filter((group) => !keepsPodsAway(group));
  const nodeless = {
    path,
    found:
      all.length === 0
        ? "no node group"
        : open.length === 0
          ? "taints in every group"
          : "minPerZone 0 in every group without taints",
    allowed:
      "at least one group without taints and with minPerZone of 1 or more, as cluster DNS and Prometheus need a node",
    fix: open.length === 0 ? "add a group without taints" : "set minPerZone of such a group to 1",
  };
  return [
    ...(open.every(({ minPerZone }) => minPerZone === 0) ? [nodeless] : []),
    ...Object.entries(nodeGroups).flatMap(([name, group]) => [
      ...nodeGroupProblems(group, joinPath(path, [name])),
      ...(prefixDelegation ? prefixProblems(group, joinPath(path, [name])) : []),
      ...imageProblems(group, version, joinPath(path, [name, "imageRelease"])),
    ]),
  ];
}

function nodeGroupProblems(group: NodeGroupSettings, path: string): Problem[] {
  const { minPerZone, maxPerZone, instanceTypes, architecture } = group;
  const typesAt = joinPath(path, ["instanceTypes"]);
  const inverted = {
    path: joinPath(path, ["minPerZone"]),
    found: `${minPerZone}, above maxPerZone, ${maxPerZone}`,
    allowed: `at most maxPerZone, ${maxPerZone}`,
    fix: "lower minPerZone, or raise maxPerZone",
  };
  return [
    ...(minPerZone > maxPerZone ? [inverted] : []),
    ...repeatedEntries(instanceTypes, typesAt),
    ...instanceTypes.flatMap((type, index) =>
      instanceTypeProblems(type, architecture, joinPath(typesAt, [index])),
    ),
    ...diskProblems(group.diskSize, joinPath(path, ["diskSize"])),
    ...spotProblems(group, typesAt),
    ...labelProblems(group, path),
    ...maxPodsProblems(group, joinPath(path, ["maxPods"])),
  ];
}

/** EC2 takes spot instances away by type and zone, and a group is in one zone: with one type all its nodes may go at once. */
const SPOT_TYPES = 3;

/** What is wrong with the types of spot instances. */
export function spotProblems(
  { capacity, instanceTypes }: Pick<NodeGroupSettings, "capacity" | "instanceTypes">,
  path: string,
): Problem[] {
  if (capacity !== "spot" || instanceTypes.length >= SPOT_TYPES) return [];
  return [
    {
      path,
      found: `${instanceTypes.length === 1 ? "1 type" : `${instanceTypes.length} types`}, and capacity is spot`,
      allowed: `${SPOT_TYPES} types or more, as EC2 takes spot instances away by type and zone`,
      fix: "add types of the same size",
    },
  ];
}

// Kubernetes and EKS set labels and taints with these themselves, and a kubelet that sets others is refused.
const RESERVED =
  /^(?:[a-z0-9.-]*\.)?(?:kubernetes\.io|k8s\.io|karpenter\.sh|karpenter\.k8s\.aws|eks\.amazonaws\.com|bellwether\.dev)\//;

/** What is wrong with the names of labels and taints. */
export function labelProblems(
  { labels, taints }: Pick<NodeGroupSettings, "labels" | "taints">,
  path: string,
): Problem[] {
  const reserved = (key: string, at: string): Problem[] =>
    RESERVED.test(key)
      ? [
          {
            path: at,
            found: `${shown(key)}, a name that Kubernetes, EKS or Bellwether uses`,
            allowed: "names with a domain of yours, or without one",
            fix: "choose another name",
          },
        ]
      : [];
  const each = taints.map(({ key, effect }) => `${key}:${effect}`);
  return [
    ...Object.keys(labels).flatMap((key) => reserved(key, joinPath(path, ["labels", key]))),
    ...taints.flatMap(({ key }, index) => reserved(key, joinPath(path, ["taints", index, "key"]))),
    ...repeatedEntries(each, joinPath(path, ["taints"])),
  ];
}

// "Managed node groups" and "Prefix mode" of the Amazon EKS user guide and best-practices guide: 110 on instances with fewer than 30 vCPUs.
const PODS_OF_SMALL_NODES = 110;

function maxPodsProblems({ maxPods, os, instanceTypes }: NodeGroupSettings, path: string): Problem[] {
  if (maxPods === undefined) return [];
  const problems: Problem[] = [];
  if (os !== "bottlerocket")
    problems.push({
      path,
      found: `${maxPods}, and os is ${os}`,
      allowed: "nothing: EKS itself writes the number into the configuration of Amazon Linux",
      fix: "remove maxPods, or set os to bottlerocket",
    });
  if (maxPods > PODS_OF_SMALL_NODES && !instanceTypes.every(hasManyProcessors))
    problems.push({
      path,
      found: shown(maxPods),
      allowed: `at most ${PODS_OF_SMALL_NODES} on instances with fewer than 30 vCPUs`,
      fix: `write ${PODS_OF_SMALL_NODES}, or choose types of 8xlarge or more`,
    });
  return problems;
}

function prefixProblems({ instanceTypes }: NodeGroupSettings, path: string): Problem[] {
  return instanceTypes.flatMap((type, index) =>
    isNitro(type)
      ? []
      : [
          {
            path: joinPath(path, ["instanceTypes", index]),
            found: `${shown(type)}, whose network interfaces take no prefixes`,
            allowed: "instances of the Nitro system, as cluster.prefixDelegation is true",
            fix: "choose a newer type, or set prefixDelegation to false",
          },
        ],
  );
}

/** Amazon Linux numbers its images by the kubelet in them; Bottlerocket by its own releases, which hold every kubelet. */
function imageProblems({ os, imageRelease }: NodeGroupSettings, version: string, path: string): Problem[] {
  if (os !== "al2023" || imageRelease === undefined || imageRelease.startsWith(`${version}.`)) return [];
  return [
    {
      path,
      found: `${shown(imageRelease)}, an image of another Kubernetes version`,
      allowed: `a release of ${version}, as cluster.version has it`,
      fix: `write a release that starts with ${version}, or leave it out`,
    },
  ];
}

/** What is wrong with one instance type. */
export function instanceTypeProblems(
  type: string,
  architecture: NodeGroupSettings["architecture"],
  path: string,
): Problem[] {
  if (isMac(type))
    return [{ path, found: shown(type), allowed: "instance types that run Linux", fix: "choose another" }];
  const actual = architectureOf(type);
  const wrongArchitecture = {
    path,
    found: `${shown(type)}, whose processor is ${actual}`,
    allowed: `instance types of architecture ${architecture}`,
    fix: `choose another type, or set architecture to ${actual}`,
  };
  const tooSmall = {
    path,
    found: `${shown(type)}, which has room for four pods`,
    allowed: "small or larger, as five pods of the platform run on every node",
    fix: "choose a larger size",
  };
  return [...(actual === architecture ? [] : [wrongArchitecture]), ...(isTooSmall(type) ? [tooSmall] : [])];
}

const GIB = 2 ** 30;
// The AMIs' snapshots take up to 20 GiB; gp3 ends at 16 TiB on instances of every generation (Amazon EBS user guide).
const SMALLEST_DISK_GIB = 20;
const LARGEST_DISK_GIB = 16 * 1024;

/** The size of a disk in whole GiB, which is how EBS counts. Throws a RangeError for text that is no quantity. */
export function diskSizeInGib(diskSize: string): number {
  return bytes(diskSize) / GIB;
}

/** What is wrong with the size of a disk. */
export function diskProblems(diskSize: string, path: string): Problem[] {
  const size = diskSizeInGib(diskSize);
  if (Number.isInteger(size) && size >= SMALLEST_DISK_GIB && size <= LARGEST_DISK_GIB) return [];
  return [
    {
      path,
      found: shown(diskSize),
      allowed: `whole gibibytes from ${SMALLEST_DISK_GIB}Gi to 16Ti`,
      fix: size < SMALLEST_DISK_GIB ? `take at least ${SMALLEST_DISK_GIB}Gi` : "choose a size in that range",
    },
  ];
}

/** EKS Auto Mode starts all nodes, and gives them their network. */
function autoModeProblems(
  nodeGroups: EksSettings["nodeGroups"],
  prefixDelegation: boolean,
  path: string,
): Problem[] {
  const names = Object.keys(nodeGroups);
  const allowed = "nothing: EKS Auto Mode decides it";
  return [
    ...(names.length === 0
      ? []
      : [
          {
            path,
            found: `${names.join(", ")}, and autoscaler is auto-mode`,
            allowed,
            fix: "remove nodeGroups",
          },
        ]),
    ...(prefixDelegation
      ? [
          {
            path: path.replace(/nodeGroups$/, "prefixDelegation"),
            found: "true, and autoscaler is auto-mode",
            allowed,
            fix: "remove prefixDelegation",
          },
        ]
      : []),
  ];
}
