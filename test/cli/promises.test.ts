import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PROMISE_COLUMNS, promiseCells, promiseRow } from "../../cli/report/promises.ts";
import { promisesOf } from "../../components/slo/promises.ts";
import { SLO } from "../components/slo/samples.ts";
import { folder } from "../infra/previews.ts";

const cells = (change: Partial<typeof SLO> = {}) =>
  promiseCells(promiseRow(promisesOf({ ...SLO, ...change }, "30s")));

describe("what a report says of an objective", () => {
  it("is when it pages at each error ratio, and from which traffic", () => {
    expect(cells()).toEqual([
      "storefront availability",
      "99.9% over 30d",
      "page in 1.9 min, 4.3% spent",
      "page in 9.7 min, 2.2% spent",
      "page in 3.7 h, 5% spent",
      "not watched",
      "348 an hour",
    ]);
    expect(cells()).toHaveLength(PROMISE_COLUMNS.length);
  });

  it("says when it notifies without an available pod, and how", () => {
    const promises = promisesOf(SLO, "30s");
    const cell = (severity: "critical" | "warning", seconds: number) =>
      promiseRow({ ...promises, withoutPods: { severity, seconds } }).withoutPods;
    expect(cell("critical", 180)).toBe("page in 3.0 min");
    expect(cell("warning", 660)).toBe("ticket in 11.0 min");
    expect(PROMISE_COLUMNS[cells().indexOf("not watched")]).toBe("No pod is available");
  });

  it("has its cost in one text, for reports about a single service", () => {
    expect(promiseRow(promisesOf(SLO, "30s")).cost).toBe(
      "23 series and 30 rules, which read 1,460 samples, 7 of each scraped series and 5 more of those of errors",
    );
  });

  it("says a ticket for errors that do not page, and no alert for errors that open no ticket", () => {
    expect(cells({ objective: "99.5" })[4]).toBe("ticket in 36.1 h, 10% spent");
    expect(cells({ objective: "99" })[4]).toBe("no alert");
  });

  it("is in both reports of an environment that has services", () => {
    for (const file of ["report.md", "report.html"]) {
      const report = readFileSync(folder("prod", file), "utf8");
      expect(report).toMatch(/<(summary|h2 id="promises-title")>Objectives</);
      expect(report).toMatch(/page in 1\.9 min, 4\.3% spent/);
      expect(report).toMatch(/page in 3\.0 min/);
    }
  });
});
