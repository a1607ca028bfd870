// What AWS supports, and the add-ons that were published for it, as data: a look-up at run time would give two runs of one
// commit different clusters.

/** The add-ons of every cluster, by the name that EKS knows them under. */
export const ADD_ONS = [
  "vpc-cni",
  "kube-proxy",
  "eks-pod-identity-agent",
  "coredns",
  "aws-ebs-csi-driver",
] as const;
export type AddOn = (typeof ADD_ONS)[number];

/** One Kubernetes minor version as EKS offers it. Dates are YYYY-MM-DD; the day itself is the last of the period. */
export interface EksVersion {
  readonly version: string;
  readonly standardUntil: string;
  readonly extendedUntil: string;
  readonly addOns: Readonly<Record<AddOn, string>>;
}

// These follow versions of their own; each supports every Kubernetes version below.
const COMMON = {
  "vpc-cni": "v1.22.4-eksbuild.3",
  "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
  "aws-ebs-csi-driver": "v1.64.0-eksbuild.1",
} as const;

/**
 * Oldest first. The dates are those of the Amazon EKS Kubernetes release calendar
 * (https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html) as of August 2026. The add-on versions are those
 * that `aws eks describe-addon-versions --kubernetes-version …` offered, by published records of August to October 2026; run it
 * before changing one.
 */
export const EKS_VERSIONS: readonly EksVersion[] = [
  {
    version: "1.32",
    standardUntil: "2026-03-23",
    extendedUntil: "2027-03-23",
    addOns: { ...COMMON, "kube-proxy": "v1.32.13-eksbuild.21", coredns: "v1.11.4-eksbuild.40" },
  },
  {
    version: "1.33",
    standardUntil: "2026-07-29",
    extendedUntil: "2027-07-29",
    addOns: { ...COMMON, "kube-proxy": "v1.33.10-eksbuild.18", coredns: "v1.12.4-eksbuild.18" },
  },
  {
    version: "1.34",
    standardUntil: "2026-12-02",
    extendedUntil: "2027-12-02",
    addOns: { ...COMMON, "kube-proxy": "v1.34.6-eksbuild.18", coredns: "v1.12.4-eksbuild.18" },
  },
  {
    version: "1.35",
    standardUntil: "2027-03-27",
    extendedUntil: "2028-03-27",
    addOns: { ...COMMON, "kube-proxy": "v1.35.3-eksbuild.18", coredns: "v1.13.2-eksbuild.11" },
  },
  {
    version: "1.36",
    standardUntil: "2027-08-02",
    extendedUntil: "2028-08-02",
    addOns: { ...COMMON, "kube-proxy": "v1.36.0-eksbuild.21", coredns: "v1.14.3-eksbuild.16" },
  },
];

/** What `supportType` of EKS a cluster asks for: standard is upgraded by AWS when it ends, extended costs six times as much. */
export type Support = "standard" | "extended";

/** The entry of a Kubernetes version; undefined where the calendar has none. */
export function eksVersion(version: string): EksVersion | undefined {
  return EKS_VERSIONS.find((known) => known.version === version);
}

/** The last day of a version's support, YYYY-MM-DD. */
export function supportedUntil({ standardUntil, extendedUntil }: EksVersion, support: Support): string {
  return support === "standard" ? standardUntil : extendedUntil;
}

/** The versions that are supported on a day (YYYY-MM-DD), oldest first. */
export function supportedVersions(today: string, support: Support): readonly string[] {
  return EKS_VERSIONS.filter((known) => today <= supportedUntil(known, support)).map(
    ({ version }) => version,
  );
}

/** The add-on versions of a Kubernetes version. Throws a RangeError where the calendar has none; the rules find it first. */
export function addOnVersions(version: string): Readonly<Record<AddOn, string>> {
  const known = eksVersion(version);
  if (known === undefined) throw new RangeError(`no add-ons are known for Kubernetes ${version}`);
  return known.addOns;
}
