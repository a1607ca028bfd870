import { describe, expect, it } from "vitest";
import { probeSuccess } from "../../../components/signals/probe.ts";
import { promisesOf } from "../../../components/slo/promises.ts";
import { SLO } from "./samples.ts";

describe("what an SLO promises", () => {
  it("is a page after the times of the SRE workbook's windows", () => {
    const { detection } = promisesOf(SLO, "30s");
    expect(
      detection.map(({ errorRate, fastBurn }) => [
        errorRate,
        fastBurn?.due.seconds,
        fastBurn?.due.budgetSpent,
      ]),
    ).toEqual([
      [1, 51.84, 0.02],
      [0.1, 518.4, 0.02],
      [0.01, 216 * 60, 0.05],
    ]);
  });

  it("is a page at the latest a scrape and an evaluation later", () => {
    for (const { fastBurn } of promisesOf(SLO, "15s").detection) {
      expect((fastBurn?.atTheLatest.seconds ?? 0) - (fastBurn?.due.seconds ?? 0)).toBeCloseTo(30, 9);
    }
  });

  it("is the budget that is spent by the latest moment, and not by the ideal one alone", () => {
    const [outage] = promisesOf(SLO, "30s").detection;
    // 111.84 s of 2,592 s that a month may fail for.
    expect(outage?.fastBurn?.atTheLatest.budgetSpent).toBeCloseTo(111.84 / 2_592, 9);
  });

  it("is no page for errors that only a ticket is about, and nothing for those within the budget", () => {
    const { detection } = promisesOf({ ...SLO, objective: "99.5" }, "30s");
    const [, , hundredth] = detection;
    expect(hundredth?.fastBurn).toBeUndefined();
    expect(hundredth?.slowBurn?.due.seconds).toBe(36 * 3600);
    const relaxed = promisesOf({ ...SLO, objective: "99" }, "30s").detection[2];
    expect([relaxed?.fastBurn, relaxed?.slowBurn]).toEqual([undefined, undefined]);
  });

  it("holds from the traffic that brings the floor's errors about in time", () => {
    expect(promisesOf({ ...SLO, minimumErrors: 0 }, "30s").minimumTraffic).toBe(70);
    expect(promisesOf({ ...SLO, minimumErrors: 0, objective: "99.99" }, "30s").minimumTraffic).toBe(695);
    expect(promisesOf(SLO, "30s").minimumTraffic).toBe(348);
  });

  it("costs one and a half thousand samples of records, seven of each series and five more of each of errors", () => {
    expect(promisesOf(SLO, "30s").cost).toEqual({
      records: 23,
      alerts: 7,
      samplesPerSeries: 7,
      samplesPerErrorSeries: 5,
      samplesOfRecords: 1_460,
    });
  });
});

describe("the promises of an objective that is looked at once in each scrape", () => {
  const of = (targets: number, minimumErrors: number) =>
    promisesOf({ ...SLO, minimumErrors, signal: probeSuccess({ job: "probe/storefront" }, targets) }, "30s");

  it("reckon with the looks that there are, and with how many of them must be bad", () => {
    const dues = (promises: ReturnType<typeof of>) =>
      promises.detection.map(({ fastBurn }) => fastBurn?.due.seconds);
    // Three looks take a minute and a half, which is later than 1.44% of an hour; at one in ten it takes ten times as long.
    expect(dues(of(1, 3)).slice(0, 2)).toEqual([90, 900]);
    // Three targets bring as many looks in a single scrape, so that the share alone decides.
    expect(dues(of(3, 3)).slice(0, 2)).toEqual([51.84, 518.4]);
    // Of one look in a hundred, six hours bring seven: no page ever needs for eight of them.
    expect(dues(of(1, 8))[2]).toBeUndefined();
  });

  it("say how often it is looked at, because no other traffic matters", () => {
    expect(of(2, 3).steadyTraffic).toBe(240);
    expect(promisesOf(SLO, "30s").steadyTraffic).toBeUndefined();
  });
});
