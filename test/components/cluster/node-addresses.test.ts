import { describe, expect, it } from "vitest";
import { fewestProcessors } from "../../../components/cluster/instance-types.ts";
import { addressesOf } from "../../../components/cluster/node-addresses.ts";

/** What the CNI holds on a node on which so many pods run: whole blocks, and one more that is free. */
function heldOn(pods: number): number {
  let blocks = 0;
  while (blocks * 16 < pods) blocks += 1;
  return 1 + (blocks + 1) * 16;
}

describe("the addresses of a group's nodes", () => {
  it("are those of blocks of 16 that its pods use, of one more, and the node's own, also of the nodes of an update", () => {
    for (const maxPods of [8, 15, 16, 17, 60, 110, 250])
      for (const maxPerZone of [1, 3, 20])
        expect(addressesOf({ maxPods, maxPerZone }, true)).toBe((maxPerZone + 2) * heldOn(maxPods));
  });

  it("are those of 110 pods where the group says no number", () => {
    expect(addressesOf({ maxPerZone: 4 }, true)).toBe(6 * 129);
  });

  it("are one for each pod and the node's own without prefixes, and unknown without a number of pods", () => {
    expect(addressesOf({ maxPods: 30, maxPerZone: 4 }, false)).toBe(6 * 31);
    expect(addressesOf({ maxPerZone: 4 }, false)).toBeUndefined();
  });
});

describe("the vCPUs of an instance", () => {
  // As Amazon EC2's pages of the types have them.
  it.each([
    ["m7g.medium", 1],
    ["t4g.medium", 2],
    ["m7i.large", 2],
    ["m7i.xlarge", 4],
    ["c7g.16xlarge", 64],
    ["m7i.metal-24xl", 96],
    ["a1.metal", 16],
  ])("of the type %s are %i", (type, vcpus) => {
    expect(fewestProcessors(type)).toBe(vcpus);
  });
});
