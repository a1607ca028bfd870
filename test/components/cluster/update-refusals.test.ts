import { describe, expect, it } from "vitest";
import { EKS_VERSIONS } from "../../../components/cluster/eks-versions.ts";
import { refusedClusterUpdate, refusedVersionStep } from "../../../components/cluster/update-refusals.ts";

describe("a step from one Kubernetes version to another", () => {
  const known = EKS_VERSIONS.map(({ version }) => version).sort();

  it("is refused unless it is the next minor version, or the same", () => {
    expect(known.length).toBeGreaterThan(2);
    for (const [from, before] of known.entries())
      for (const [to, after] of known.entries())
        expect(refusedVersionStep(before, after) === undefined, `${before} to ${after}`).toBe(
          to === from || to === from + 1,
        );
  });

  it("names the version to deploy first", () => {
    expect(refusedVersionStep("1.34", "1.36")).toContain('cluster.version "1.35"');
  });

  it("names the way back, which is no deployment", () => {
    expect(refusedVersionStep("1.36", "1.35")).toContain("rollback outside of Pulumi");
  });
});

describe("an update of a cluster", () => {
  const deployed = { version: "1.35", subnets: 3 };

  it("is refused if the control plane would get another zone, and not if it would lose one", () => {
    expect(refusedClusterUpdate(deployed, { version: "1.35", subnets: 4 })).toContain("controlPlaneZones");
    expect(refusedClusterUpdate(deployed, { version: "1.35", subnets: 2 })).toBeUndefined();
  });

  it("is left to EKS where a preview does not know it yet", () => {
    expect(refusedClusterUpdate(deployed, { version: undefined, subnets: undefined })).toBeUndefined();
  });
});
