import { beforeAll, describe, expect, it } from "vitest";
import { type Recording, waitsFor } from "../../support/pulumi-mocks.ts";
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

  it("are updated in one zone after the other, with all groups of a zone at a time", async () => {
    const recording = await clusterOf({
      nodeGroups: { general: GENERAL_NODES, batch: { ...GENERAL_NODES, minPerZone: 0 } },
    });
    const before = new Set<string>();
    for (const zone of ZONES) {
      const ofZone = ["general", "batch"].map((group) =>
        recording.the(NODE_GROUP, `cluster-${group}-${zone}`),
      );
      for (const group of ofZone)
        expect(new Set(waitsFor(group, recording).filter((each) => each.startsWith(NODE_GROUP)))).toEqual(
          before,
        );
      for (const { name } of ofZone) before.add(`${NODE_GROUP} ${name}`);
    }
  });

  it("have labels, taints and spot instances where their group says so", async () => {
    const recording = await clusterOf({
      nodeGroups: {
        general: GENERAL_NODES,
        batch: {
          ...GENERAL_NODES,
          instanceTypes: ["m7i.xlarge", "m6i.xlarge", "m6a.xlarge"],
          capacity: "spot",
          labels: { "example.com/workload": "batch" },
          taints: [
            { key: "example.com/spot", value: "true", effect: "NoSchedule" },
            { key: "example.com/batch", effect: "NoExecute" },
          ],
        },
      },
    });
    expect(recording.the(NODE_GROUP, "cluster-batch-eu-central-1c").inputs).toMatchObject({
      capacityType: "SPOT",
      labels: { "bellwether.dev/node-group": "batch", "example.com/workload": "batch" },
      taints: [
        { key: "example.com/spot", value: "true", effect: "NO_SCHEDULE" },
        { key: "example.com/batch", effect: "NO_EXECUTE" },
      ],
    });
    const general = recording.the(NODE_GROUP, "cluster-general-eu-central-1c").inputs;
    expect(general).not.toHaveProperty("capacityType");
    expect(general).not.toHaveProperty("taints");
  });

  it("take as many pods as their group says, and 110 with prefixes", async () => {
    const podsOf = async (changes: object, prefixDelegation: boolean) => {
      const nodeGroups = { general: { ...GENERAL_NODES, ...changes } };
      const recording = await clusterOf({ prefixDelegation, nodeGroups });
      const { userData } = recording.the(TEMPLATE, "cluster-general").inputs;
      return userData === undefined ? undefined : Buffer.from(String(userData), "base64").toString("utf8");
    };
    expect(await podsOf({}, false)).toBeUndefined();
    expect(await podsOf({}, true)).toBe("[settings.kubernetes]\nmax-pods = 110\n");
    expect(await podsOf({ maxPods: 40 }, false)).toBe("[settings.kubernetes]\nmax-pods = 40\n");
    // EKS finds that of Amazon Linux by what the CNI says.
    expect(await podsOf({ os: "al2023" }, true)).toBeUndefined();
  });

  it("have their role's permissions before they start", () => {
    for (const group of production.ofType(NODE_GROUP))
      expect(waitsFor(group, production)).toEqual(
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
