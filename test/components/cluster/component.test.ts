import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { EksCluster, ExistingCluster } from "../../../components/cluster/component.ts";
import { ADD_ONS, addOnVersions } from "../../../components/cluster/eks-versions.ts";
import type { EksSettings } from "../../../components/cluster/model.ts";
import { InvalidInputError } from "../../../components/core/problems.ts";
import { label, type Recording, record, value } from "../../support/pulumi-mocks.ts";
import { GENERAL_NODES, PRODUCTION_EKS } from "./settings.ts";

const CLUSTER = "aws:eks/cluster:Cluster";
const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const ADD_ON = "aws:eks/addon:Addon";
const ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";
const PROVIDER = "pulumi:providers:kubernetes";
const ZONES = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] as const;

function clusterArgs(settings: EksSettings, protectData: boolean) {
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

function clusterOf(changes: Partial<EksSettings> = {}, protectData = true): Promise<Recording> {
  return record(() => {
    new EksCluster("cluster", clusterArgs({ ...PRODUCTION_EKS, ...changes }, protectData));
  });
}

let production: Recording;
beforeAll(async () => {
  production = await clusterOf();
});

describe("the control plane of production", () => {
  it("is a named cluster of the version asked for, which EKS refuses to delete", () => {
    expect(production.the(CLUSTER, "cluster").inputs).toMatchObject({
      name: "prod",
      version: "1.35",
      deletionProtection: true,
      upgradePolicy: { supportType: "STANDARD" },
      kubernetesNetworkConfig: { serviceIpv4Cidr: "172.20.0.0/16" },
      zonalShiftConfig: { enabled: true },
      bootstrapSelfManagedAddons: false,
    });
  });

  it("is reached from inside the VPC alone", () => {
    expect(production.the(CLUSTER, "cluster").inputs["vpcConfig"]).toEqual({
      subnetIds: ZONES.map((zone) => `subnet-${zone}`),
      securityGroupIds: ["cluster-api-id"],
      endpointPrivateAccess: true,
      endpointPublicAccess: false,
    });
    expect(
      production.the("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "cluster-api-from-vpc")
        .inputs,
    ).toMatchObject({
      securityGroupId: "cluster-api-id",
      cidrIpv4: "10.40.0.0/16",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
  });

  it("encrypts Secrets with a rotated key of its own", () => {
    expect(production.the(CLUSTER, "cluster").inputs["encryptionConfig"]).toEqual({
      provider: { keyArn: "arn:aws:test:::cluster-secrets" },
      resources: ["secrets"],
    });
    expect(production.the("aws:kms/key:Key", "cluster-secrets").inputs).toMatchObject({
      enableKeyRotation: true,
      deletionWindowInDays: 30,
    });
  });

  it("writes all five logs to an encrypted group that is there before it and gone after it", () => {
    const cluster = production.the(CLUSTER, "cluster");
    expect(cluster.inputs["enabledClusterLogTypes"]).toEqual([
      "api",
      "audit",
      "authenticator",
      "controllerManager",
      "scheduler",
    ]);
    const group = production.the("aws:cloudwatch/logGroup:LogGroup", "cluster-logs");
    expect(group.inputs).toMatchObject({
      name: "/aws/eks/prod/cluster",
      retentionInDays: 90,
      kmsKeyId: "arn:aws:test:::cluster-logs-key",
    });
    expect(cluster.dependsOn).toContain(label(group));
  });

  it("has its role's permissions before it starts", () => {
    expect(production.the(CLUSTER, "cluster").dependsOn).toEqual(
      expect.arrayContaining([
        `${ATTACHMENT} cluster-control-plane`,
        "aws:iam/rolePolicy:RolePolicy cluster-control-plane-encryption",
      ]),
    );
  });

  it("protects the cluster, its keys and its logs, and nothing else", () => {
    const kept = production.all.filter(({ protect }) => protect).map(label);
    expect(kept.sort()).toEqual(
      [
        `${CLUSTER} cluster`,
        "aws:cloudwatch/logGroup:LogGroup cluster-logs",
        "aws:kms/key:Key cluster-logs-key",
        "aws:kms/key:Key cluster-secrets",
      ].sort(),
    );
  });
});

describe("who may administer it", () => {
  it("is decided by access entries, not by who created the cluster", () => {
    expect(production.the(CLUSTER, "cluster").inputs["accessConfig"]).toEqual({
      authenticationMode: "API",
      bootstrapClusterCreatorAdminPermissions: false,
    });
    const key = "cluster-admin-111122223333-role/platform-admin";
    expect(production.the("aws:eks/accessEntry:AccessEntry", key).inputs).toMatchObject({
      principalArn: "arn:aws:iam::111122223333:role/platform-admin",
      type: "STANDARD",
    });
    const association = production.the("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", key);
    expect(association.inputs).toMatchObject({
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      accessScope: { type: "cluster" },
    });
    expect(production.the(PROVIDER, "cluster").dependsOn).toContain(label(association));
  });
});

describe("the nodes", () => {
  it("are one managed group in each zone, in that zone's subnet alone", () => {
    const groups = production.ofType(NODE_GROUP);
    expect(groups.map(({ name }) => name)).toEqual(ZONES.map((zone) => `cluster-general-${zone}`));
    for (const zone of ZONES)
      expect(production.the(NODE_GROUP, `cluster-general-${zone}`).inputs).toMatchObject({
        subnetIds: [`subnet-${zone}`],
        amiType: "BOTTLEROCKET_x86_64",
        version: "1.35",
        instanceTypes: ["m7i.xlarge"],
        scalingConfig: { minSize: 1, maxSize: 4, desiredSize: 1 },
        updateConfig: { maxUnavailablePercentage: 33 },
        labels: { "bellwether.dev/node-group": "general" },
      });
  });

  it("have their role's permissions before they start", () => {
    for (const group of production.ofType(NODE_GROUP))
      expect(group.dependsOn).toEqual(
        expect.arrayContaining([`${ATTACHMENT} cluster-nodes-join`, `${ATTACHMENT} cluster-nodes-pull`]),
      );
  });

  it("take the newest image, or the one that is pinned", async () => {
    expect(production.the(NODE_GROUP, "cluster-general-eu-central-1a").inputs).not.toHaveProperty(
      "releaseVersion",
    );
    const pinned = await clusterOf({
      nodeGroups: { general: { ...GENERAL_NODES, os: "al2023", imageRelease: "1.35.6-20260818" } },
    });
    expect(pinned.the(NODE_GROUP, "cluster-general-eu-central-1a").inputs["releaseVersion"]).toBe(
      "1.35.6-20260818",
    );
  });

  it("keep the number that an autoscaler gave them", () => {
    for (const group of production.ofType(NODE_GROUP))
      expect(group.ignoreChanges).toEqual(["scalingConfig.desiredSize"]);
  });

  it("require IMDSv2, keep pods from it, have encrypted disks and no SSH key", () => {
    const { inputs } = production.the(TEMPLATE, "cluster-general");
    expect(inputs["metadataOptions"]).toEqual({
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
    expect(inputs["blockDeviceMappings"]).toEqual([
      {
        deviceName: "/dev/xvda",
        ebs: { volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
      },
      {
        deviceName: "/dev/xvdb",
        ebs: { volumeType: "gp3", encrypted: "true", deleteOnTermination: "true", volumeSize: 50 },
      },
    ]);
    expect(inputs).not.toHaveProperty("keyName");
    for (const group of production.ofType(NODE_GROUP))
      expect(group.inputs).not.toHaveProperty("remoteAccess");
  });

  it("may join the cluster and pull images, and have none of the CNI's rights", () => {
    const policies = production
      .ofType(ATTACHMENT)
      .filter(({ inputs }) => inputs["role"] === "cluster-nodes")
      .map(({ inputs }) => inputs["policyArn"]);
    expect(policies).toEqual([
      "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
      "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
    ]);
  });

  it("take the image and the disk of their operating system and architecture", async () => {
    const recording = await clusterOf({
      nodeGroups: {
        arm: {
          ...GENERAL_NODES,
          instanceTypes: ["m7g.large"],
          architecture: "arm64",
          os: "al2023",
          diskSize: "1Ti",
        },
      },
    });
    expect(recording.the(NODE_GROUP, "cluster-arm-eu-central-1a").inputs["amiType"]).toBe(
      "AL2023_ARM_64_STANDARD",
    );
    expect(recording.the(TEMPLATE, "cluster-arm").inputs["blockDeviceMappings"]).toEqual([
      {
        deviceName: "/dev/xvda",
        ebs: { volumeType: "gp3", encrypted: "true", deleteOnTermination: "true", volumeSize: 1024 },
      },
    ]);
  });
});

describe("the add-ons", () => {
  it("are pinned to the versions published for the cluster's own", () => {
    const versions = production
      .ofType(ADD_ON)
      .map(({ inputs }) => [inputs["addonName"], inputs["addonVersion"]]);
    expect(Object.fromEntries(versions)).toEqual(addOnVersions("1.35"));
    expect(versions).toHaveLength(ADD_ONS.length);
  });

  it("that a node needs are there before any node", () => {
    for (const group of production.ofType(NODE_GROUP))
      expect(group.dependsOn).toEqual(
        expect.arrayContaining(
          ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"].map((addOn) => `${ADD_ON} cluster-${addOn}`),
        ),
      );
  });

  it("that need a node come after every node", () => {
    const nodes = production.ofType(NODE_GROUP).map(label);
    const dns = production.the(ADD_ON, "cluster-coredns");
    expect(dns.dependsOn).toEqual(expect.arrayContaining(nodes));
    expect(production.the(ADD_ON, "cluster-aws-ebs-csi-driver").dependsOn).toContain(label(dns));
  });

  it("enforce network policies", () => {
    const { configurationValues } = production.the(ADD_ON, "cluster-vpc-cni").inputs;
    expect(JSON.parse(String(configurationValues))).toEqual({ enableNetworkPolicy: "true" });
  });

  it("that speak to AWS have an identity of their own before their pods start", () => {
    const identities = { "cluster-vpc-cni": "aws-node", "cluster-ebs-csi": "ebs-csi-controller-sa" };
    for (const [name, serviceAccount] of Object.entries(identities)) {
      const association = production.the(ASSOCIATION, name);
      expect(association.inputs).toMatchObject({ namespace: "kube-system", serviceAccount });
      expect(association.dependsOn).toContain(`${ATTACHMENT} ${name}`);
      const trust = JSON.parse(String(production.the("aws:iam/role:Role", name).inputs["assumeRolePolicy"]));
      expect(trust.Statement[0]).toMatchObject({
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: {
            "aws:RequestTag/eks-cluster-name": "prod",
            "aws:RequestTag/kubernetes-service-account": serviceAccount,
          },
        },
      });
    }
    expect(production.the(ADD_ON, "cluster-vpc-cni").dependsOn).toContain(`${ASSOCIATION} cluster-vpc-cni`);
    expect(production.the(ADD_ON, "cluster-aws-ebs-csi-driver").dependsOn).toContain(
      `${ASSOCIATION} cluster-ebs-csi`,
    );
  });

  it("tag the volumes that they make, because those outlive the cluster", () => {
    const { configurationValues } = production.the(ADD_ON, "cluster-aws-ebs-csi-driver").inputs;
    expect(JSON.parse(String(configurationValues))).toMatchObject({
      controller: { extraVolumeTags: { "bellwether:environment": "prod" } },
    });
  });
});

describe("storage", () => {
  it("is an encrypted gp3 default that waits for its first consumer and outlives its claim", () => {
    const storage = production.the(STORAGE_CLASS, "cluster-storage-class");
    expect(storage.inputs).toMatchObject({
      metadata: {
        name: "gp3-encrypted",
        annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
      },
      provisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3", encrypted: "true" },
      volumeBindingMode: "WaitForFirstConsumer",
      reclaimPolicy: "Retain",
      allowVolumeExpansion: true,
    });
    expect(storage.dependsOn).toContain(`${ADD_ON} cluster-aws-ebs-csi-driver`);
  });
});

describe("the handle", () => {
  it("is ready when nodes, cluster DNS, volumes and the storage class are", async () => {
    let ready: readonly pulumi.Resource[] = [];
    await record(() => {
      ready = new EksCluster("cluster", clusterArgs(PRODUCTION_EKS, true)).ready;
    });
    const urns = await Promise.all(ready.map(({ urn }) => value(urn)));
    // The storage class waits for the driver, that for DNS, and that for every node: see the order above.
    expect(urns.map((urn) => urn.split("::").at(-1))).toEqual(["cluster-storage-class"]);
  });

  it("has a provider whose identity is the cluster's and whose kubeconfig holds no credential", async () => {
    const recording = await record(() => {
      new EksCluster("cluster", clusterArgs(PRODUCTION_EKS, true));
    });
    const { inputs } = recording.the(PROVIDER, "cluster");
    expect(inputs).toMatchObject({
      clusterIdentifier: "arn:aws:eks:eu-central-1:111122223333:cluster/prod",
      enableServerSideApply: "true",
    });
    const kubeconfig = JSON.parse(String(inputs["kubeconfig"]));
    expect(kubeconfig.users[0].user.exec).toMatchObject({
      command: "aws",
      args: ["eks", "get-token", "--cluster-name", "prod", "--region", "eu-central-1", "--output", "json"],
    });
    expect(Object.keys(kubeconfig.users[0].user)).toEqual(["exec"]);
  });
});

describe("a cluster of another environment", () => {
  it("may be reached from listed blocks, and by its nodes still the private way", async () => {
    const recording = await clusterOf({
      endpoint: { access: "public", allowedCidrs: ["203.0.113.0/24"] },
    });
    expect(recording.the(CLUSTER, "cluster").inputs["vpcConfig"]).toMatchObject({
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.0/24"],
    });
  });

  it("may buy extended support", async () => {
    const recording = await clusterOf({ support: "extended" });
    expect(recording.the(CLUSTER, "cluster").inputs["upgradePolicy"]).toEqual({ supportType: "EXTENDED" });
  });

  it("has no log group when it has no logs", async () => {
    const recording = await clusterOf({ logs: [] });
    expect(recording.ofType("aws:cloudwatch/logGroup:LogGroup")).toEqual([]);
  });

  it("protects nothing when its data need not be kept", async () => {
    const recording = await clusterOf({ deletionProtection: false }, false);
    expect(recording.all.filter(({ protect }) => protect)).toEqual([]);
    expect(recording.the(CLUSTER, "cluster").inputs["deletionProtection"]).toBe(false);
  });

  it("with mistakes throws every problem at once", () => {
    const settings = { ...PRODUCTION_EKS, serviceCidr: "172.20.0.0/30", logRetentionDays: 89 };
    expect(() => new EksCluster("cluster", clusterArgs(settings, true))).toThrow(InvalidInputError);
    expect(() => new EksCluster("cluster", clusterArgs(settings, true))).toThrow(
      /settings\.serviceCidr[\s\S]*settings\.logRetentionDays/,
    );
  });
});

describe("an existing cluster", () => {
  const settings = {
    kind: "existing",
    name: "local",
    context: "kind-bellwether",
    distribution: "generic",
    storageClass: "standard",
    zones: 1,
  } as const;

  it("is a provider for the context, with an identity that a renamed context does not change", async () => {
    const recording = await record(() => {
      new ExistingCluster("cluster", { settings: { ...settings, kubeconfig: "~/.kube/config" } });
    });
    expect(recording.the(PROVIDER, "cluster").inputs).toMatchObject({
      context: "kind-bellwether",
      kubeconfig: "~/.kube/config",
      clusterIdentifier: "local",
    });
  });

  it("leaves the kubeconfig to KUBECONFIG when it names none", async () => {
    const recording = await record(() => {
      new ExistingCluster("cluster", { settings });
    });
    expect(recording.the(PROVIDER, "cluster").inputs).not.toHaveProperty("kubeconfig");
  });
});
