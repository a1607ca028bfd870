import { beforeAll, describe, expect, it } from "vitest";
import { ADD_ONS, addOnVersions } from "../../../components/cluster/eks-versions.ts";
import { label, type Recording, waitsFor } from "../../support/pulumi-mocks.ts";
import { ADD_ON, ASSOCIATION, ATTACHMENT, clusterOf, NODE_GROUP, STORAGE_CLASS } from "./recorded-cluster.ts";

let production: Recording;
beforeAll(async () => {
  production = await clusterOf();
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
      expect(waitsFor(group, production)).toEqual(
        expect.arrayContaining(
          ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"].map((addOn) => `${ADD_ON} cluster-${addOn}`),
        ),
      );
  });

  it("that need a node come after every node", () => {
    const nodes = production.ofType(NODE_GROUP).map(label);
    const dns = production.the(ADD_ON, "cluster-coredns");
    expect(nodes.length).toBeGreaterThan(1);
    expect(waitsFor(dns, production)).toEqual(expect.arrayContaining(nodes));
    expect(production.the(ADD_ON, "cluster-aws-ebs-csi-driver").dependsOn).toContain(label(dns));
  });

  it("enforce network policies", () => {
    const { configurationValues } = production.the(ADD_ON, "cluster-vpc-cni").inputs;
    expect(JSON.parse(String(configurationValues))).toEqual({ enableNetworkPolicy: "true" });
  });

  it("take addresses from subnets in blocks where the settings say so", async () => {
    const recording = await clusterOf({ prefixDelegation: true });
    const { configurationValues } = recording.the(ADD_ON, "cluster-vpc-cni").inputs;
    expect(JSON.parse(String(configurationValues)).env).toEqual({
      ENABLE_PREFIX_DELEGATION: "true",
      WARM_PREFIX_TARGET: "1",
    });
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
