import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { prices } from "../../../cli/estimate/prices.ts";
import { costCells, costsOf, EVALUATION_TIMES } from "../../../cli/report/costs.ts";
import { readsInWords } from "../../../cli/report/reads.ts";
import { storeSettings } from "../../../components/prometheus/store-settings.ts";
import { promisesOf } from "../../../components/slo/promises.ts";
import { thanosSettings } from "../../../components/thanos/model.ts";
import { SLO } from "../../components/slo/samples.ts";
import { files } from "../../infra/previews.ts";

const ONE = promisesOf(SLO, "30s");
const OFF = { scrapeInterval: "30s", store: { kind: "none" } } as const;
const AMP = {
  scrapeInterval: "30s",
  store: { kind: "amp", series: "recorded", retentionDays: 395 },
} as const;

const PRICE = prices().of("us-east-1", "samples ingested");
const cells = (promises: Promises, alerts: Alerts, settings: Settings) =>
  costsOf(promises, alerts, settings, 0, PRICE).rows.map(costCells);
type Promises = Parameters<typeof costsOf>[0];
type Alerts = Parameters<typeof costsOf>[1];
type Settings = Parameters<typeof costsOf>[2];

describe("the cost of rules", () => {
  // 30 days of 86,400 seconds, every 30 seconds: 86,400 samples of a series, 1,987,200 of 23; $0.90 for 10 million of them.
  it("is one row for objectives that cost the same and one for their sum", () => {
    expect(cells([ONE, { ...ONE, slo: "other" }], [], AMP).slice(0, 2)).toEqual([
      [
        "One objective over 30d",
        "23 recording, 7 alert",
        "23",
        "1,987,200",
        "1,460 + 7 of each scraped series and 5 more of those of errors",
        "$0.18",
      ],
      [
        "All 2 objectives over 30d",
        "46 recording, 14 alert",
        "46",
        "3,974,400",
        "2,920 + 7 of each scraped series and 5 more of those of errors",
        "$0.36",
      ],
    ]);
  });

  it("is rows of their own for objectives that cost something else", () => {
    const month = promisesOf({ ...SLO, period: "month" }, "30s");
    expect(cells([ONE, month], [], OFF).map(([what]) => what)).toEqual([
      "One objective over 30d",
      "One objective over a calendar month",
      "One alert that is pending or firing for 30 days",
    ]);
  });

  it("counts the records about the pods of each service once", () => {
    const withoutPods = { severity: "critical", seconds: 180 } as const;
    const watched = { ...ONE, withoutPods };
    const promises = [watched, { ...watched, slo: "latency" }, { ...watched, service: "pricing" }, ONE];
    expect(cells(promises, [], AMP).find(([what]) => what?.includes("pods"))).toEqual([
      "Available pods of 2 services",
      "4 recording",
      "4",
      "345,600",
      "see the alerts",
      "$0.03",
    ]);
    const text = files("prod", "prometheus/rules")["service-storefront.availability.yaml"] ?? "";
    expect(text.match(/^ +record: service:/gm)).toHaveLength(2);
  });

  it("has the two series of an alert that fires, of which remote write sends one", () => {
    expect(cells([], [], AMP)).toEqual([
      ["One alert that is pending or firing for 30 days", "", "2", "172,800", "0", "under $0.01"],
    ]);
  });

  it("names no price without remote write", () => {
    const costs = costsOf([ONE], [], OFF, 0, PRICE);
    expect(costs.intro).toContain("Remote write is off, so the samples cost no money.");
    expect(costs.columns.join()).not.toContain("Remote write");
    expect(costs.rows.flatMap(costCells).join()).not.toContain("$");
  });

  it("says where else the samples are, if not in AMP", () => {
    const intro = (store: Parameters<typeof costsOf>[2]["store"]) =>
      costsOf([ONE], [], { ...OFF, store }, 0, PRICE).intro;
    const thanos = thanosSettings.parse({ kind: "thanos", bucket: { kind: "created" } });
    expect(intro(thanos)).toContain("The samples are in object storage, too");
    const endpoint = storeSettings.parse({ kind: "endpoint", url: "https://mimir.example.com/api/v1/push" });
    expect(intro(endpoint)).toContain("sent to a store that exists");
    for (const store of [thanos, endpoint]) expect(intro(store)).not.toContain("Remote write is off");
  });

  it("says that the price is not known in a region without one", () => {
    const costs = costsOf([ONE], [], AMP, 0, prices().of("ap-south-1", "samples ingested"));
    expect(costs.intro).toContain("in this region, so the price of remote write is not known");
    expect(costs.columns.join()).not.toContain("Remote write");
    expect(costs.rows.flatMap(costCells).join()).not.toContain("$");
  });

  it("names the region, the day and the price", () => {
    expect(costsOf([ONE], [], AMP, 0, PRICE).intro).toContain(
      "in us-east-1 (2026-09-11): $0.90 for 10 million samples",
    );
  });

  it("halves with twice the interval", () => {
    const [row] = cells([promisesOf(SLO, "1m")], [], { ...AMP, scrapeInterval: "1m" });
    expect(row?.[3]).toBe("993,600");
    expect(row?.[5]).toBe("$0.09");
  });

  it("has as many series as the rules of an objective in prod record", () => {
    const text = files("prod", "prometheus/rules")["service-storefront.availability.yaml"] ?? "";
    expect(text.match(/^ +record: slo:/gm)).toHaveLength(23);
    expect(text.match(/^ +- alert: SLO/gm)).toHaveLength(7);
  });

  it("has the price and the times that the documentation has", () => {
    const samples = readFileSync("docs/how-to/keep-samples.md", "utf8");
    expect(samples).toContain(`$${PRICE?.amount.toFixed(2)} for ${PRICE?.unit} samples`);
    const rules = readFileSync("docs/slo-rules.md", "utf8");
    for (const [series, milliseconds] of EVALUATION_TIMES)
      expect(rules).toMatch(
        new RegExp(
          `^\\| ${series.toLocaleString("en")} \\| 23 records, 7 alerts \\|.*\\| ${milliseconds} ms \\(`,
          "m",
        ),
      );
  });
});

describe("what an evaluation of an alert reads", () => {
  it.each([
    ["up == 0", "1 sample of each series of up"],
    ['rate(http_requests_total{code="500"}[5m]) > 0', "10 samples of each series of http_requests_total"],
    [
      "sum(rate(errors_total[10m])) / sum(rate(requests_total[10m])) > 0.1 and on () up == 1",
      "20 samples of each series of errors_total, 20 of requests_total, 1 of up",
    ],
    ["up - (up offset 1h) > 0", "2 samples of each series of up"],
    ["max_over_time(rate(errors_total[2m])[1h:1m]) > 1", "240 samples of each series of errors_total"],
    ["vector(1)", "no series"],
  ])("of %s is: %s", (query, words) => {
    expect(readsInWords(query, "30s")).toBe(words);
  });

  it("is not said of a query that cannot be read", () => {
    expect(readsInWords("sum(", "30s")).toBeUndefined();
  });
});
