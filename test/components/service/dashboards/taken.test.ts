import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dashboardsIn, renderContent } from "../../../../components/grafana/content.ts";
import { ownDashboardsOf } from "../../../../components/grafana/dashboards/own-dashboards.ts";
import { renderInCluster } from "../../../../components/grafana/render.ts";
import { defineService, takenDashboard } from "../../../../components/service/model.ts";
import { CONTENT, IN_CLUSTER, IN_CLUSTER_ARGS } from "../../grafana/samples.ts";
import { strictProblems } from "../../kubernetes/strict.ts";
import { DEFINITION } from "../samples.ts";

type Board = Readonly<Record<string, unknown>>;

const EXPORTED = JSON.parse(readFileSync(join(import.meta.dirname, "orders.json"), "utf8")) as Board;
const TO_PLATFORM = { type: "prometheus", uid: `\${datasource}` };

function panel(datasource: unknown, ...targets: readonly object[]): Board {
  return { uid: "orders", title: "Orders", panels: [{ id: 1, type: "timeseries", datasource, targets }] };
}

interface Drawn {
  readonly datasource: unknown;
  readonly targets: readonly { readonly datasource: unknown }[];
}

/** The data sources of the first panel and of its queries, as they are created. */
function sources(board: Board): readonly unknown[] {
  const panels = (takenDashboard(board)?.json["panels"] ?? []) as readonly Drawn[];
  return panels.flatMap((drawn) => [drawn.datasource, ...drawn.targets.map(({ datasource }) => datasource)]);
}

const PROM = { type: "prometheus", uid: "PBFA97CFB590B2093" };
const LOKI = { type: "loki", uid: "P8E80F9AEF21F6940" };
const MIXED = { type: "datasource", uid: "-- Mixed --" };

describe("the data source of a panel that is taken", () => {
  it.each<[string, Board, readonly unknown[]]>([
    ["a Prometheus elsewhere", panel(PROM, { expr: "up", datasource: PROM }), [TO_PLATFORM, TO_PLATFORM]],
    ["that of its panel", panel(PROM, { expr: "up" }), [TO_PLATFORM, TO_PLATFORM]],
    ["the default", panel(null, { expr: "up" }), [TO_PLATFORM, TO_PLATFORM]],
    ["a name, as until version 8", panel("Thanos", { expr: "up" }), [TO_PLATFORM, TO_PLATFORM]],
    ["logs", panel(LOKI, { expr: '{app="x"}' }), [LOKI, LOKI]],
    ["a name with logs", panel("Loki", { expr: '{app="x"} |= "error"' }), ["Loki", "Loki"]],
    [
      "several",
      panel(MIXED, { expr: "up", datasource: PROM }, { expr: '{app="x"}', datasource: LOKI }),
      [MIXED, TO_PLATFORM, LOKI],
    ],
    [
      "an input that the file no longer declares",
      panel({ type: "prometheus", uid: `\${DS_THANOS}` }, { expr: "up" }),
      [TO_PLATFORM, TO_PLATFORM],
    ],
  ])("is the platform's for a query of Prometheus: %s", (_, board, expected) => {
    expect(sources(board)).toEqual(expected);
  });

  it("stays a variable of the dashboard that chooses a Prometheus", () => {
    const variable = { type: "datasource", name: "source", query: "prometheus" };
    const own = { type: "prometheus", uid: `\${source}` };
    const board = { ...panel(own, { expr: "up", datasource: PROM }), templating: { list: [variable] } };
    expect(sources(board)).toEqual([own, own]);
    expect(takenDashboard(board)?.json["templating"]).toEqual({ list: [variable] });
  });
});

describe("what is taken", () => {
  it.each<[string, Board]>([
    ["the answer of the API", { meta: { slug: "orders" }, dashboard: EXPORTED }],
    [
      "a resource of the API of version 12, whose name is the uid",
      {
        apiVersion: "dashboard.grafana.app/v1beta1",
        kind: "Dashboard",
        metadata: { name: "Shop_orders" },
        spec: Object.fromEntries(Object.entries(EXPORTED).filter(([key]) => key !== "uid")),
      },
    ],
  ])("is the same dashboard in %s", (_, wrapped) => {
    expect(takenDashboard(wrapped)?.json).toEqual(takenDashboard(EXPORTED)?.json);
  });
});

const service = defineService({ ...DEFINITION, dashboards: ["./orders.json"] });
const content = renderContent({ ...CONTENT, settings: IN_CLUSTER, services: [service] });
const board = dashboardsIn(content).find(({ name }) => name === "own-Shop_orders")?.json;

describe("a dashboard in a file of the definition", () => {
  it("is in the folder of the team, after that of the service, which links to it", () => {
    const [, team] = content.folders;
    expect(team?.owner).toBe("team-shop");
    expect(team?.dashboards.map(({ name }) => name)).toEqual(["service-storefront", "own-Shop_orders"]);
    expect(team?.dashboards[0]?.json.links).toContainEqual(
      expect.objectContaining({ title: "Orders", url: `/d/Shop_orders-${CONTENT.environment}` }),
    );
  });

  it("keeps its title and panels, and loses what belongs to the Grafana that it is from", () => {
    expect(board).toMatchObject({ title: "Orders", schemaVersion: 42, editable: false });
    for (const field of ["id", "version", "__inputs", "__elements", "__requires"])
      expect(board).not.toHaveProperty(field);
    expect(JSON.stringify(board)).not.toMatch(/DS_|VAR_/);
  });

  it("has the panel of the library at its place", () => {
    expect(board?.panels[1]).toMatchObject({
      id: 2,
      title: "Orders that wait",
      gridPos: { x: 12, y: 0, w: 12, h: 8 },
      datasource: TO_PLATFORM,
      targets: [{ datasource: TO_PLATFORM }],
    });
    expect(board?.panels[1]).not.toHaveProperty("libraryPanel");
  });

  it("gets a variable for the data source, which begins with the environment's Prometheus", () => {
    const { uid, name, type } = content.sources.prometheus;
    expect(board?.templating.list?.map((variable) => [variable.type, variable.name])).toEqual([
      ["datasource", "datasource"],
      ["query", "queue"],
      ["constant", "shop"],
    ]);
    expect(board?.templating.list?.[0]).toMatchObject({ query: type, current: { text: name, value: uid } });
    expect(board?.templating.list?.[2]).toMatchObject({ query: "books" });
  });

  it("asks the platform for its annotations, and Grafana for Grafana's own", () => {
    expect(board?.annotations.list.map(({ datasource }) => datasource)).toEqual([
      { type: "grafana", uid: "-- Grafana --" },
      TO_PLATFORM,
    ]);
  });

  it("is a ConfigMap that the Kubernetes schema accepts, for a Grafana in the cluster", () => {
    const map = renderInCluster({ ...IN_CLUSTER_ARGS, services: [service] }).dashboards["own-Shop_orders"];
    expect(map?.metadata).toMatchObject({
      name: `grafana-dashboard-shop-orders-${CONTENT.environment}`,
      annotations: { grafana_folder: expect.stringMatching(/^Team shop/) },
    });
    expect(strictProblems(map)).toEqual([]);
  });
});

describe("environments that share an organisation of Grafana", () => {
  const uidsIn = (environment: string) => {
    const { folders, sources: all } = renderContent({
      ...CONTENT,
      environment,
      settings: IN_CLUSTER,
      services: [service],
    });
    return [
      ...folders.flatMap(({ uid, dashboards }) => [uid, ...dashboards.map(({ json }) => json.uid)]),
      ...Object.values(all).flatMap((source) => (source === undefined ? [] : [source.uid])),
    ];
  };

  it("have no uid of a dashboard, a folder or a data source in common", () => {
    const [prod, staging] = [uidsIn("prod"), uidsIn("staging")];
    expect(prod).toContain("Shop_orders-prod");
    expect(prod.length).toBeGreaterThan(10);
    expect(prod.filter((uid) => staging.includes(uid))).toEqual([]);
  });

  it("have links between dashboards of a service that stay in the environment", () => {
    const linking = (uid: string, to: string): Board => ({
      uid,
      title: uid,
      links: [{ type: "link", url: `https://grafana.example.com/d/${to}/name?var-shop=books` }],
      panels: [{ id: 1, type: "text", options: { content: `[all](/d/${to}) [other](/d/orders-of-others)` } }],
    });
    const both = defineService({
      ...DEFINITION,
      dashboards: [
        { file: "orders.json", dashboard: linking("orders", "queue") },
        { file: "queue.json", dashboard: linking("queue", "orders") },
      ],
    });
    const [orders] = ownDashboardsOf(both, "prod");
    const text = JSON.stringify(orders?.json);
    expect(orders?.uid).toBe("orders-prod");
    expect(text).toContain("https://grafana.example.com/d/queue-prod/name?var-shop=books");
    expect(text).toContain("[all](/d/queue-prod) [other](/d/orders-of-others)");
  });

  it("shorten a uid that would be too long, each to its own", () => {
    const uid = "a".repeat(40);
    const long = defineService({
      ...DEFINITION,
      dashboards: [{ file: "a.json", dashboard: { uid, title: "A", panels: [] } }],
    });
    const uids = ["prod", "staging"].map((each) => ownDashboardsOf(long, each)[0]?.uid ?? "");
    expect(uids.every((each) => each.length === 40)).toBe(true);
    expect(new Set([uid, ...uids]).size).toBe(3);
  });
});
