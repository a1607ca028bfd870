import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DURATION_PATTERN, duration, seconds } from "../../../components/core/duration.ts";

describe("a Prometheus duration", () => {
  it("is read as Prometheus reads it", () => {
    expect(seconds("30s")).toBe(30);
    expect(seconds("1h30m")).toBe(5400);
    expect(seconds("1d")).toBe(86_400);
    expect(seconds("1w")).toBe(604_800);
    expect(seconds("1y")).toBe(31_536_000);
    expect(seconds("1s500ms")).toBe(1.5);
  });

  it.each(["", "5", "m", "5 m", "-5m", "5m1h", "1.5h", "5mm", "5m "])("refuses %j", (text) => {
    expect(() => seconds(text)).toThrow(RangeError);
  });

  it("is written so that it reads back as the same length", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 * 86_400 }), (length) => {
        expect(DURATION_PATTERN.test(duration(length))).toBe(true);
        expect(seconds(duration(length))).toBe(length);
      }),
    );
  });

  it("is written in its largest units", () => {
    expect([60, 90, 5400, 86_400, 0].map(duration)).toEqual(["1m", "1m30s", "1h30m", "1d", "0s"]);
  });
});
