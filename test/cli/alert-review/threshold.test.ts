import { describe, expect, it } from "vitest";
import { otherValues, thresholdOf } from "../../../cli/alert-review/threshold.ts";

describe("the threshold of a query", () => {
  it.each([
    ["disk_used > 0.9", ">", 0.9, "disk_used > 0.95"],
    ["rate(a[5m]) >= 5 and on (x) b > 1", ">=", 5, "(rate(a[5m]) >= 0.95) and on (x) (b > 1)"],
    ["(a < 3) unless b", "<", 3, "(a < 0.95) unless b"],
  ])("is found in %s", (expr, operator, value, changed) => {
    const found = thresholdOf(expr);
    expect(found).toMatchObject({ operator, value });
    expect(found?.withValue(0.95)).toBe(changed);
  });

  it.each(["up == 0", "a > b", "absent(a)", "a > bool 1", "a or b > 1"])(
    "is not looked for in %s",
    (expr) => {
      expect(thresholdOf(expr)).toBeUndefined();
    },
  );

  it("moves so that the alert fires less or more, and a share stays a share", () => {
    const values = (expr: string, direction: "raise" | "lower") =>
      otherValues(thresholdOf(expr) ?? expect.fail(expr), direction);
    expect(values("a > 100", "raise")).toEqual([110, 125, 150, 200, 300]);
    expect(values("a > 100", "lower")).toEqual([90.9, 80, 66.7, 50, 33.3]);
    expect(values("a < 100", "raise")).toEqual([90.9, 80, 66.7, 50, 33.3]);
    expect(values("a < -10", "raise")).toEqual([-11, -12.5, -15, -20, -30]);
    expect(values("a > 0.9", "raise")).toEqual([0.909, 0.92, 0.933, 0.95, 0.967]);
    expect(values("a > 0.9", "lower")).toEqual([0.89, 0.875, 0.85, 0.8, 0.7]);
    expect(values("a > 0", "raise")).toEqual([]);
  });
});
