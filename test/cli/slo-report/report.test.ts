import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Maintenance, readJourneys, readMaintenance } from "../../../cli/slo-report/files.ts";
import { monthOf } from "../../../cli/slo-report/month.ts";
import { missedPages } from "../../../cli/slo-report/pages.ts";
import { type SloReport, sloReportJsonSchema } from "../../../cli/slo-report/result.ts";
import { sloReportHtml } from "../../../cli/slo-report/shown.ts";
import type { PrometheusWithHistory } from "../../support/prometheus.ts";
import { runHere } from "../surroundings.ts";
import { frozenStack, Scenario } from "./scenario.ts";

// Seven hours of a month in a real Prometheus. `npm run test:operate:long` does the same with ninety days.

const scenario = new Scenario(7 / 24, "1m");
const { from, to, end } = scenario.month();
const at = (hours: number) => from + hours * 3600;
const moment = (hours: number) => new Date(at(hours) * 1000).toISOString();
/** Of the budget of the month, so much may differ. */
const ACCURACY = 0.001;

const maintenance: readonly Maintenance[] = [
  {
    environments: ["prod"],
    services: ["storefront"],
    start: moment(2.4),
    end: moment(2.6),
    owner: "platform",
    reason: "The database moves to another zone.",
  },
  {
    environments: ["prod"],
    services: ["storefront"],
    start: moment(2.5),
    end: moment(2.7),
    owner: "platform",
    reason: "The second half, which overlaps the first.",
  },
  {
    environments: ["dev"],
    services: ["storefront"],
    start: moment(5),
    end: moment(6),
    owner: "platform",
    reason: "Of another environment.",
  },
];

describe("a report of objectives over a real Prometheus", { timeout: 120_000 }, () => {
  let prometheus: PrometheusWithHistory;
  let report: SloReport;
  beforeAll(async () => {
    prometheus = await scenario.run();
    report = await scenario.report(prometheus, {
      maintenance,
      journeys: [
        {
          name: "checkout",
          owner: "shop",
          objective: "99.0",
          parts: "series",
          objectives: [
            { service: "storefront", slo: "availability" },
            { service: "payments", slo: "availability" },
          ],
        },
        {
          name: "browse",
          owner: "shop",
          objective: "99.0",
          parts: "weighted",
          objectives: [
            { service: "storefront", slo: "availability", weight: 3 },
            { service: "payments", slo: "availability" },
          ],
        },
        {
          name: "unknown",
          owner: "shop",
          objective: "99.0",
          parts: "series",
          objectives: [{ service: "nowhere", slo: "availability" }],
        },
      ],
    });
  }, 120_000);
  afterAll(() => prometheus?.stop());

  const row = (service: string) =>
    report.objectives.find((each) => each.service === service) ?? expect.fail(service);
  /** The spent budget by adding up requests; the traffic goes on to the end of the month. */
  const spentBy = ({ total, errors }: { total: number; errors: number }, percent: number) =>
    (errors * (to - from)) / (end - from) / (total * (1 - percent / 100));

  it.each([
    ["storefront", 99.9],
    ["payments", 99.5],
  ])("says of %s what adding up its requests says", (service, percent) => {
    const counted = scenario.count(service, from, to);
    const found = row(service);
    expect(counted.errors).toBeGreaterThan(100);
    expect(found.percent).toBe(percent);
    expect(found.total).toBeCloseTo(counted.total, 3);
    expect(found.errors).toBeCloseTo(counted.errors, 3);
    expect(Math.abs((found.spent ?? 0) - spentBy(counted, percent))).toBeLessThan(ACCURACY);
  });

  it("leaves the events in maintenance out of the budget, each once, and shows them", () => {
    const all = scenario.count("storefront", from, to);
    const excluded = scenario.count("storefront", at(2.4), at(2.7));
    const found = row("storefront");
    expect(excluded.errors).toBeGreaterThan(100);
    expect(found.excluded.total).toBeCloseTo(excluded.total, 3);
    expect(found.excluded.errors).toBeCloseTo(excluded.errors, 3);
    const rest = { total: all.total - excluded.total, errors: all.errors - excluded.errors };
    expect(Math.abs((found.spentWithout ?? 0) - spentBy(rest, 99.9))).toBeLessThan(ACCURACY);
    expect(found.errors).toBeCloseTo(all.errors, 3);
    expect(row("payments").excluded).toEqual({ total: 0, errors: 0 });
    expect(report.maintenance.map(({ owner }) => owner)).toEqual(["platform", "platform"]);
  });

  it("names the hours that spent most, with the alerts and the maintenance then", () => {
    const [first, second] = row("storefront").windows;
    expect(first).toMatchObject({ from: moment(2), to: moment(3) });
    expect(first?.alerts).toContain("SLOErrorBudgetBurnFast");
    expect(first?.maintenance).toHaveLength(2);
    expect(first?.errors).toBeCloseTo(scenario.count("storefront", at(2), at(3)).errors, 3);
    expect(second).toMatchObject({ from: moment(5), to: moment(6), maintenance: [] });
  });

  it("measures each page from the first failed request, and holds it to what is promised", () => {
    const { pages, missed } = row("storefront");
    expect(pages.map(({ verdict }) => verdict)).toEqual(["kept", "kept"]);
    for (const [index, page] of pages.entries()) {
      expect(Date.parse(page.began ?? "") / 1000).toBe(scenario.begins("storefront", index));
      expect(page.seconds).toBe((Date.parse(page.at) - Date.parse(page.began ?? "")) / 1000);
      // 14.4 times the budget, over an hour, and two scrapes.
      const ratio = [1, 0.2][index] ?? 0;
      expect(page.errorRatio).toBeCloseTo(ratio, 2);
      expect(page.promised).toBeCloseTo((0.0144 * 3600) / (page.errorRatio ?? 0) + 120, 6);
    }
    expect(missed).toEqual([]);
  });

  it("combines objectives to journeys, in series and weighted", () => {
    const success = (service: string) => {
      const { total, errors, excluded } = row(service);
      return 1 - (errors - excluded.errors) / (total - excluded.total);
    };
    const [series, weighted, unknown] = report.journeys;
    expect(series?.success).toBeCloseTo(success("storefront") * success("payments"), 9);
    expect(weighted?.success).toBeCloseTo((3 * success("storefront") + success("payments")) / 4, 9);
    const share = (to - from) / (end - from);
    expect(series?.spent).toBeCloseTo((share * (1 - (series?.success ?? 0))) / 0.01, 9);
    expect(unknown).toMatchObject({ success: null, spent: null, isMet: null });
  });

  it("has the state that a policy goes by from the record of the objective's own period", async () => {
    const { policy, period } = row("storefront");
    const query = 'slo:error_budget_spent:ratio{service="storefront"}';
    const [answer] = (await prometheus.query(query, to)).answers;
    expect(period).toBe("30d");
    expect(policy.spent).toBe(answer?.value);
    expect(policy.state).toBe("within budget");
  });

  it("is of its published schema", () => {
    const isValid = new Ajv2020({ strict: false, validateFormats: false }).compile(sloReportJsonSchema());
    expect(isValid(JSON.parse(JSON.stringify(report))), JSON.stringify(isValid.errors)).toBe(true);
  });

  it("writes page and JSON by command, with the files beside the stacks", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bellwether-slo-report-"));
    try {
      writeFileSync(join(folder, "maintenance.yaml"), JSON.stringify({ maintenance }));
      writeFileSync(join(folder, "journeys.yaml"), "journeys: []\n");
      const { stack, errorBudget } = frozenStack("prod");
      writeFileSync(join(folder, "Pulumi.prod.yaml"), stack);
      const { code, out, error } = await runHere(
        [
          "slo-report",
          ...["--prometheus", prometheus.url, "--month", "2026-10"],
          ...["--stacks", folder, "--out", join(folder, "out")],
        ],
        { place: "repository" },
      );
      expect({ code, error }).toEqual({ code: 0, error: "" });
      expect(out).toContain("Service levels of prod in 2026-10");
      const read = (name: string) => readFileSync(join(folder, "out", name), "utf8");
      const json = JSON.parse(read("slo-report.json")) as SloReport;
      const counted = scenario.count("payments", from, to);
      expect(json.objectives.find(({ service }) => service === "payments")?.errors).toBeCloseTo(
        counted.errors,
        3,
      );
      expect(json.errorBudget).toEqual(errorBudget);
      expect(read("slo-report.html")).toBe(sloReportHtml(json));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("an hour without the page that was due", () => {
  const objective = {
    service: "storefront",
    slo: "availability",
    team: null,
    percent: 99.9,
    others: [],
    period: "30d",
    interval: 30,
    spentOfPeriod: null,
  } as const;
  const hour = (errors: number) => [{ from: 0, to: 3600, total: 10_000, errors }];
  const firing = { labels: {}, rule: undefined, from: 1800, to: 2400, isCutBefore: false, isOpen: false };

  it("is named from one and a half times the limit on, unless a page fired in it", () => {
    expect(missedPages(objective, hour(216), [])).toEqual([]);
    expect(missedPages(objective, hour(217), [])).toEqual(["1970-01-01T00:00:00.000Z"]);
    expect(missedPages(objective, hour(217), [firing])).toEqual([]);
  });
});

describe("a month", () => {
  it("is read in UTC, and one that has not ended ends now", () => {
    const now = Date.UTC(2026, 10, 30) / 1000;
    expect(monthOf("2026-02", now)).toEqual({
      name: "2026-02",
      from: Date.UTC(2026, 1, 1) / 1000,
      to: Date.UTC(2026, 2, 1) / 1000,
      end: Date.UTC(2026, 2, 1) / 1000,
      isOpen: false,
    });
    expect(monthOf("2026-11", now)).toMatchObject({ to: now, isOpen: true });
    expect(monthOf("2026-13", now)).toBeUndefined();
  });

  it("that has not begun is refused", async () => {
    const { code, error } = await runHere(
      ["slo-report", "--prometheus", "http://127.0.0.1:1", "--month", "2999-01"],
      { place: "repository" },
    );
    expect(code).toBe(2);
    expect(error).toMatch(/--month\n {4}found {4}"2999-01"\n {4}allowed {2}a month that has begun/);
  });
});

describe("files of maintenance and journeys", () => {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-slo-files-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const written = (text: string) => {
    const file = join(folder, "file.yaml");
    writeFileSync(file, text);
    return file;
  };

  it("may be missing", () => {
    expect(readMaintenance(join(folder, "none.yaml"))).toEqual([]);
    expect(readJourneys(join(folder, "none.yaml"))).toEqual([]);
  });

  it("are refused with every mistake and its line", () => {
    const text = [
      "maintenance:",
      "  - environments: [prod]",
      "    services: [storefront]",
      "    start: yesterday",
      "    end: 2026-11-14T03:30:00Z",
      "    owner: platform",
      "    reason: short",
      "    by: me",
    ].join("\n");
    expect(() => readMaintenance(written(text))).toThrow(
      /3 problems[\s\S]*start\n {4}found {4}"yesterday", in line 4[\s\S]*reason\n {4}found {4}"short", in line 7/,
    );
    expect(() => readMaintenance(written(text))).toThrow(/maintenance\[0\]\.by/);
  });

  it("are refused for an end before the start, and for weights in series", () => {
    const [first] = maintenance;
    const turned = { ...first, start: first?.end, end: first?.start };
    expect(() => readMaintenance(written(JSON.stringify({ maintenance: [turned] })))).toThrow(
      /maintenance\[0\]\.end\n {4}found {4}a moment that is not after start/,
    );
    const journey = {
      name: "checkout",
      owner: "shop",
      objective: "99.5",
      parts: "series",
      objectives: [{ service: "storefront", slo: "availability", weight: 2 }],
    };
    expect(() => readJourneys(written(JSON.stringify({ journeys: [journey] })))).toThrow(
      /journeys\[0\]\.objectives\[0\]\.weight/,
    );
  });
});
