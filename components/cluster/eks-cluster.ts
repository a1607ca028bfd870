import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../core/problems.ts";
import { createObjects } from "../kubernetes/component.ts";
import type { KubernetesObject, KubernetesObjects } from "../kubernetes/model.ts";
import { grantAdministrators } from "./access.ts";
import { type AddOnsArgs, createAddOnsAfterNodes, createAddOnsBeforeNodes } from "./add-ons.ts";
import { createControlPlane } from "./control-plane.ts";
import type { EksClusterArgs } from "./eks-cluster-args.ts";
import type { ClusterHandle } from "./handle.ts";
import { createProvider } from "./kubernetes-provider.ts";
import { eksProblems } from "./model.ts";
import { createNodeGroups, type NodeGroupsArgs } from "./node-groups.ts";
import { renderStorage } from "./render.ts";
import { createVolumeKey } from "./volume-key.ts";

/** The storage class with the key of its volumes, which has an ARN only when it exists. */
function withKey(
  { "storage-class": storageClass }: ReturnType<typeof renderStorage>,
  kmsKeyId: pulumi.Output<string> | undefined,
): KubernetesObjects {
  if (kmsKeyId === undefined) return { "storage-class": storageClass };
  const encrypted = { ...storageClass, parameters: { ...storageClass.parameters, kmsKeyId } };
  return { "storage-class": encrypted as KubernetesObject };
}

/** Add-ons and nodes; returns the add-ons that come last. EKS Auto Mode has neither: EKS starts nodes when pods wait, with all they need. */
function createNodes(
  name: string,
  args: Omit<AddOnsArgs & NodeGroupsArgs, "after">,
  opts: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  const beforeNodes = createAddOnsBeforeNodes(name, args, opts);
  const nodes = createNodeGroups(name, { ...args, after: beforeNodes }, opts);
  return createAddOnsAfterNodes(name, { ...args, after: nodes }, opts);
}

/**
 * An EKS cluster: control plane, administrators, add-ons, a node group per zone, storage.
 *
 * Everything is created from the top of the constructor to its bottom and destroyed from the bottom to the top; the order is
 * spelt out, because a destroy that takes the wrong end first hangs. Workloads go first (they wait for `ready`), then the
 * storage class, cluster DNS and the EBS driver, then the nodes while the CNI can still take its network interfaces away, then
 * CNI, proxy and agent, then the control plane, then its log group, role and key, and last what the subnets depend on.
 *
 * Throws an InvalidInputError that lists every problem of the settings. The support calendar is not among them: a cluster
 * whose version ran out must still be changed and destroyed, and `clusterProblems` has the day.
 */
export class EksCluster extends pulumi.ComponentResource implements ClusterHandle {
  readonly provider: kubernetes.Provider;
  readonly name: pulumi.Output<string>;
  /** The issuer of the cluster's tokens, as an https URL: what a trust policy of IAM or of another cloud names. */
  readonly oidcIssuer: pulumi.Output<string>;
  /** `api` is that of the private endpoint. */
  readonly securityGroupIds: Readonly<Record<"api", pulumi.Output<string>>>;
  /** The security group that EKS makes, which every node is in. Not always known in a preview. */
  readonly nodesGroupId: pulumi.Output<string>;
  /** The key of disks and volumes; undefined where it is one of AWS's. */
  readonly volumeKeyArn: pulumi.Output<string> | undefined;
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: EksClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const { settings } = args;
    const problems = eksProblems(settings, "settings");
    if (problems.length > 0) throw new InvalidInputError(`EksCluster ${name}`, problems);
    super("bellwether:cluster:EksCluster", name, {}, opts);

    const child = { parent: this };
    const { cluster, endpointGroup } = createControlPlane(name, args, child);
    const { administrators, version, nodeGroups, prefixDelegation } = settings;
    this.volumeKeyArn = args.keys === "own" ? createVolumeKey(name, args, child).arn : undefined;
    const encrypted = this.volumeKeyArn && { volumeKeyArn: this.volumeKeyArn };
    const onCluster = {
      ...args,
      ...encrypted,
      cluster,
      administrators,
      version,
      nodeGroups,
      prefixDelegation,
    };
    const rights = grantAdministrators(name, onCluster, child);

    const isAutoMode = settings.autoscaler.kind === "auto-mode";
    const afterNodes = isAutoMode ? [] : createNodes(name, onCluster, child);

    this.provider = createProvider(name, onCluster, { ...child, dependsOn: [...rights] });
    const storage = createObjects(
      name,
      withKey(renderStorage(isAutoMode ? "auto-mode" : "add-on"), this.volumeKeyArn),
      {
        ...child,
        provider: this.provider,
        dependsOn: [...afterNodes],
      },
    );

    this.name = cluster.name;
    this.oidcIssuer = cluster.identities.apply((identities) => identities?.[0]?.oidcs?.[0]?.issuer ?? "");
    this.securityGroupIds = { api: endpointGroup.id };
    // A preview may know the settings and not yet the group; the endpoint is known when the group is.
    this.nodesGroupId = pulumi
      .all([cluster.vpcConfig, cluster.endpoint])
      .apply(([{ clusterSecurityGroupId }]) => clusterSecurityGroupId);
    // The storage class waits for the add-ons, and those for the nodes.
    this.ready = Object.values(storage);
    this.registerOutputs({
      name: this.name,
      oidcIssuer: this.oidcIssuer,
      securityGroupIds: this.securityGroupIds,
    });
  }
}
