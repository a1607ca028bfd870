import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seconds } from "../../../components/core/duration.ts";
import { bytes } from "../../../components/core/quantity.ts";
import {
  atLeast,
  longestRetention,
  mostSeries,
  needOf,
  RETENTION_SIZE_RATIO,
  retentionSize,
  useOf,
} from "../../../components/prometheus/capacity.ts";
import { prometheusProblems } from "../../../components/prometheus/model.ts";
import { PRODUCTION_SETTINGS } from "./samples.ts";

const LOAD = { activeSeries: 500_000, scrapeInterval: "30s", retention: "30d" };

describe("the capacity model", () => {
  it("agrees with Prometheus' own formula, retention × samples per second × bytes per sample, within its stated extras", () => {
    const { samplesPerSecond, blocks } = needOf(LOAD);
    const documented = seconds("30d") * samplesPerSecond * 2;
    expect(samplesPerSecond).toBeCloseTo(500_000 / 30);
    expect(blocks).toBeCloseTo(documented * 1.1, -3);
  });

  it("caps the largest block at 31 days, however long the retention", () => {
    const { samplesPerSecond, blocks } = needOf({ ...LOAD, retention: "400d" });
    expect(blocks).toBeCloseTo(samplesPerSecond * 2 * 86_400 * (400 + 31), -3);
  });

  it("needs twice the disk for twice the series, half the interval or nearly twice the retention", () => {
    const { volume } = needOf(LOAD);
    expect(needOf({ ...LOAD, activeSeries: 1_000_000 }).volume).toBeCloseTo(volume * 2, -3);
    expect(needOf({ ...LOAD, scrapeInterval: "15s" }).volume).toBeCloseTo(volume * 2, -3);
    const doubled = needOf({ ...LOAD, retention: "60d" }).volume;
    expect(doubled / volume).toBeGreaterThan(1.95);
    expect(doubled / volume).toBeLessThan(2);
  });

  it.each(["10Gi", "60Gi", "200Gi", "2Ti", "20Ti"])("names a retention that just fits %s", (volume) => {
    const { retention: _, ...load } = LOAD;
    const longest = longestRetention(load, bytes(volume));
    expect(needOf({ ...LOAD, retention: `${Math.floor(longest)}s` }).volume).toBeLessThanOrEqual(
      bytes(volume),
    );
    expect(needOf({ ...LOAD, retention: `${Math.ceil(longest * 1.001)}s` }).volume).toBeGreaterThan(
      bytes(volume),
    );
  });

  it("finds no retention where not even the head fits", () => {
    const { retention: _, ...load } = LOAD;
    expect(longestRetention(load, bytes("100Mi"))).toBeLessThan(0);
  });

  it("names a number of series that just fits the memory", () => {
    const most = mostSeries(bytes("8Gi"));
    expect(needOf({ ...LOAD, activeSeries: most }).memory).toBeLessThanOrEqual(bytes("8Gi"));
    expect(needOf({ ...LOAD, activeSeries: most + 1 }).memory).toBeGreaterThan(bytes("8Gi"));
    expect(mostSeries(bytes("16Mi"))).toBe(0);
  });

  it.each(["1Gi", "10Gi", "200Gi", "1Ti", "512Mi"])("leaves a fifth of %s to compaction", (volume) => {
    const size = retentionSize(volume);
    expect(size).toMatch(/^\d+MiB$/);
    const sizeBytes = Number.parseInt(size, 10) * 2 ** 20;
    expect(sizeBytes).toBeLessThan(bytes(volume));
    expect(sizeBytes / bytes(volume)).toBeCloseTo(RETENTION_SIZE_RATIO, 2);
  });

  it("rounds a need up to a quantity that holds it", () => {
    expect(atLeast(1)).toBe("1Mi");
    expect(atLeast(700 * 2 ** 20)).toBe("700Mi");
    expect(atLeast(2 ** 30 + 1)).toBe("2Gi");
    for (const size of [5, 2 ** 29 + 3, 2 ** 30, 7.5 * 2 ** 30])
      expect(bytes(atLeast(size))).toBeGreaterThanOrEqual(size);
  });
});

describe("what the head holds beside active series", () => {
  const memory = (more: object) => needOf({ ...LOAD, ...more }).memory - needOf(LOAD).memory;

  it("needs memory for three hours of replaced series, for what rules record and for native histograms", () => {
    expect(memory({ replacedPerHour: 1000 })).toBe(memory({ recordedSeries: 3000 }));
    expect(memory({ recordedSeries: 3000 })).toBeGreaterThan(0);
    // A native histogram is more than a series, and less than its buckets as series.
    expect(memory({ nativeHistograms: 1000 })).toBeGreaterThan(memory({ recordedSeries: 1000 }));
    expect(memory({ nativeHistograms: 1000 })).toBeLessThan(memory({ recordedSeries: 22_000 }));
  });

  it("is used before the reserve: a need is at least twice the use", () => {
    for (const activeSeries of [50_000, 500_000, 5_000_000]) {
      const load = { ...LOAD, activeSeries };
      expect(needOf(load).memory).toBeGreaterThan(2 * useOf(load, 0).memory);
    }
  });
});

describe("the guide to sizing", () => {
  const guide = readFileSync(new URL("../../../docs/how-to/size-prometheus.md", import.meta.url), "utf8");
  const rows = [...guide.matchAll(/^\| ([\d,]+) \| (\w+) \| (\w+) \| ([\d,]+) \| (\w+) \| (\w+) \|$/gm)];

  it("has figures of the bench that the model meets within 25%", () => {
    const number = (text = "") => Number(text.replaceAll(",", ""));
    const measured = [
      ...guide.matchAll(
        /^\| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| (.+ \/ .+) \|$/gm,
      ),
    ];
    expect(measured).toHaveLength(3);
    for (const [, series, replaced, histograms, recorded, samples, ofHistograms, figures = ""] of measured) {
      const modelled = useOf(
        {
          ...LOAD,
          activeSeries: number(series),
          replacedPerHour: number(replaced) / 3,
          nativeHistograms: number(histograms),
          recordedSeries: number(recorded),
        },
        number(samples),
        number(ofHistograms),
      );
      const parts = [modelled.memory, modelled.log, modelled.block].map((size) => size / 2 ** 20);
      const shown = [...figures.matchAll(/([\d.]+) \/ ([\d.]+)/g)].map(([, was, is]) => [
        Number(was),
        Number(is),
      ]);
      expect(shown).toHaveLength(3);
      for (const [index, [used = 0, model = 0]] of shown.entries()) {
        expect(model, series).toBeCloseTo(parts[index] ?? 0, 0);
        expect(Math.abs(model / used - 1), series).toBeLessThan(0.25);
      }
    }
  });

  it("shows at least five loads", () => {
    expect(rows.length).toBeGreaterThanOrEqual(5);
  });

  it.each(rows.map(([row]) => [row]))("computes %s as the model does", (row) => {
    const [series = "", scrapeInterval = "", retention = "", ...shown] = row
      .split("|")
      .map((cell) => cell.trim())
      .slice(1);
    const load = { activeSeries: Number(series.replaceAll(",", "")), scrapeInterval, retention };
    const { samplesPerSecond, volume, memory } = needOf(load);
    expect(shown.slice(0, 3)).toEqual([
      Math.round(samplesPerSecond).toLocaleString("en-GB"),
      atLeast(volume),
      atLeast(memory),
    ]);
  });

  it("quotes the message that the resolver really gives", () => {
    const [problem] = prometheusProblems(
      { ...PRODUCTION_SETTINGS, retention: "90d" },
      "environment.prometheus",
      3,
    );
    for (const line of [problem?.path, problem?.found, problem?.allowed, problem?.fix])
      expect(guide).toContain(line);
  });
});
