import { describe, expect, it } from "vitest";
import { bytesOf, inBinaryUnits } from "../../../cli/cluster/quantity.ts";

describe("a quantity of bytes", () => {
  it.each([
    ["15Gi", 15 * 2 ** 30],
    ["16106127360", 15 * 2 ** 30],
    ["1536Mi", 1.5 * 2 ** 30],
    ["1.5Gi", 1.5 * 2 ** 30],
    ["20G", 20e9],
    ["2e10", 2e10],
    ["1k", 1000],
    ["1Ti", 2 ** 40],
    ["128974848000m", 128_974_848],
  ])("is read as the API server writes it: %s", (quantity, bytes) => {
    expect(bytesOf(quantity)).toBe(bytes);
  });

  it.each(["", "Gi", "15 Gi", "15gi", "-1Gi"])("is not %j", (text) => {
    expect(() => bytesOf(text)).toThrow(RangeError);
  });

  it.each(["25Gi", "1Ti", "1536Mi", "1Ki"])(
    "is written in the largest unit without a fraction: %s",
    (text) => {
      expect(inBinaryUnits(bytesOf(text))).toBe(text);
    },
  );

  it("is written in bytes where no unit fits", () => {
    expect(inBinaryUnits(20e9)).toBe("19531250Ki");
    expect(inBinaryUnits(1000)).toBe("1000 bytes");
  });
});
