import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../support/pulumi-mocks.ts";
import { ATTACHMENT, clusterOf, NODE_GROUP, TEMPLATE, ZONES } from "./recorded-cluster.ts";
import { GENERAL_NODES } from "./settings.ts";

let production: Recording;
beforeAll(async () => {
  production = await clusterOf();
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
