import { describe, expect, it } from "vitest";
import { decimal, times } from "../../../components/slo/fraction.ts";
import { errorBudget, objectiveProblems } from "../../../components/slo/model.ts";
import { burnFactor, PERIODS, WINDOW_PAIRS, windowsOf } from "../../../components/slo/windows.ts";

describe("burn factors", () => {
  it("are the SRE workbook's for thirty days, and follow the period", () => {
    const factors = (period: (typeof PERIODS)[number]) =>
      WINDOW_PAIRS.map((pair) => decimal(burnFactor(pair, period)));
    expect(factors("30d")).toEqual(["14.4", "6", "3", "1"]);
    expect(factors("90d")).toEqual(["43.2", "18", "9", "3"]);
    expect(factors("28d")).toEqual(["13.44", "5.6", "2.8", "0.933333333333"]);
  });

  it("give the limits without the noise of floating point", () => {
    const [pair] = WINDOW_PAIRS;
    expect(pair && decimal(times(burnFactor(pair, "30d"), errorBudget("99.9")))).toBe("0.0144");
    expect(decimal(errorBudget("99.95"))).toBe("0.0005");
  });
});

describe("an objective", () => {
  it("is refused where an alert's limit would lie at all errors or beyond", () => {
    expect(objectiveProblems("90", "30d", "p")).toEqual([
      expect.objectContaining({
        path: "p",
        found: '"90"',
        allowed: expect.stringContaining("more than 93.06"),
      }),
    ]);
    expect(objectiveProblems("93.05", "30d", "p")).toHaveLength(1);
    expect(objectiveProblems("93.06", "30d", "p")).toEqual([]);
  });

  it("is bounded by its period: a longer one burns faster", () => {
    expect(objectiveProblems("97", "90d", "p")).toHaveLength(1);
    expect(objectiveProblems("97", "7d", "p")).toEqual([]);
  });
});

describe("the windows of a period", () => {
  it.each(PERIODS)("read counters for an hour at most and cover %s by whole tiles", (period) => {
    const windows = windowsOf(period);
    const seen = new Set<string>();
    for (const { length, source } of windows) {
      if (source.kind === "steps") expect(["5m", "30m", "1h"]).toContain(length);
      else {
        expect(seen).toContain(source.tile);
        expect(source.offsets[0]).toBe("0s");
      }
      seen.add(length);
    }
    // A month is made of whole days in tiles of its own, beside these.
    expect(windows.at(-1)?.length).toBe(period === "month" ? "3d" : period);
    expect(seen.size).toBe(windows.length);
  });
});
