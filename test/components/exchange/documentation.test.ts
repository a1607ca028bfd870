import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LOSSES } from "../../../components/exchange/losses.ts";
import { exportService } from "../../../components/exchange/model.ts";
import { defineService } from "../../../components/service/model.ts";
import { ALL_FILES, imported, prometheusRules, pyrraFiles } from "./files.ts";
import { lossTable } from "./loss-table.ts";

const PAGE = readFileSync(
  join(import.meta.dirname, "../../../docs/how-to/move-from-sloth-or-openslo.md"),
  "utf8",
);

describe("the how-to", () => {
  it("names everything that is ever lost, with why and what to do", () => {
    expect(PAGE).toContain(lossTable());
  });
});

/** A service that has all that no other format can hold. */
const SERVICE = defineService({
  name: "mixed",
  owner: "shop",
  tier: "critical",
  description: "Has a bit of everything",
  namespace: "shop",
  http: { port: "http", metrics: "otel" },
  objectives: {
    custom: {
      jobs: {
        percent: "99",
        period: "7d",
        minimumErrors: 2,
        unit: "jobs",
        page: false,
        errors: 'sum(rate(jobs_total{result="lost"}[{{.window}}]))',
        total: "sum(rate(jobs_total[{{.window}}]))",
        examples: { good: ['jobs_total{result="ok"}'], bad: ['jobs_total{result="lost"}'] },
      },
    },
  },
  alerts: {
    PoolEmpty: { expr: "pool_free < 1", for: "10m", severity: "warning", summary: "The pool is empty" },
  },
  dashboards: [{ file: "jobs.json", dashboard: { uid: "jobs", title: "Jobs", panels: [] } }],
  except: ["local"],
  environments: { dev: { objectives: { availability: "99" } } },
});

describe("every kind of loss", () => {
  it("happens in one of the files, or to one service that is exported", () => {
    const seen = new Set([
      ...[...ALL_FILES.map(({ text }) => text), ...pyrraFiles(), ...prometheusRules()].flatMap((text) =>
        imported(text).losses.map(({ kind }) => kind),
      ),
      ...exportService(SERVICE, "sloth").losses.map(({ kind }) => kind),
    ]);
    expect([...Object.keys(LOSSES)].filter((kind) => !seen.has(kind as keyof typeof LOSSES))).toEqual([]);
  });

  it("of an export is told by its path", () => {
    const paths = (format: "sloth" | "openslo", environment?: string) =>
      exportService(SERVICE, format, environment).losses.map(({ path, kind }) => `${path} ${kind}`);
    expect(paths("openslo", "dev")).toEqual([
      "mixed.http scraping",
      "mixed.objectives.custom.jobs.page paging",
      "mixed.objectives.custom.jobs.examples examples",
      "mixed.alerts.PoolEmpty own-alerts",
      "mixed.dashboards own-dashboards",
      "mixed.except environments",
    ]);
    const ownInDev = defineService({
      ...SERVICE,
      environments: { dev: { http: { port: "admin", metrics: "otel" } } },
    });
    expect(exportService(ownInDev, "openslo", "dev").losses.map(({ path }) => path)).toContain(
      "mixed.environments.dev.http",
    );
    expect(paths("sloth")).toEqual([
      "mixed.tier placement",
      "mixed.description service-description",
      "mixed.namespace placement",
      "mixed.http scraping",
      "mixed.objectives.custom.jobs.period period",
      "mixed.objectives.custom.jobs.minimumErrors error-floor",
      "mixed.objectives.custom.jobs.page paging",
      "mixed.objectives.custom.jobs.unit unit",
      "mixed.objectives.custom.jobs.examples examples",
      "mixed.alerts.PoolEmpty own-alerts",
      "mixed.dashboards own-dashboards",
      "mixed.except environments",
      "mixed.environments.dev environments",
      "mixed.objectives.availability.minimumErrors error-floor",
    ]);
  });
});
