import { beforeAll, describe, expect, it } from "vitest";
import { type MeasuredDetection, measureDetection } from "./detection.ts";

const EVALUATION = 30;

describe("a page in the real Prometheus", () => {
  let measured: readonly MeasuredDetection[];

  beforeAll(async () => {
    measured = await measureDetection();
  });

  it("was measured at full, a tenth and a hundredth of errors, counted before and first of all", () => {
    expect(measured.map(({ promised, counter }) => `${promised.errorRate}, ${counter}`)).toEqual(
      [1, 0.1, 0.01].flatMap((rate) => [`${rate}, counted before`, `${rate}, first of all`]),
    );
  });

  it("comes by the time that is promised, and not before the rates can be known to be high", () => {
    for (const { promised, ours } of measured) {
      expect(ours).toBeLessThanOrEqual(promised.fastBurn?.atTheLatest.seconds ?? 0);
      // A counter without a past is extrapolated to before its first sample, which may bring the page one evaluation forward.
      expect(ours).toBeGreaterThanOrEqual((promised.fastBurn?.due.seconds ?? 0) - EVALUATION);
    }
  });

  it("comes later than that of Sloth's rules by one evaluation at most", () => {
    for (const { ours, sloth } of measured)
      expect((ours ?? 0) - (sloth ?? 0)).toBeLessThanOrEqual(EVALUATION);
  });
});
