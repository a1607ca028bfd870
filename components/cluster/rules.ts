import { logRetentionProblems } from "../aws/model.ts";
import { joinPath, type Problem, repeatedEntries, shown } from "../core/problems.ts";
import { isPrivate, PRIVATE_BLOCKS, prefixLength } from "../network/cidr.ts";
import { autoscalerProblems } from "./autoscaler-rules.ts";
import { eksVersion, supportedUntil, supportedVersions } from "./eks-versions.ts";
import { endpointProblems } from "./endpoint-rules.ts";
import { nodeGroupsProblems } from "./node-rules.ts";
import type { ClusterSettings, EksSettings, ExistingClusterSettings } from "./settings.ts";

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
    ...autoscalerProblems(settings, at("autoscaler")),
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
