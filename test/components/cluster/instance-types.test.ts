import { describe, expect, it } from "vitest";
import {
  architectureOf,
  hasManyProcessors,
  isMac,
  isNitro,
  isTooSmall,
} from "../../../components/cluster/instance-types.ts";

describe("the architecture of an instance type", () => {
  it.each([
    "m7g.large",
    "c7gn.xlarge",
    "t4g.small",
    "im4gn.large",
    "is4gen.large",
    "x2gd.medium",
    "r8gd.2xlarge",
    "g5g.xlarge",
    "a1.large",
    "hpc7g.4xlarge",
  ])("%s is arm64", (type) => {
    expect(architectureOf(type)).toBe("arm64");
  });

  it.each([
    "m7i.large",
    "m7i-flex.large",
    "t3.large",
    "m7a.large",
    "r5dn.large",
    "g6.xlarge",
    "g6e.xlarge",
    "i7ie.large",
    "u7in-16tb.224xlarge",
    "p5en.48xlarge",
    "inf2.xlarge",
  ])("%s is amd64", (type) => {
    expect(architectureOf(type)).toBe("amd64");
  });
});

describe("an instance type that is no node", () => {
  it("is one with room for four pods", () => {
    expect(["t3.nano", "t4g.micro", "t3.small"].map(isTooSmall)).toEqual([true, true, false]);
  });

  it("takes no prefixes on Xen", () => {
    expect(["m4.large", "t2.large", "i3.large", "x1e.xlarge"].map(isNitro)).toEqual(Array(4).fill(false));
    expect(["m5.large", "t3.large", "i3en.large", "i3.metal"].map(isNitro)).toEqual(Array(4).fill(true));
  });

  it("takes more than 110 pods from 32 processors on", () => {
    expect(["m7i.4xlarge", "m7i.xlarge", "m7i.large"].map(hasManyProcessors)).toEqual(Array(3).fill(false));
    expect(["m7i.8xlarge", "m7i.48xlarge", "m7i.metal-24xl"].map(hasManyProcessors)).toEqual(
      Array(3).fill(true),
    );
  });

  it("is one that runs macOS", () => {
    expect(["mac1.metal", "mac2-m2.metal", "m7i.large"].map(isMac)).toEqual([true, true, false]);
  });
});
