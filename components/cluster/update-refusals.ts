// What EKS does not change on a cluster that exists, known before it is asked: by then the deployment would have changed other things.

/** The minor version of a Kubernetes version: 35 for "1.35". */
const minorOf = (version: string) => Number(version.split(".")[1]);

/**
 * Why EKS does not go from one Kubernetes version to another; undefined if it does, or if one of them is not known (Amazon EKS user guide,
 * Update existing cluster to new Kubernetes version, and Roll back a cluster to a previous Kubernetes version).
 */
export function refusedVersionStep(
  before: string | undefined,
  after: string | undefined,
): string | undefined {
  if (before === undefined || after === undefined) return undefined;
  const step = minorOf(after) - minorOf(before);
  if (step > 1)
    return `EKS goes up by one minor version at a time: deploy cluster.version "1.${minorOf(before) + 1}" first`;
  if (step < 0)
    return (
      `EKS goes back from ${before} only by a rollback outside of Pulumi, one version, within 7 days and after its nodes ` +
      "(docs/how-to/upgrade-kubernetes.md). After it, run pulumi up with --refresh"
    );
  return undefined;
}

/** The inputs of a cluster that decide whether EKS takes a change. Undefined is what is not known yet. */
export interface ClusterInputs {
  readonly version: string | undefined;
  /** Subnets of the control plane, one for each zone. */
  readonly subnets: number | undefined;
}

/** Why EKS refuses an update of a cluster; undefined if nothing is known against it. */
export function refusedClusterUpdate(before: ClusterInputs, after: ClusterInputs): string | undefined {
  const refused = refusedVersionStep(before.version, after.version);
  if (refused !== undefined) return refused;
  const isZoneAdded =
    before.subnets !== undefined && after.subnets !== undefined && after.subnets > before.subnets;
  return isZoneAdded
    ? "EKS adds no zone to a control plane that exists: set cluster.controlPlaneZones to the zones that network.zones had before"
    : undefined;
}
