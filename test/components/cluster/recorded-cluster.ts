import * as pulumi from "@pulumi/pulumi";
import { EksCluster } from "../../../components/cluster/component.ts";
import type { EksSettings } from "../../../components/cluster/model.ts";
import { type Recording, record } from "../../support/pulumi-mocks.ts";
import { PRODUCTION_EKS } from "./settings.ts";

export const CLUSTER = "aws:eks/cluster:Cluster";
export const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
export const ADD_ON = "aws:eks/addon:Addon";
export const ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation";
export const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
export const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
export const STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";
export const PROVIDER = "pulumi:providers:kubernetes";
export const ZONES = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] as const;

export function clusterArgs(settings: EksSettings, protectData: boolean) {
  return {
    clusterName: "prod",
    settings,
    vpcId: "vpc-1",
    vpcCidr: "10.40.0.0/16",
    privateSubnetIds: Object.fromEntries(ZONES.map((zone) => [zone, pulumi.output(`subnet-${zone}`)])),
    accountId: "111122223333",
    region: "eu-central-1",
    tags: { "bellwether:environment": "prod" },
    protectData,
  };
}

/** What the component registers for the EKS cluster of production, with some settings changed. */
export function clusterOf(changes: Partial<EksSettings> = {}, protectData = true): Promise<Recording> {
  return record(() => {
    new EksCluster("cluster", clusterArgs({ ...PRODUCTION_EKS, ...changes }, protectData));
  });
}
