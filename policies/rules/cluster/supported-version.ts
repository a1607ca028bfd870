import {
  EKS_VERSIONS,
  eksVersion,
  type Support,
  supportedUntil,
  supportedVersions,
} from "../../../components/cluster/eks-versions.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { NotVisible } from "../value.ts";
import { judge } from "../violation.ts";

export const supportedVersion: ResourcePolicy = {
  id: "supported-version",
  area: "cluster",
  pack: "reliability",
  standards: ["FSBP EKS.2", "NIST SI-2", "NSA/CISA Upgrading and application security practices"],
  scope: "resource",
  title: "The cluster's Kubernetes version is supported by AWS today.",
  why: "When standard support ends, extended support costs six times the price. When that ends, AWS upgrades the cluster.",
  fix: `set version to a supported one (here: cluster.version in the environment), at best ${EKS_VERSIONS.at(-1)?.version}, one minor version at a time`,
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.eksCluster],
  check: ({ properties }, { today }) =>
    judge(() => {
      const version = properties.at("version").text();
      // AWS takes its newest version where none is named, and another one the next time.
      if (version === undefined) return "the cluster states no Kubernetes version";
      const known = eksVersion(version);
      if (known === undefined) {
        if (EKS_VERSIONS.every((one) => isNewer(version, one.version)))
          throw new NotVisible(`the support calendar of the pack ends before Kubernetes ${version}`);
        return EKS_VERSIONS.every((one) => isNewer(one.version, version))
          ? `support of Kubernetes ${version} has ended`
          : `EKS has no Kubernetes version ${version}`;
      }
      const support = supportOf(properties.at("upgradePolicy", "supportType").text());
      return supportedVersions(today, support).includes(version)
        ? undefined
        : `support of Kubernetes ${version} ended on ${supportedUntil(known, support)}`;
    }),
};

/** Whether a minor version comes after another one of the same major version. */
function isNewer(version: string, other: string): boolean {
  const [major, minor = Number.NaN] = version.split(".").map(Number);
  const [otherMajor, otherMinor = Number.NaN] = other.split(".").map(Number);
  return major === otherMajor && minor > otherMinor;
}

/** AWS keeps a version alive, at a price, where nothing is said. */
function supportOf(type: string | undefined): Support {
  return type === "STANDARD" ? "standard" : "extended";
}
