import { describe, expect, it } from "vitest";
import { dashboardJson } from "../../../components/grafana/dashboard.ts";
import { panelsOf } from "../../../components/grafana/lint/check.ts";
import { DASHBOARD_CHECKS, lintDashboards } from "../../../components/grafana/lint/lint.ts";
import { readDashboard } from "../../../components/grafana/lint/read.ts";
import { Recorded } from "../../../components/lint/recorded.ts";
import { CONTEXT, dashboard } from "./samples.ts";

const rendered = dashboardJson(dashboard({ links: [] }), CONTEXT);

/** A dashboard with as little as Grafana accepts, and panels as older versions wrote them. */
const FOREIGN = {
  title: "Orders",
  uid: "orders",
  panels: [
    { type: "text", title: "Notes", gridPos: { x: 0, y: 0, w: 24, h: 2 } },
    {
      type: "timeseries",
      title: "Orders",
      datasource: "$datasource",
      gridPos: { x: 0, y: 2, w: 24, h: 8 },
      targets: [{ expr: 'sum(orders_total{job="orders"})', refId: "A" }],
    },
    {
      type: "timeseries",
      title: "Queue",
      gridPos: { x: 0, y: 10, w: 24, h: 8 },
      targets: [{ dimensions: {}, refId: "A" }],
    },
    {
      type: "row",
      title: "Details",
      collapsed: true,
      gridPos: { x: 0, y: 18, w: 24, h: 1 },
      panels: [
        {
          type: "stat",
          title: "Failed",
          gridPos: { x: 0, y: 2, w: 24, h: 8 },
          targets: [{ expr: "sum(", refId: "A" }],
        },
      ],
    },
  ],
};

function checksOf(value: unknown): readonly (readonly [check: string, panel: string | undefined])[] {
  const read = readDashboard(value);
  if (read === undefined) throw new Error("no dashboard");
  const surroundings = {
    jobs: [],
    scrapeInterval: 30,
    evaluationInterval: 30,
    retention: Number.POSITIVE_INFINITY,
    externalLabels: [],
    routingLabels: [],
    ownerLabel: "team",
    complete: false,
  };
  const world = { groups: [], recorded: new Recorded([]), surroundings, dashboards: [read], alerts: [] };
  const { findings } = lintDashboards(world, { exclusions: [], today: "2026-11-23" });
  return findings.map(({ check, panel }) => [check, panel]);
}

describe("a dashboard from a file", () => {
  it("is read as it was rendered", () => {
    const read = readDashboard(JSON.parse(JSON.stringify(rendered)));
    expect(read?.panels.map(({ title }) => title)).toEqual(rendered.panels.map(({ title }) => title));
    expect(read && checksOf(read)).toEqual(checksOf(rendered));
  });

  it("is found in what Grafana's API answers", () => {
    expect(readDashboard({ meta: {}, dashboard: FOREIGN })?.uid).toBe("orders");
    const { uid, ...spec } = FOREIGN;
    const apiVersion = "dashboard.grafana.app/v1beta1";
    expect(readDashboard({ apiVersion, kind: "Dashboard", metadata: { name: uid }, spec })).toEqual(
      readDashboard(FOREIGN),
    );
  });

  it("needs no field that Grafana does not need, whatever each check reads", () => {
    const found = checksOf(FOREIGN);
    expect(found).toContainEqual(["target-counter-agg", "Orders"]);
    expect(found).toContainEqual(["panel-units", "Orders"]);
    const known = new Set(DASHBOARD_CHECKS.map(({ id }) => id));
    expect(found.filter(([check]) => !known.has(check))).toEqual([]);
  });

  it("has the panels of collapsed rows checked, but for their place", () => {
    const found = checksOf(FOREIGN);
    expect(found).toContainEqual(["target-promql", "Failed"]);
    expect(found.filter(([check]) => check === "grid")).toEqual([]);
  });

  it("has nothing asked of texts and of panels that query no metrics", () => {
    expect(checksOf(FOREIGN).filter(([, panel]) => panel === "Notes" || panel === "Queue")).toEqual([]);
    const read = readDashboard(FOREIGN);
    expect(read && panelsOf(read).map(({ title }) => title)).toEqual(["Orders", "Failed"]);
  });

  it("may name its data source as older versions did", () => {
    const read = readDashboard(FOREIGN);
    expect(read && panelsOf(read)[0]?.datasource).toEqual({ uid: `\${datasource}` });
  });

  it.each([
    ["a list", []],
    ["no title", { panels: [] }],
    ["no panels", { title: "Orders", uid: "orders" }],
    [
      "the schema v2",
      {
        apiVersion: "dashboard.grafana.app/v2beta1",
        kind: "Dashboard",
        spec: { title: "Orders", elements: {} },
      },
    ],
  ])("is none with %s", (_, value) => {
    expect(readDashboard(value)).toBeUndefined();
  });
});
