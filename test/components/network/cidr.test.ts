import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addressCount,
  addressRange,
  blockAt,
  cidrContains,
  cidrsOverlap,
  isPrivate,
  prefixLength,
} from "../../../components/network/cidr.ts";

const block = fc
  .record({ address: fc.nat({ max: 2 ** 32 - 1 }), prefix: fc.integer({ min: 0, max: 32 }) })
  .map(({ address, prefix }) => blockAt("0.0.0.0/0", prefix, Math.floor(address / 2 ** (32 - prefix))));

describe("address arithmetic", () => {
  it("knows the ends of a block", () => {
    expect(addressRange("10.40.0.0/16")).toEqual({
      first: 10 * 2 ** 24 + 40 * 2 ** 16,
      last: 10 * 2 ** 24 + 41 * 2 ** 16 - 1,
      prefixLength: 16,
    });
    expect(addressCount("10.40.0.0/16")).toBe(65_536);
  });

  it("reaches the last address there is, where signed 32-bit arithmetic would be negative", () => {
    expect(addressRange("255.255.255.255/32").last).toBe(2 ** 32 - 1);
    expect(cidrsOverlap("192.168.0.0/16", "192.168.255.0/24")).toBe(true);
  });

  it.each(["10.0.0.0", "10.0.0.0/33", "256.0.0.0/8", "10.0.0.1/24", "10.0.0/8", "", "fd00::/8"])(
    "refuses %j",
    (text) => {
      expect(() => addressRange(text)).toThrow(RangeError);
    },
  );

  it("finds blocks beside each other apart", () => {
    expect(cidrsOverlap("10.0.0.0/24", "10.0.1.0/24")).toBe(false);
    expect(cidrsOverlap("10.0.0.0/23", "10.0.1.0/24")).toBe(true);
  });

  it("tells private from public, and refuses a block that merely holds private ones", () => {
    expect(["10.0.0.0/8", "172.31.0.0/16", "192.168.4.0/22"].map(isPrivate)).toEqual([true, true, true]);
    expect(["172.32.0.0/16", "0.0.0.0/0", "100.64.0.0/10"].map(isPrivate)).toEqual([false, false, false]);
  });

  it("has no block beyond the last one", () => {
    expect(blockAt("10.0.0.0/16", 19, 7)).toBe("10.0.224.0/19");
    expect(() => blockAt("10.0.0.0/16", 19, 8)).toThrow(RangeError);
    expect(() => blockAt("10.0.0.0/16", 15, 0)).toThrow(RangeError);
  });
});

describe("properties of blocks", () => {
  it("overlapping is the same both ways, and every block overlaps itself", () => {
    fc.assert(
      fc.property(block, block, (a, b) => {
        expect(cidrsOverlap(a, b)).toBe(cidrsOverlap(b, a));
        expect(cidrsOverlap(a, a)).toBe(true);
      }),
    );
  });

  it("two blocks overlap exactly when one contains the other", () => {
    fc.assert(
      fc.property(block, block, (a, b) => {
        expect(cidrsOverlap(a, b)).toBe(cidrContains(a, b) || cidrContains(b, a));
      }),
    );
  });

  it("the parts of a block lie in it, share no address and fill it", () => {
    fc.assert(
      fc.property(block, fc.integer({ min: 1, max: 4 }), (whole, bits) => {
        fc.pre(prefixLength(whole) + bits <= 32);
        const parts = Array.from({ length: 2 ** bits }, (_, index) =>
          blockAt(whole, prefixLength(whole) + bits, index),
        );
        expect(parts.every((part) => cidrContains(whole, part))).toBe(true);
        expect(parts.reduce((sum, part) => sum + addressCount(part), 0)).toBe(addressCount(whole));
        for (const [index, part] of parts.entries())
          expect(parts.slice(index + 1).some((other) => cidrsOverlap(part, other))).toBe(false);
      }),
    );
  });
});
