import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compare,
  decimal,
  dividedBy,
  fraction,
  minus,
  ratio,
  times,
  toNumber,
} from "../../../components/slo/fraction.ts";

describe("a fraction", () => {
  it("keeps decimals as they are written", () => {
    for (const text of ["99.9", "99.95", "0.001", "99.9999", "7", "0"])
      expect(decimal(fraction(text))).toBe(text);
  });

  it("subtracts without the noise of floating point", () => {
    expect(1 - 0.999).not.toBe(0.001);
    expect(decimal(minus(ratio(1, 1), fraction("0.999")))).toBe("0.001");
  });

  it("rounds what does not end to twelve places", () => {
    expect(decimal(ratio(2, 3))).toBe("0.666666666667");
  });

  it("calculates as numbers do", () => {
    const part = fc.integer({ min: 1, max: 10_000 });
    fc.assert(
      fc.property(part, part, part, part, (a, b, c, d) => {
        const [x, y] = [ratio(a, b), ratio(c, d)];
        expect(toNumber(times(x, y))).toBeCloseTo((a / b) * (c / d), 6);
        expect(toNumber(dividedBy(x, y))).toBeCloseTo(a / b / (c / d), 6);
        expect(Math.sign(compare(x, y))).toBe(Math.sign(a * d - c * b));
      }),
    );
  });

  it("refuses what is no decimal", () => {
    for (const text of ["", "99,9", "-1", "1e3", "abc", "."])
      expect(() => fraction(text)).toThrow(RangeError);
  });
});
