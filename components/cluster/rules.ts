import { logRetentionProblems } from "../aws/model.ts";
import { joinPath, type Problem, repeatedEntries, shown } from "../core/problems.ts";
import { bytes } from "../core/quantity.ts";
import { isPrivate, PRIVATE_BLOCKS, prefixLength } from "../network/cidr.ts";
import { eksVersion, supportedUntil, supportedVersions } from "./eks-versions.ts";
import { endpointProblems } from "./endpoint-rules.ts";
import { architectureOf, isMac, isTooSmall } from "./instance-types.ts";
import type { ClusterSettings, EksSettings, ExistingClusterSettings, NodeGroupSettings } from "./settings.ts";

/**
 * What is wrong between the fields of a cluster whose shape is right. `path` is where the settings stand; `today`, as
 * YYYY-MM-DD, is the day that the support calendar is read at.
 */
export function clusterProblems(settings: ClusterSettings, path: string, today: string): Problem[] {
  if (settings.kind === "existing") return existingClusterProblems(settings, path);
  return [...supportProblems(settings, path, today), ...eksProblems(settings, path)];
}

/** What is wrong with an EKS cluster on any day: everything but the support calendar. */
export function eksProblems(settings: EksSettings, path: string): Problem[] {
  const at = (...segments: PropertyKey[]) => joinPath(path, segments);
  return [
    ...knownVersionProblems(settings, at("version")),
    ...serviceBlockProblems(settings.serviceCidr, at("serviceCidr")),
    ...endpointProblems(settings.endpoint, at("endpoint")),
    ...logRetentionProblems(settings.logRetentionDays, at("logRetentionDays")),
    ...repeatedEntries(settings.logs, at("logs")),
    ...repeatedEntries(settings.administrators, at("administrators")),
    ...nodeGroupsProblems(settings, at("nodeGroups")),
  ];
}

/** What is wrong with a cluster that somebody else runs. */
export function existingClusterProblems(settings: ExistingClusterSettings, path: string): Problem[] {
  return [...reachProblems(settings, path), ...kubeconfigProblems(settings, path)];
}

function reachProblems({ context, kubeconfig, eks }: ExistingClusterSettings, path: string): Problem[] {
  if (context !== undefined) return [];
  const byContext = "write cluster.context, a context of the kubeconfig";
  if (eks === undefined)
    return [
      {
        path: joinPath(path, ["context"]),
        found: "nothing, and no cluster.eks",
        allowed: "a context of a kubeconfig, or cluster.eks with the name of an EKS cluster",
        fix: `${byContext}, or cluster.eks.name`,
      },
    ];
  if (kubeconfig === undefined) return [];
  return [
    {
      path: joinPath(path, ["kubeconfig"]),
      found: `${shown(kubeconfig)}, but no cluster.context`,
      allowed: "nothing: without a context the cluster is reached by the name of cluster.eks",
      fix: `${byContext}, or remove kubeconfig`,
    },
  ];
}

function kubeconfigProblems({ kubeconfig }: ExistingClusterSettings, path: string): Problem[] {
  if (kubeconfig === undefined || /^(?:\/|~\/)/.test(kubeconfig)) return [];
  return [
    {
      path: joinPath(path, ["kubeconfig"]),
      found: `${shown(kubeconfig)}, a relative path`,
      // The provider is a process of its own and runs in another directory than the one that somebody has in mind.
      allowed: "a path that starts with / or ~/, as the Kubernetes provider runs in a directory of its own",
      fix: "write the whole path",
    },
  ];
}

function knownVersionProblems({ version, support }: EksSettings, path: string): Problem[] {
  if (eksVersion(version) !== undefined) return [];
  const known = supportedVersions("0000-00-00", support);
  return [
    {
      path,
      found: `${shown(version)}, which the support calendar does not hold`,
      allowed: `one of ${known.join(", ")}`,
      fix: "choose one of them, or add the version and its add-ons to components/cluster/eks-versions.ts",
    },
  ];
}

function supportProblems({ version, support }: EksSettings, path: string, today: string): Problem[] {
  const known = eksVersion(version);
  if (known === undefined || today <= supportedUntil(known, support)) return [];
  const supported = supportedVersions(today, support);
  const extends_ = support === "standard" && today <= known.extendedUntil;
  return [
    {
      path: joinPath(path, ["version"]),
      found: `${shown(version)}, whose ${support} support ended on ${supportedUntil(known, support)}`,
      allowed: `a version in ${support} support on ${today}: ${supported.join(", ") || "the calendar holds none"}`,
      fix: extends_
        ? `upgrade one minor version at a time, or set support to extended, at a price, until ${known.extendedUntil}`
        : "upgrade one minor version at a time",
    },
  ];
}

// What EKS takes (kubernetesNetworkConfig.serviceIpv4Cidr, Amazon EKS API reference).
const SERVICE_PREFIX = { shortest: 12, longest: 24 };

function serviceBlockProblems(block: string, path: string): Problem[] {
  const length = prefixLength(block);
  const { shortest, longest } = SERVICE_PREFIX;
  const wrongSize = {
    path,
    found: `${shown(block)}, too ${length > longest ? "small" : "large"}`,
    allowed: `/${shortest} to /${longest}`,
    fix: "choose a block of that size, such as 172.20.0.0/16",
  };
  const isPublic = {
    path,
    found: `${shown(block)}, which holds public addresses`,
    allowed: `a block inside ${PRIVATE_BLOCKS.join(", ")}`,
    fix: "choose a private block, such as 172.20.0.0/16",
  };
  return [
    ...(length < shortest || length > longest ? [wrongSize] : []),
    ...(isPrivate(block) ? [] : [isPublic]),
  ];
}

function nodeGroupsProblems({ nodeGroups, version }: EksSettings, path: string): Problem[] {
  const all = Object.values(nodeGroups);
  const nodeless = {
    path,
    found: all.length === 0 ? "no node group" : "minPerZone 0 in every group",
    allowed: "at least one group with minPerZone of 1 or more, as cluster DNS and Prometheus need a node",
    fix: all.length === 0 ? "add a group" : "set minPerZone of one group to 1",
  };
  return [
    ...(all.every(({ minPerZone }) => minPerZone === 0) ? [nodeless] : []),
    ...Object.entries(nodeGroups).flatMap(([name, group]) => [
      ...nodeGroupProblems(group, joinPath(path, [name])),
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
  ];
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

function instanceTypeProblems(
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

function diskProblems(diskSize: string, path: string): Problem[] {
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
