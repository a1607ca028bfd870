import { TYPES } from "../../../policies/rules/resource.ts";
import { UNKNOWN } from "../../../policies/rules/value.ts";
import { type FixtureResource, type FixtureStack, urnOf } from "./fixture.ts";
import { owned, tags } from "./metadata.ts";

const CLUSTER = urnOf(TYPES.eksCluster, "cluster");

const ROUTE_TABLE_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";

/** A node group whose subnet id comes from the subnet itself, or from its association with a route table. */
function nodeGroup(subnetUrn: string): FixtureResource {
  return {
    type: TYPES.nodeGroup,
    properties: {
      clusterName: UNKNOWN,
      subnetIds: [UNKNOWN],
      scalingConfig: { minSize: 1, maxSize: 3, desiredSize: 1 },
      updateConfig: { maxUnavailablePercentage: 33 },
      tags,
    },
    sources: { clusterName: [CLUSTER], subnetIds: [subnetUrn] },
  };
}

function routeAssociation(subnetName: string, table: string): FixtureResource {
  return {
    type: ROUTE_TABLE_ASSOCIATION,
    properties: { subnetId: UNKNOWN, routeTableId: UNKNOWN },
    sources: {
      subnetId: [urnOf(TYPES.subnet, subnetName)],
      routeTableId: [urnOf(TYPES.routeTable, table)],
    },
  };
}

function subnet(zone: string): FixtureResource {
  return { type: TYPES.subnet, properties: { availabilityZone: zone, cidrBlock: "10.0.0.0/20", tags } };
}

const GATEWAY = "aws:ec2/internetGateway:InternetGateway";
const NAT = "aws:ec2/natGateway:NatGateway";

function route(table: string, input: "gatewayId" | "natGatewayId", target: string): FixtureResource {
  return {
    type: "aws:ec2/route:Route",
    properties: { routeTableId: UNKNOWN, destinationCidrBlock: "0.0.0.0/0", [input]: UNKNOWN },
    sources: { routeTableId: [urnOf(TYPES.routeTable, table)], [input]: [target] },
  };
}

/** A role that an AWS service or a pod takes on. */
function role(principal: object, condition?: object): FixtureResource {
  const statement = { Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" };
  return {
    type: TYPES.role,
    properties: {
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [condition === undefined ? statement : { ...statement, Condition: condition }],
      }),
      tags,
    },
  };
}

function nat(zone: string): FixtureResource {
  return {
    type: NAT,
    properties: { subnetId: UNKNOWN, tags },
    sources: { subnetId: [urnOf(TYPES.subnet, `public-${zone}`)] },
  };
}

/** The VPC: two public and two private subnets, each zone with its own way out. */
function network(): FixtureStack {
  return {
    vpc: { type: TYPES.vpc, properties: { cidrBlock: "10.0.0.0/16", tags } },
    "flow-log": {
      type: "aws:ec2/flowLog:FlowLog",
      properties: { vpcId: UNKNOWN, trafficType: "REJECT" },
      sources: { vpcId: [urnOf(TYPES.vpc, "vpc")] },
    },
    gateway: { type: GATEWAY, properties: { vpcId: UNKNOWN } },
    "public-routes": { type: TYPES.routeTable, properties: { vpcId: UNKNOWN } },
    "public-route": route("public-routes", "gatewayId", urnOf(GATEWAY, "gateway")),
    "routes-a": { type: TYPES.routeTable, properties: { vpcId: UNKNOWN } },
    "route-a": route("routes-a", "natGatewayId", urnOf(NAT, "nat-a")),
    "routes-b": { type: TYPES.routeTable, properties: { vpcId: UNKNOWN } },
    "route-b": route("routes-b", "natGatewayId", urnOf(NAT, "nat-b")),
    "public-a": subnet("eu-central-1a"),
    "public-b": subnet("eu-central-1b"),
    "subnet-a": subnet("eu-central-1a"),
    "subnet-b": subnet("eu-central-1b"),
    "public-association-a": routeAssociation("public-a", "public-routes"),
    "public-association-b": routeAssociation("public-b", "public-routes"),
    "association-a": routeAssociation("subnet-a", "routes-a"),
    "association-b": routeAssociation("subnet-b", "routes-b"),
    "nat-a": nat("a"),
    "nat-b": nat("b"),
    "security-group": {
      type: "aws:ec2/securityGroup:SecurityGroup",
      properties: {
        tags,
        ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/16"] }],
      },
    },
  };
}

/** The cluster with its nodes, and the storage class, key and log group. */
export function cluster(): FixtureStack {
  return {
    "storage-class": {
      type: TYPES.storageClass,
      properties: {
        metadata: { name: "gp3-encrypted", labels: owned },
        provisioner: "ebs.csi.aws.com",
        parameters: { type: "gp3", encrypted: "true" },
        reclaimPolicy: "Retain",
        volumeBindingMode: "WaitForFirstConsumer",
      },
    },
    key: {
      type: TYPES.key,
      protect: true,
      properties: { enableKeyRotation: true, deletionWindowInDays: 30, tags },
    },
    logs: {
      type: TYPES.logGroup,
      properties: { name: "/aws/eks/prod/cluster", retentionInDays: 90, kmsKeyId: UNKNOWN, tags },
    },
    ...network(),
    "node-role": role({ Service: "ec2.amazonaws.com" }),
    "pod-role": role({ Service: "pods.eks.amazonaws.com" }),
    "pipeline-role": role(
      { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
      {
        StringEquals: { "token.actions.githubusercontent.com:sub": "repo:acme/platform:ref:refs/heads/main" },
      },
    ),
    "node-attachment": {
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      properties: { role: UNKNOWN, policyArn: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy" },
      sources: { role: [urnOf(TYPES.role, "node-role")] },
    },
    "pod-policy": {
      type: "aws:iam/rolePolicy:RolePolicy",
      properties: {
        role: UNKNOWN,
        policy: JSON.stringify({
          Statement: [
            {
              Effect: "Allow",
              Action: ["aps:RemoteWrite"],
              Resource: "arn:aws:aps:eu-central-1:111122223333:workspace/w",
            },
          ],
        }),
      },
      sources: { role: [urnOf(TYPES.role, "pod-role")] },
    },
    addon: {
      type: "aws:eks/addon:Addon",
      properties: { addonName: "coredns", addonVersion: "v1.13.2-eksbuild.11" },
    },
    cluster: {
      type: TYPES.eksCluster,
      properties: {
        name: "bellwether-prod",
        version: "1.35",
        vpcConfig: {
          endpointPrivateAccess: true,
          endpointPublicAccess: true,
          publicAccessCidrs: ["192.0.2.0/24"],
        },
        encryptionConfig: { provider: { keyArn: UNKNOWN }, resources: ["secrets"] },
        enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
        upgradePolicy: { supportType: "STANDARD" },
        deletionProtection: true,
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
        tags,
      },
    },
    "nodes-a": nodeGroup(urnOf(TYPES.subnet, "subnet-a")),
    "nodes-b": nodeGroup(urnOf(ROUTE_TABLE_ASSOCIATION, "association-b")),
    "launch-template": {
      type: TYPES.launchTemplate,
      properties: {
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
        tags,
        blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeSize: 50 } }],
      },
    },
  };
}
