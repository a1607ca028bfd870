import { describe, expect, it } from "vitest";
import {
  ADD_ONS,
  addOnVersions,
  EKS_VERSIONS,
  eksVersion,
  supportedVersions,
} from "../../../components/cluster/eks-versions.ts";

const minor = (version: string) => Number(version.split(".")[1]);

describe("the support calendar", () => {
  it("leaves out no version between its oldest and its newest", () => {
    const minors = EKS_VERSIONS.map(({ version }) => minor(version));
    expect(minors).toEqual(minors.map((_, index) => (minors[0] ?? 0) + index));
  });

  it("gives extended support a year beyond standard support, and ends versions in their order", () => {
    for (const { standardUntil, extendedUntil } of EKS_VERSIONS)
      expect(extendedUntil).toBe(`${Number(standardUntil.slice(0, 4)) + 1}${standardUntil.slice(4)}`);
    const ends = EKS_VERSIONS.map(({ standardUntil }) => standardUntil);
    expect(ends).toEqual([...ends].sort());
  });

  it("knows what is supported on a day", () => {
    expect(supportedVersions("2026-11-23", "standard")).toEqual(["1.34", "1.35", "1.36"]);
    expect(supportedVersions("2026-11-23", "extended")).toEqual(["1.32", "1.33", "1.34", "1.35", "1.36"]);
  });
});

describe("the add-ons", () => {
  it("have a published version for every Kubernetes version", () => {
    for (const { addOns } of EKS_VERSIONS)
      for (const addOn of ADD_ONS) expect(addOns[addOn]).toMatch(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
  });

  it("have a kube-proxy of the cluster's own minor version", () => {
    for (const { version, addOns } of EKS_VERSIONS)
      expect(addOns["kube-proxy"].startsWith(`v${version}.`)).toBe(true);
  });

  it("are not guessed for a version that the calendar does not hold", () => {
    expect(eksVersion("1.99")).toBeUndefined();
    expect(() => addOnVersions("1.99")).toThrow(RangeError);
  });
});
