import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressCount, cidrContains, cidrsOverlap } from "../../../components/network/cidr.ts";
import { regionOfZone, subnetLayout, ZONE_LETTERS } from "../../../components/network/layout.ts";

const vpc = fc.constantFrom("10.40.0.0/16", "10.0.128.0/17", "172.16.64.0/18", "192.168.0.0/20");
const zones = fc
  .uniqueArray(fc.constantFrom(...ZONE_LETTERS), { minLength: 2, maxLength: 4 })
  .map((letters) => letters.map((letter) => `eu-central-1${letter}`));

describe("the computed layout", () => {
  it("gives a /16 private subnets of /19, public ones of /22 and ones for load balancers of /25", () => {
    expect(subnetLayout("10.40.0.0/16", ["eu-central-1a", "eu-central-1b"])).toEqual({
      private: { "eu-central-1a": "10.40.0.0/19", "eu-central-1b": "10.40.32.0/19" },
      public: { "eu-central-1a": "10.40.224.0/22", "eu-central-1b": "10.40.228.0/22" },
      ingress: { "eu-central-1a": "10.40.252.0/25", "eu-central-1b": "10.40.252.128/25" },
    });
  });

  it("keeps every subnet in the VPC and apart from every other", () => {
    fc.assert(
      fc.property(vpc, zones, (cidr, chosen) => {
        const layout = subnetLayout(cidr, chosen);
        const blocks = Object.values(layout).flatMap((kind) => Object.values(kind) as string[]);
        expect(blocks).toHaveLength(3 * chosen.length);
        for (const [index, block] of blocks.entries()) {
          expect(cidrContains(cidr, block)).toBe(true);
          expect(blocks.slice(index + 1).some((other) => cidrsOverlap(block, other))).toBe(false);
        }
      }),
    );
  });

  it("gives private subnets eight times the addresses of public ones", () => {
    fc.assert(
      fc.property(vpc, zones, (cidr, chosen) => {
        const layout = subnetLayout(cidr, chosen);
        for (const zone of chosen)
          expect(addressCount(layout.private[zone] ?? "")).toBe(8 * addressCount(layout.public[zone] ?? ""));
      }),
    );
  });

  it("moves no zone's subnets when other zones come, go or change places", () => {
    fc.assert(
      fc.property(vpc, zones, zones, (cidr, before, after) => {
        const [old, fresh] = [subnetLayout(cidr, before), subnetLayout(cidr, after)];
        for (const zone of before.filter((kept) => after.includes(kept))) {
          expect(fresh.private[zone]).toBe(old.private[zone]);
          expect(fresh.public[zone]).toBe(old.public[zone]);
          expect(fresh.ingress[zone]).toBe(old.ingress[zone]);
        }
      }),
    );
  });

  it("has no place for a zone beyond g", () => {
    expect(() => subnetLayout("10.40.0.0/16", ["eu-central-1h"])).toThrow(RangeError);
  });
});

describe("a zone", () => {
  it("names its region", () => {
    expect(regionOfZone("ap-southeast-2c")).toBe("ap-southeast-2");
  });
});
