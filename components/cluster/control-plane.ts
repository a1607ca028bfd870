import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createLogGroup, KEY_DELETION_WINDOW_DAYS } from "../aws/component.ts";
import { assumedBy, managedPolicyArn } from "../aws/model.ts";
import { AUTO_MODE_POLICIES, AUTO_MODE_POOLS, createAutoModeNodes } from "./auto-mode.ts";
import type { EksClusterArgs } from "./eks-cluster-args.ts";

/**
 * The control plane with what must be there first: the key of its Secrets, its role, the way in, and its log group. EKS would
 * make the log group itself, to be kept for ever and without our key; and it must outlive the cluster, because a cluster that
 * still logs makes it anew.
 */
export function createControlPlane(
  name: string,
  args: EksClusterArgs,
  opts: pulumi.CustomResourceOptions,
): { readonly cluster: aws.eks.Cluster; readonly endpointGroup: aws.ec2.SecurityGroup } {
  const { clusterName, settings, privateSubnetIds, tags, protectData } = args;
  const key = createSecretsKey(name, args, opts);
  const { role, permissions } = createClusterRole(name, args, key, opts);
  const endpointGroup = createEndpointGroup(name, args, opts);
  const logs = settings.logs.length > 0 ? [createControlPlaneLogs(name, args, opts)] : [];
  const { endpoint } = settings;
  const autoMode =
    settings.autoscaler.kind === "auto-mode" ? createAutoModeNodes(name, args, opts) : undefined;

  const cluster = new aws.eks.Cluster(
    name,
    {
      name: clusterName,
      version: settings.version,
      roleArn: role.arn,
      accessConfig: {
        authenticationMode: "API",
        // Rights come from the list of administrators alone, not from who happened to run the first `pulumi up`.
        bootstrapClusterCreatorAdminPermissions: false,
      },
      // The add-ons below are EKS's managed ones, from the first minute; otherwise it would install unmanaged ones first.
      bootstrapSelfManagedAddons: false,
      vpcConfig: {
        subnetIds: Object.entries(privateSubnetIds)
          .filter(([zone]) => settings.controlPlaneZones?.includes(zone) ?? true)
          .map(([, id]) => id),
        securityGroupIds: [endpointGroup.id],
        // Nodes always take the private way, also where people come from outside.
        endpointPrivateAccess: true,
        endpointPublicAccess: endpoint.access === "public",
        ...(endpoint.access === "public" && { publicAccessCidrs: endpoint.allowedCidrs }),
      },
      kubernetesNetworkConfig: {
        ipFamily: "ipv4",
        serviceIpv4Cidr: settings.serviceCidr,
        ...(autoMode && { elasticLoadBalancing: { enabled: true } }),
      },
      ...(autoMode && {
        computeConfig: { enabled: true, nodePools: [...AUTO_MODE_POOLS], nodeRoleArn: autoMode.nodeRoleArn },
        storageConfig: { blockStorage: { enabled: true } },
      }),
      encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
      enabledClusterLogTypes: settings.logs,
      upgradePolicy: { supportType: settings.support === "standard" ? "STANDARD" : "EXTENDED" },
      deletionProtection: settings.deletionProtection,
      // Lets AWS, or an operator, take a sick zone out of the cluster's traffic.
      zonalShiftConfig: { enabled: true },
      tags,
    },
    // Protected beside EKS's own deletion protection, which would refuse only after everything on the cluster is gone.
    pulumi.mergeOptions(opts, {
      protect: protectData,
      dependsOn: [...permissions, ...logs, ...(autoMode?.ready ?? [])],
    }),
  );
  return { cluster, endpointGroup };
}

function createSecretsKey(
  name: string,
  { clusterName, tags, protectData }: EksClusterArgs,
  opts: pulumi.CustomResourceOptions,
): aws.kms.Key {
  return new aws.kms.Key(
    `${name}-secrets`,
    {
      description: `Encrypts the Kubernetes Secrets of ${clusterName}`,
      enableKeyRotation: true,
      deletionWindowInDays: KEY_DELETION_WINDOW_DAYS,
      tags,
    },
    pulumi.mergeOptions(opts, { protect: protectData }),
  );
}

function createClusterRole(
  name: string,
  { clusterName, region, tags, settings }: EksClusterArgs,
  key: aws.kms.Key,
  opts: pulumi.CustomResourceOptions,
): { readonly role: aws.iam.Role; readonly permissions: readonly pulumi.Resource[] } {
  const isAutoMode = settings.autoscaler.kind === "auto-mode";
  const role = new aws.iam.Role(
    `${name}-control-plane`,
    {
      description: `The control plane of ${clusterName}`,
      assumeRolePolicy: assumedBy(
        "eks.amazonaws.com",
        isAutoMode ? ["sts:AssumeRole", "sts:TagSession"] : undefined,
      ),
      tags,
    },
    opts,
  );
  const attach = (key: string, managedPolicy: string) =>
    new aws.iam.RolePolicyAttachment(
      key,
      { role: role.name, policyArn: managedPolicyArn(region, managedPolicy) },
      opts,
    );
  const managed = [
    attach(`${name}-control-plane`, "AmazonEKSClusterPolicy"),
    ...(isAutoMode
      ? Object.entries(AUTO_MODE_POLICIES).map(([key, policy]) =>
          attach(`${name}-control-plane-${key}`, policy),
        )
      : []),
  ];
  const encryption = new aws.iam.RolePolicy(
    `${name}-control-plane-encryption`,
    {
      role: role.id,
      policy: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
            Resource: key.arn,
          },
        ],
      },
    },
    opts,
  );
  return { role, permissions: [...managed, encryption] };
}

/**
 * Lets the VPC in, where `pulumi up` runs if the endpoint is private, and the networks that the settings name. EKS's own group lets in
 * nothing but the nodes.
 */
function createEndpointGroup(
  name: string,
  { clusterName, settings, vpcId, vpcCidr, podBlocks = [], tags }: EksClusterArgs,
  opts: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  const named = { ...tags, Name: `${clusterName}-api` };
  const endpointGroup = new aws.ec2.SecurityGroup(
    `${name}-api`,
    { description: `Who reaches the Kubernetes API of ${clusterName} inside the VPC`, vpcId, tags: named },
    opts,
  );
  const letIn = (key: string, description: string, cidrIpv4: string) =>
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-api-from-${key}`,
      {
        description,
        securityGroupId: endpointGroup.id,
        cidrIpv4,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        tags: named,
      },
      opts,
    );
  letIn("vpc", "HTTPS from the VPC", vpcCidr);
  for (const block of podBlocks) letIn(block, `HTTPS from ${block}, pods of the VPC`, block);
  for (const block of settings.endpoint.networks) letIn(block, `HTTPS from ${block}`, block);
  return endpointGroup;
}

function createControlPlaneLogs(
  name: string,
  { clusterName, settings, accountId, region, tags, protectData }: EksClusterArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup {
  return createLogGroup(
    `${name}-logs`,
    {
      // The one name that EKS writes to.
      logGroup: `/aws/eks/${clusterName}/cluster`,
      retentionDays: settings.logRetentionDays,
      purpose: `the control-plane logs of ${clusterName}`,
      accountId,
      region,
      tags,
      protectData,
    },
    opts,
  );
}
