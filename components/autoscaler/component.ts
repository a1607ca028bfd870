import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../aws/component.ts";
import { type AwsPlace, assumedBy, ec2Principal, managedPolicyArn } from "../aws/model.ts";
import type { NodePoolSettings } from "../cluster/model.ts";
import { createPodIdentity } from "../cluster/pod-identity.ts";
import { volumeKeyStatements } from "../cluster/volume-key.ts";
import { createObject, createObjects } from "../kubernetes/component.ts";
import { INTERRUPTIONS, KARPENTER, queueName, ruleName } from "./model.ts";
import { renderNodeClass, renderNodePool } from "./node-pools.ts";
import { controllerStatements, queueArn, queuePolicy } from "./permissions.ts";
import { renderController, renderDefinitionsRelease } from "./render.ts";

/** What Karpenter is made from. */
export interface KarpenterArgs extends AwsPlace {
  readonly pools: Readonly<Record<string, NodePoolSettings>>;
  readonly prefixDelegation: boolean;
  readonly cluster: { readonly name: pulumi.Output<string>; readonly nodesGroupId: pulumi.Output<string> };
  readonly clusterName: string;
  /** Private subnet by zone. */
  readonly privateSubnetIds: Readonly<Record<string, pulumi.Input<string>>>;
  /** The key of disks. Default: one of AWS's. */
  readonly volumeKeyArn?: pulumi.Output<string> | undefined;
  readonly tags: Tags;
  readonly aws: aws.Provider;
}

/**
 * Karpenter: it starts a node when a pod finds no room, and stops nodes that are empty or whose pods fit on others. Needs a Kubernetes
 * provider, as `provider` or from its parent, and nodes of a node group to run on.
 *
 * On destroy the pools go first, while the controller still runs: it stops their nodes, and the classes end only when the last of them has.
 */
export class Karpenter extends pulumi.ComponentResource {
  constructor(name: string, args: KarpenterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bellwether:autoscaler:Karpenter", name, {}, opts);
    const onCluster = { parent: this };
    const inAws = { parent: this, provider: args.aws };
    const { pools, clusterName, privateSubnetIds, cluster, prefixDelegation, volumeKeyArn, tags } = args;
    const { profile, role, ready } = createNodeIdentity(name, args, inAws);
    const queue = createQueue(name, args, inAws);
    const inlinePolicy = {
      Version: "2012-10-17",
      Statement: [
        ...controllerStatements(args, clusterName, role.arn),
        ...(volumeKeyArn === undefined ? [] : volumeKeyStatements(volumeKeyArn)),
      ],
    } as unknown as aws.iam.PolicyDocument;
    const identity = createPodIdentity(
      `${name}-controller`,
      { ...args, inlinePolicy, serviceAccount: KARPENTER.name, namespace: KARPENTER.namespace },
      inAws,
    );

    const definitions = new kubernetes.helm.v3.Release(
      `${name}-definitions`,
      renderDefinitionsRelease(),
      onCluster,
    );
    const zones = Object.keys(privateSubnetIds).length;
    const { controller, service, ...rights } = renderController({ clusterName, zones });
    const first = Object.values(createObjects(name, rights, onCluster));
    const deployment = createObject(`${name}-controller`, controller, {
      ...onCluster,
      dependsOn: [...first, definitions, identity, ...queue],
    });
    createObject(`${name}-service`, service, { ...onCluster, dependsOn: [deployment] });

    const common = {
      instanceProfile: profile.name,
      subnetIds: Object.values(privateSubnetIds).map((id) => pulumi.output(id)),
      securityGroupId: cluster.nodesGroupId,
      prefixDelegation,
      ...(volumeKeyArn && { volumeKeyArn }),
      tags,
    };
    for (const [pool, settings] of Object.entries(pools)) {
      const nodeClass = createObject(`${name}-class-${pool}`, renderNodeClass(pool, settings, common), {
        ...onCluster,
        dependsOn: [deployment, ...ready],
        // Its end waits until the last of its nodes has stopped.
        customTimeouts: { delete: "30m" },
      });
      createObject(`${name}-pool-${pool}`, renderNodePool(pool, settings), {
        ...onCluster,
        dependsOn: [nodeClass],
      });
    }
    this.registerOutputs({});
  }
}

/** The role of the nodes, which may join the cluster and pull images, and its instance profile, which Karpenter then need not make. */
function createNodeIdentity(
  name: string,
  { cluster, clusterName, region, tags }: KarpenterArgs,
  opts: pulumi.CustomResourceOptions,
): {
  readonly role: aws.iam.Role;
  readonly profile: aws.iam.InstanceProfile;
  readonly ready: readonly pulumi.Resource[];
} {
  const role = new aws.iam.Role(
    `${name}-nodes`,
    {
      description: `The nodes of ${clusterName} that Karpenter starts`,
      assumeRolePolicy: assumedBy(ec2Principal(region)),
      tags,
    },
    opts,
  );
  const permissions = { join: "AmazonEKSWorkerNodePolicy", pull: "AmazonEC2ContainerRegistryPullOnly" };
  const attached = Object.entries(permissions).map(
    ([key, managedPolicy]) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-nodes-${key}`,
        { role: role.name, policyArn: managedPolicyArn(region, managedPolicy) },
        opts,
      ),
  );
  const entry = new aws.eks.AccessEntry(
    `${name}-nodes`,
    { clusterName: cluster.name, principalArn: role.arn, type: "EC2_LINUX", tags },
    opts,
  );
  const profile = new aws.iam.InstanceProfile(`${name}-nodes`, { role: role.name, tags }, opts);
  return { role, profile, ready: [...attached, entry] };
}

/** The queue of what AWS says of instances, and the rules that write into it. Returns what must be there before the controller reads. */
function createQueue(
  name: string,
  args: KarpenterArgs,
  opts: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  const { clusterName, tags } = args;
  const queue = new aws.sqs.Queue(
    `${name}-interruptions`,
    {
      name: queueName(clusterName),
      // What is older than five minutes has happened.
      messageRetentionSeconds: 300,
      sqsManagedSseEnabled: true,
      tags,
    },
    opts,
  );
  const mayWrite = new aws.sqs.QueuePolicy(
    `${name}-interruptions`,
    { queueUrl: queue.url, policy: queuePolicy(args, clusterName) },
    opts,
  );
  for (const [event, { source, detailType }] of Object.entries(INTERRUPTIONS)) {
    const rule = new aws.cloudwatch.EventRule(
      `${name}-${event}`,
      {
        name: ruleName(clusterName, event as keyof typeof INTERRUPTIONS),
        description: `${detailType}, for Karpenter of ${clusterName}`,
        eventPattern: JSON.stringify({ source: [source], "detail-type": [detailType] }),
        tags,
      },
      opts,
    );
    new aws.cloudwatch.EventTarget(
      `${name}-${event}`,
      { rule: rule.name, targetId: "karpenter", arn: queueArn(args, clusterName) },
      pulumi.mergeOptions(opts, { dependsOn: [mayWrite] }),
    );
  }
  return [queue, mayWrite];
}
