import type * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { EksCluster, ExistingCluster } from "../../../components/cluster/component.ts";
import { InvalidInputError } from "../../../components/core/problems.ts";
import { label, type Recording, record, value } from "../../support/pulumi-mocks.ts";
import { ATTACHMENT, CLUSTER, clusterArgs, clusterOf, PROVIDER, ZONES } from "./recorded-cluster.ts";
import { PRODUCTION_EKS } from "./settings.ts";

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

  it("has its network interfaces in the zones that it was created with, and nodes in all", async () => {
    const recording = await clusterOf({ controlPlaneZones: [ZONES[0], ZONES[2]] });
    const { subnetIds } = recording.the(CLUSTER, "cluster").inputs["vpcConfig"] as { subnetIds: string[] };
    expect(subnetIds).toEqual([`subnet-${ZONES[0]}`, `subnet-${ZONES[2]}`]);
    const nodes = recording.ofType("aws:eks/nodeGroup:NodeGroup").map(({ inputs }) => inputs["subnetIds"]);
    expect(nodes).toEqual(ZONES.map((zone) => [`subnet-${zone}`]));
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

describe("the private endpoint of a cluster", () => {
  it("is reached by HTTPS from the VPC, and from each connected network that is named", async () => {
    const recording = await clusterOf({
      endpoint: { access: "private", networks: ["10.8.0.0/16", "192.168.16.0/20"] },
    });
    const rules = recording.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    expect(rules.map(({ name, inputs }) => [name, inputs["cidrIpv4"], inputs["toPort"]])).toEqual([
      ["cluster-api-from-vpc", "10.40.0.0/16", 443],
      ["cluster-api-from-10.8.0.0/16", "10.8.0.0/16", 443],
      ["cluster-api-from-192.168.16.0/20", "192.168.16.0/20", 443],
    ]);
  });
});

describe("a cluster of another environment", () => {
  it("may be reached from listed blocks, and by its nodes still the private way", async () => {
    const recording = await clusterOf({
      endpoint: { access: "public", networks: [], allowedCidrs: ["203.0.113.0/24"] },
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

  it("has no input of the shell: the provider itself looks for the kubeconfig when it runs", async () => {
    vi.stubEnv("KUBECONFIG", "/somebody's/config");
    vi.stubEnv("PULUMI_K8S_UPSERT_EXISTING_OBJECTS", "true");
    vi.stubEnv("PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY", "false");
    const recording = await record(() => {
      new ExistingCluster("cluster", { settings });
    });
    vi.unstubAllEnvs();
    expect(recording.the(PROVIDER, "cluster").inputs).toEqual({
      context: "kind-bellwether",
      clusterIdentifier: "local",
      enableConfigMapMutable: "true",
      enableSecretMutable: "true",
      enableServerSideApply: "true",
      skipUpdateUnreachable: "false",
      suppressDeprecationWarnings: "false",
      suppressHelmHookWarnings: "false",
    });
  });

  it("by the name of an EKS cluster is found by the AWS provider, with a token of the aws CLI and no input of its own", async () => {
    const { context: _, ...rest } = settings;
    const recording = await record(() => {
      new ExistingCluster("cluster", {
        settings: { ...rest, eks: { name: "shop-prod", credentials: { kind: "pod-identity" } } },
        place: { accountId: "111122223333", region: "eu-central-1" },
      });
    });
    const { inputs } = recording.the(PROVIDER, "cluster");
    expect(inputs["clusterIdentifier"]).toBe("arn:aws:eks:eu-central-1:111122223333:cluster/shop-prod");
    expect(inputs["context"]).toBeUndefined();
    const read = recording.the(CLUSTER, "cluster");
    expect(read.inputs).toEqual({});
  });

  it("that nothing leads to is refused with the fields that would", () => {
    const { context: _, ...rest } = settings;
    expect(() => new ExistingCluster("cluster", { settings: rest })).toThrow(
      /settings\.context[\s\S]*cluster\.eks/,
    );
  });
});
