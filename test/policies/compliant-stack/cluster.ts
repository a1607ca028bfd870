import { TYPES } from "../../../policies/rules/resource.ts";
import { UNKNOWN } from "../../../policies/rules/value.ts";
import { type FixtureResource, type FixtureStack, urnOf } from "./fixture.ts";
import { owned } from "./metadata.ts";

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
    },
    sources: { clusterName: [CLUSTER], subnetIds: [subnetUrn] },
  };
}

function routeAssociation(zone: string): FixtureResource {
  return {
    type: ROUTE_TABLE_ASSOCIATION,
    properties: { subnetId: UNKNOWN, routeTableId: UNKNOWN },
    sources: {
      subnetId: [urnOf(TYPES.subnet, `subnet-${zone}`)],
      routeTableId: [urnOf("aws:ec2/routeTable:RouteTable", "routes")],
    },
  };
}

function subnet(zone: string): FixtureResource {
  return { type: TYPES.subnet, properties: { availabilityZone: zone, cidrBlock: "10.0.0.0/20" } };
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
      properties: { enableKeyRotation: true, deletionWindowInDays: 30 },
    },
    logs: { type: TYPES.logGroup, properties: { name: "/aws/eks/prod/cluster", retentionInDays: 90 } },
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
      },
    },
    "subnet-a": subnet("eu-central-1a"),
    "subnet-b": subnet("eu-central-1b"),
    "association-b": routeAssociation("b"),
    "nodes-a": nodeGroup(urnOf(TYPES.subnet, "subnet-a")),
    "nodes-b": nodeGroup(urnOf(ROUTE_TABLE_ASSOCIATION, "association-b")),
    "launch-template": {
      type: TYPES.launchTemplate,
      properties: {
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeSize: 50 } }],
      },
    },
  };
}
