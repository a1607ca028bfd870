import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { knownShare } from "../../../cli/alert-review/known.ts";
import { summaryOf } from "../../../cli/alert-review/words.ts";
import { connectionTo } from "../../../cli/verify/connection.ts";
import { PrometheusWithHistory } from "../../support/prometheus.ts";
import { runHere } from "../surroundings.ts";
import { REVIEW } from "./sample-review.ts";

const STEP = 60;
const END = Math.floor(Date.now() / 1000 / 3600) * 3600;
const START = END - 10 * 3600;

describe("what a Prometheus knows of a period", { timeout: 60_000 }, () => {
  let prometheus: PrometheusWithHistory;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "bellwether-known-"));
    prometheus = await PrometheusWithHistory.start({
      start: START,
      end: END,
      step: STEP,
      // Six of ten hours: the fourth to the seventh are missing.
      series: ['up{job="a"} 1x180 _x239 1x180', 'up{job="b"} 1x180 _x239 1x180'],
      rules: [],
    });
  });
  afterAll(async () => {
    await prometheus?.stop();
    rmSync(folder, { recursive: true });
  });
  const shareOf = (from: number, to: number) =>
    knownShare(connectionTo(prometheus.url, undefined, "alert-review"), from, to);

  it("is the share of its hours that have samples", async () => {
    // 24 looks: 15 of them find something.
    expect(await shareOf(START, END)).toBeCloseTo(15 / 24, 6);
    expect(await shareOf(START - 10 * 3600, END)).toBeCloseTo(0.35, 1);
    expect(await shareOf(START, START + 3600)).toBe(1);
    // More hours than a query answers points for.
    expect(await shareOf(END - 2000 * 86_400, END)).toBeLessThan(0.001);
  });

  it("is not known without the series", async () => {
    expect(await shareOf(START - 7200, START - 3600)).toBeUndefined();
  });

  it("is refused where there is neither an alert rule nor a firing", async () => {
    const { code, error } = await runHere(
      ["alert-review", "--prometheus", prometheus.url, "--since", "10h", "--out", join(folder, "out")],
      { place: "repository" },
    );
    expect(code).toBe(2);
    expect(error).toContain("which has no alert rule and recorded no alert from");
    expect(() => readFileSync(join(folder, "out", "alert-review.json"))).toThrow();
  });

  it("is refused by slo-report where there is no record of an objective", async () => {
    const { code, error } = await runHere(
      ["slo-report", "--prometheus", prometheus.url, "--out", join(folder, "slo")],
      { place: "repository" },
    );
    expect(code).toBe(2);
    expect(error).toContain("which has no record slo:objective:ratio of 20");
    expect(() => readFileSync(join(folder, "slo", "slo-report.json"))).toThrow();
  });
});

it("a review says how much of its period it knows, if that is not all", () => {
  expect(summaryOf(REVIEW)).not.toContain("Prometheus has samples");
  expect(summaryOf({ ...REVIEW, known: null })).not.toContain("Prometheus has samples");
  const days = (Date.parse(REVIEW.to) - Date.parse(REVIEW.from)) / 86_400_000;
  expect(summaryOf({ ...REVIEW, known: 0.1 })).toContain(
    `Prometheus has samples of ${(days / 10).toFixed(1)} of these ${days.toFixed(1)} days`,
  );
});
