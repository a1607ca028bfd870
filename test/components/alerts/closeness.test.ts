import { beforeAll, describe, expect, it } from "vitest";
import { type Compared, closeness, comparisonsOf } from "./closeness.ts";
import { productionArgs } from "./samples.ts";

// A case far beyond the limit proves little: the limit could be twice as high, and nobody would notice. So promtool says what each case compares
// with its limit. Left out is what has no distance: absence, a comparison with 0 (nothing and something are as near as can be), a state that
// is 0 or 1, and a forecast, whose limit is the time that it looks ahead; mutation.test.ts moves that limit by a quarter instead.

const AT_MOST = 0.25;

/** Where there is nothing nearer than a whole number away. */
const WHOLE: Readonly<Record<string, string>> = {
  KubeCniAddressesLow: "addresses are whole: 0 and 1 are the neighbours of a limit of 1",
  KubePodCrashLooping: "the reason is there or not: kube-state-metrics writes no series without it",
  KubeContainerOOMKilled: "kills are whole",
  PrometheusNotConnectedToAlertmanagers: "Alertmanagers are whole",
  AlertmanagerConfigInconsistent: "configurations are whole",
};

let compared: readonly Compared[];
beforeAll(async () => {
  compared = (await closeness(productionArgs())).filter(({ operator }) => operator !== "==");
});

describe("the catalogue's cases come close to every limit", { timeout: 300_000 }, () => {
  const distance = (value: number | undefined, limit: number) =>
    value === undefined ? Number.POSITIVE_INFINITY : Math.abs(value - limit) / limit;

  it("from the side on which the alert fires, by a quarter at most", () => {
    expect(compared.length).toBeGreaterThan(30);
    const far = compared.filter(
      ({ alert, firing, limit }) => !(alert in WHOLE) && distance(firing, limit) > AT_MOST,
    );
    expect(far).toEqual([]);
  });

  it("from the side on which it is silent, by a quarter at most", () => {
    const far = compared.filter(
      ({ alert, silent, limit }) => !(alert in WHOLE) && distance(silent, limit) > AT_MOST,
    );
    expect(far).toEqual([]);
  });

  it("or are the next whole number, where there is nothing between", () => {
    for (const { alert, firing, silent = 0, limit } of compared.filter(({ alert }) => alert in WHOLE)) {
      for (const value of [firing, silent])
        expect(Math.abs((value ?? Number.NaN) - limit), alert).toBeLessThanOrEqual(1);
      expect(Number.isInteger(limit), alert).toBe(true);
    }
    expect(Object.keys(WHOLE).filter((name) => !compared.some(({ alert }) => alert === name))).toEqual([]);
  });
});

describe("the comparisons of a query", () => {
  it("are those with a number other than 0, wherever they stand", () => {
    expect(comparisonsOf("(a / (b > 0) > 0.5) and on (x) (rate(c[5m]) <= 2)")).toEqual([
      { left: "a / (b > 0)", operator: ">", limit: 0.5 },
      { left: "rate(c[5m])", operator: "<=", limit: 2 },
    ]);
  });
});
