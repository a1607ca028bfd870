import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EVALUATION_TIMES } from "../../cli/report/costs.ts";
import { seconds } from "../../components/core/duration.ts";
import { bytes } from "../../components/core/quantity.ts";
import { atLeast, mostSeries, needOf } from "../../components/prometheus/capacity.ts";
import { AMP_LIMITS } from "../../components/stored-rules/limits.ts";
import { MOST_SHARDS } from "../../components/workloads/volumes.ts";

// The tables of docs/scale.md, computed anew from the same model that a preview computes with.

const page = readFileSync(new URL("../../docs/scale.md", import.meta.url), "utf8");

/** The rows of the table below a heading, as cells. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const after = page.slice(page.indexOf(`\n## ${heading}\n`));
  const rows = /(?:^\|.*\|\n)+/m.exec(after)?.[0] ?? "";
  return rows
    .trim()
    .split("\n")
    .slice(2)
    .map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const grouped = (value: number) => Math.round(value).toLocaleString("en-US");
const numberIn = (cell = "") => Number(cell.replaceAll(",", ""));
const LOAD = { scrapeInterval: "30s", retention: "30d" } as const;
/** The share of `activeSeries` that a shard is filled with: hashes are uneven. */
const FILLED = 2 / 3;
const PER_SHARD = 2_000_000;

describe("docs/scale.md", () => {
  it("says how many series a server of so much memory holds, and which volume they need", () => {
    const rows = tableBelow("One server");
    expect(rows.length).toBeGreaterThanOrEqual(5);
    for (const [memory = "", series = "", volume] of rows) {
      // Whole hundred thousands.
      const most = Math.floor(mostSeries(bytes(memory as `${number}Gi`)) / 100_000) * 100_000;
      expect(series).toBe(grouped(most));
      expect(volume).toBe(atLeast(needOf({ ...LOAD, activeSeries: most }).volume));
    }
  });

  it("says how many shards a cluster needs, and what they are", () => {
    const rows = tableBelow("One cluster");
    expect(rows.length).toBeGreaterThanOrEqual(4);
    for (const [series, shards, servers, memory, volumes] of rows) {
      const needed =
        numberIn(series) <= PER_SHARD * FILLED ? 1 : Math.ceil(numberIn(series) / (PER_SHARD * FILLED));
      const held = needed === 1 ? numberIn(series) / FILLED : PER_SHARD;
      const need = needOf({ ...LOAD, activeSeries: held });
      expect(numberIn(shards), series).toBe(needed);
      expect(needed).toBeLessThanOrEqual(MOST_SHARDS);
      expect(numberIn(servers), series).toBe(2 * needed);
      expect(memory, series).toBe(atLeast(2 * needed * need.memory));
      expect(volumes, series).toBe(atLeast(2 * needed * need.volume));
    }
  });

  it("says what many clusters send and keep", () => {
    const rows = tableBelow("Many clusters");
    expect(rows.map(([clusters]) => clusters)).toEqual(["1", "10", "100", "1,000"]);
    for (const [clusters, series, perSecond, perMonth, gigabytes] of rows) {
      const all = numberIn(clusters) * 500_000;
      const { samplesPerSecond } = needOf({ ...LOAD, activeSeries: all });
      expect(series).toBe(grouped(all));
      expect(perSecond).toBe(grouped(samplesPerSecond));
      const month = samplesPerSecond * seconds("30d");
      expect(perMonth).toBe(grouped(month / 1e9));
      // A pair uploads every sample twice, 1.5 bytes each.
      expect(gigabytes).toBe(grouped((2 * month * 1.5) / 1e9));
    }
  });

  it("says which share of an interval the rules of so many objectives take", () => {
    const rows = tableBelow("Rules");
    expect(rows.map(([objectives]) => objectives)).toEqual(["10", "100", "1,000"]);
    const [small = 0, large = 0] = EVALUATION_TIMES.map(([, milliseconds]) => milliseconds);
    for (const [objectives, few, many, cores] of rows) {
      const share = (milliseconds: number) => (numberIn(objectives) * milliseconds) / 1000 / seconds("30s");
      expect(few).toBe(`${Math.round(100 * share(small))}%`);
      expect(many).toBe(`${Math.round(100 * share(large))}%`);
      expect(cores).toBe(String(Math.ceil(share(large) * 10) / 10));
    }
  });

  it("names the quotas of AMP that the preview checks", () => {
    expect(page).toContain(`${AMP_LIMITS.groups} groups of ${AMP_LIMITS.rulesInGroup} rules`);
    expect(page).toContain(`at most ${MOST_SHARDS} shards`);
  });
});
