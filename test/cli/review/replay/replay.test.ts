import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Replay } from "../../../../cli/review/replay/result.ts";
import type { PrometheusWithHistory } from "../../../support/prometheus.ts";
import { tool } from "../../../support/tools.ts";
import { BASE, HEAD, period, recorded, replayed, running } from "./scenario.ts";

// Six hours of history in a real Prometheus. `npm run test:replay` does the same with thirty days.

const DAYS = 0.25;

describe("a replay over a real Prometheus", { timeout: 120_000 }, () => {
  let [deployed, changed]: PrometheusWithHistory[] = [];
  let result: Replay;
  let [was, is]: Awaited<ReturnType<typeof recorded>>[] = [];

  beforeAll(async () => {
    const { start } = period(DAYS);
    [deployed, changed] = await Promise.all([
      running(DAYS, BASE, { externalLabels: { cluster: "prod" } }),
      running(DAYS, HEAD),
    ]);
    [was, is] = await Promise.all([recorded(deployed, DAYS), recorded(changed, DAYS)]);
    const first = (was ?? []).find(({ alert }) => alert === "DiskFull");
    result = await replayed({
      history: deployed,
      days: DAYS,
      program: await tool("prometheus"),
      incidents: [
        {
          name: "told",
          start: (first?.from ?? 0) - 60,
          end: first?.to ?? 0,
          environment: "prod",
          services: ["store"],
        },
        { name: "of another service", start, end: start + 7200, environment: "prod", services: ["billing"] },
        { name: "elsewhere", start, end: start + 7200, environment: "dev", services: [] },
      ],
    });
  }, 120_000);
  afterAll(async () => {
    await deployed?.stop();
    await changed?.stop();
  });

  const firings = (all: typeof was) =>
    Object.fromEntries(
      [...new Set(all?.map(({ alert }) => alert))]
        .sort()
        .map((name) => [name, all?.filter(({ alert }) => alert === name).length]),
    );
  const told = (side: "before" | "after") =>
    Object.fromEntries(
      result.alerts
        .filter((row) => (row[side] ?? 0) > 0)
        .map((row) => [row.about.split(" ")[0], row[side]])
        .sort(),
    );

  it("counts as many firings of each alert as Prometheus recorded when it evaluated the rules itself", () => {
    expect(Object.keys(firings(was)).length).toBeGreaterThan(4);
    expect(Object.keys(firings(is)).length).toBeGreaterThan(4);
    expect(told("before")).toEqual(firings(was));
    expect(told("after")).toEqual(firings(is));
    expect(firings(is)).not.toEqual(firings(was));
  });

  it("agrees with the recorded ALERTS", () => {
    expect(result.agreement?.share).toBe(1);
    expect(result.agreement?.evaluations).toBeGreaterThan(700);
  });

  it("computes the records that differ from those of the history, and no others", () => {
    expect(result.computed).toEqual(["job:errors:ratio", "job:errors:smooth"]);
    expect(result.notReplayed).toEqual([]);
  });

  it("says which incidents no alert tells of", () => {
    expect(result.incidents.map(({ name }) => name)).toEqual(["told", "of another service"]);
    expect(result.incidents[0]?.before).toEqual({ alert: "DiskFull of store", seconds: 60 });
    expect(result.before.incidentsUntold).toEqual(["of another service"]);
    // The change raises the threshold above what the disk had then.
    expect(result.after.incidentsUntold).toEqual(["told", "of another service"]);
  });

  it("leaves out what reads a changed record if there is no Prometheus to hold it", async () => {
    const { notReplayed } = await replayed({
      history: { url: deployed?.url ?? "" },
      days: DAYS,
      program: undefined,
    });
    expect(notReplayed.map(({ about }) => about).sort()).toEqual(["ErrorsHigh", "ErrorsLasting"]);
  });

  it("says the same of the data directory, which it leaves as it was", async () => {
    const folder = deployed?.data ?? "";
    const blocks = () => readdirSync(folder).filter((name) => existsSync(join(folder, name, "meta.json")));
    const there = blocks();
    expect(there.length).toBeGreaterThan(0);
    const program = await tool("prometheus");
    const { evaluatedBy, ...rest } = await replayed({ history: { folder }, days: DAYS, program });
    expect(evaluatedBy).toMatch(/^Prometheus 3\.\d+\.\d+ with the samples of /);
    const { evaluatedBy: _, incidents, before, after, ...others } = result;
    expect(rest).toMatchObject(others);
    expect([rest.before.firings, rest.after.firings]).toEqual([before.firings, after.firings]);
    expect(incidents).toHaveLength(2);
    expect(blocks()).toEqual(there);
  });

  it("cannot read a data directory without a Prometheus", async () => {
    const folder = deployed?.data ?? "";
    await expect(replayed({ history: { folder }, days: DAYS, program: undefined })).rejects.toThrow(
      /no program prometheus on PATH/,
    );
  });

  it("computes what a history without any record lacks", async () => {
    const bare = await running(DAYS, [], {});
    try {
      const program = await tool("prometheus");
      const { alerts, computed, agreement } = await replayed({ history: bare, days: DAYS, program });
      expect(computed).toEqual(["job:errors:ratio", "job:errors:smooth", "node:disk:max"]);
      expect(agreement).toBeNull();
      const rows = result.alerts.map(({ about, before, after }) => ({ about, before, after }));
      expect(alerts.map(({ about, before, after }) => ({ about, before, after }))).toEqual(rows);
    } finally {
      await bare.stop();
    }
  });
});
