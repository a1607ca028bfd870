import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../support/pulumi-mocks.ts";
import { ADD_ON, ATTACHMENT, CLUSTER, clusterOf, NODE_GROUP, STORAGE_CLASS } from "./recorded-cluster.ts";

describe("a cluster with EKS Auto Mode", () => {
  let recording: Recording;
  beforeAll(async () => {
    recording = await clusterOf({ autoscaler: { kind: "auto-mode" }, nodeGroups: {} });
  });

  it("leaves nodes, load balancers and volumes to EKS", () => {
    expect(recording.the(CLUSTER, "cluster").inputs).toMatchObject({
      computeConfig: { enabled: true, nodePools: ["general-purpose", "system"] },
      kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
      storageConfig: { blockStorage: { enabled: true } },
      bootstrapSelfManagedAddons: false,
    });
  });

  it("has no node group and no add-on", () => {
    expect(recording.ofType(NODE_GROUP)).toEqual([]);
    expect(recording.ofType(ADD_ON)).toEqual([]);
  });

  it("has its rights before it starts", () => {
    const { dependsOn } = recording.the(CLUSTER, "cluster");
    for (const right of ["compute", "storage", "load-balancing", "networking"])
      expect(dependsOn).toContain(`${ATTACHMENT} cluster-control-plane-${right}`);
    for (const right of ["join", "pull"]) expect(dependsOn).toContain(`${ATTACHMENT} cluster-nodes-${right}`);
  });

  it("makes volumes with the driver of EKS", () => {
    const [storage] = recording.ofType(STORAGE_CLASS);
    expect(storage?.inputs["provisioner"]).toBe("ebs.csi.eks.amazonaws.com");
  });
});
