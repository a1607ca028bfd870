import { describe, expect, it } from "vitest";
import { type Dashboard, dashboardJson } from "../../../components/grafana/dashboard.ts";
import type { DashboardJson, PanelJson } from "../../../components/grafana/json.ts";
import { panelId } from "../../../components/signals/panels.ts";
import { CHECKS } from "./dashboard-checks.ts";
import { panel } from "./samples.ts";

const SOURCE = { uid: "some-prometheus", name: "Prometheus (test)" };

function dashboard(changes: Partial<Dashboard> = {}): Dashboard {
  return {
    uid: "a-dashboard",
    title: "A dashboard",
    description: "For tests.",
    tags: ["test"],
    sections: [
      { title: "First", lines: [{ height: 8, things: [panel("one"), panel("two")] }] },
      { title: "Second", lines: [{ height: 4, things: [panel("three")] }] },
    ],
    variables: [],
    links: [{ title: "Elsewhere", url: "/d/other" }],
    ...changes,
  };
}

const render = (changes: Partial<Dashboard> = {}) => dashboardJson(dashboard(changes), SOURCE);

function panelNamed(json: DashboardJson, key: string): PanelJson {
  const found = json.panels.find(({ id }) => id === panelId(key));
  if (found === undefined || found.type === "row") throw new Error(`no panel ${key}`);
  return found;
}

describe("a dashboard", () => {
  it("stands under its headings, each panel at its place", () => {
    expect(render().panels.map(({ title, gridPos }) => [title, gridPos])).toEqual([
      ["First", { x: 0, y: 0, w: 24, h: 1 }],
      ["Panel one", { x: 0, y: 1, w: 12, h: 8 }],
      ["Panel two", { x: 12, y: 1, w: 12, h: 8 }],
      ["Second", { x: 0, y: 9, w: 24, h: 1 }],
      ["Panel three", { x: 0, y: 10, w: 24, h: 4 }],
    ]);
  });

  it("keeps the id of every panel and heading when they are reordered", () => {
    const before = render();
    const after = render({ sections: dashboard().sections.toReversed() });
    const ids = ({ panels }: DashboardJson) => new Map(panels.map(({ title, id }) => [title, id]));
    expect(new Set(ids(after))).toEqual(new Set(ids(before)));
    expect(after.panels.map(({ title }) => title)).not.toEqual(before.panels.map(({ title }) => title));
  });

  it("is the same to the byte each time", () => {
    expect(JSON.stringify(render())).toBe(JSON.stringify(render()));
  });

  it("refuses two panels with one key, and names both", () => {
    const sections = [
      { title: "S", lines: [{ height: 8, things: [panel("one"), panel("one", { title: "Again" })] }] },
    ];
    expect(() => render({ sections })).toThrow(/"Panel one" and "Again"/);
  });

  it.each(["", "x".repeat(41), "with space"])("refuses %j as a uid", (uid) => {
    expect(() => render({ uid })).toThrow(/is no uid/);
  });

  it("numbers queries with letters and sends each to the chosen data source", () => {
    const queries = [
      { expr: "a", legend: "a" },
      { expr: "b", legend: "b" },
    ] as const;
    const json = render({
      sections: [{ title: "S", lines: [{ height: 8, things: [panel("one", { queries: [...queries] })] }] }],
    });
    const { targets } = panelNamed(json, "one");
    expect(targets.map(({ refId, expr }) => [refId, expr])).toEqual([
      ["A", "a"],
      ["B", "b"],
    ]);
    expect(new Set(targets.map(({ datasource }) => datasource?.uid))).toEqual(new Set([`\${datasource}`]));
  });

  it("asks the environment's own Prometheus unless its reader chooses another", () => {
    expect(render().templating.list?.[0]).toMatchObject({
      name: "datasource",
      type: "datasource",
      query: "prometheus",
      current: { text: SOURCE.name, value: SOURCE.uid },
    });
  });

  it("fills a variable from the label of a metric, and takes several values", () => {
    const json = render({
      variables: [{ name: "node", label: "Node", description: "Which nodes.", metric: "kube_node_info" }],
    });
    expect(json.templating.list?.[1]).toMatchObject({
      name: "node",
      definition: "label_values(kube_node_info, node)",
      multi: true,
      includeAll: true,
    });
  });

  it("takes time and variables along to another dashboard, and opens a runbook in a tab of its own", () => {
    const links = [{ title: "Runbook X", url: "https://runbooks.example.com/X.md" }];
    const json = render({
      sections: [{ title: "S", lines: [{ height: 8, things: [panel("one", { links })] }] }],
    });
    expect(json.links?.[0]).toMatchObject({
      url: "/d/other",
      keepTime: true,
      includeVars: true,
      targetBlank: false,
    });
    expect(panelNamed(json, "one").links?.[0]).toMatchObject({
      url: "https://runbooks.example.com/X.md",
      keepTime: false,
      targetBlank: true,
    });
  });

  it("draws a limit as a dashed line with the bad side in red", () => {
    const drawn = (bad: "above" | "below") =>
      panelNamed(
        render({
          sections: [
            {
              title: "S",
              lines: [
                {
                  height: 8,
                  things: [panel("one", { view: { kind: "lines", limit: { value: 0.9, bad } } })],
                },
              ],
            },
          ],
        }),
        "one",
      ).fieldConfig.defaults;
    expect(drawn("above").thresholds?.steps).toEqual([
      { value: null, color: "green" },
      { value: 0.9, color: "red" },
    ]);
    expect(drawn("below").thresholds?.steps).toEqual([
      { value: null, color: "red" },
      { value: 0.9, color: "green" },
    ]);
    expect(drawn("above").custom).toMatchObject({ thresholdsStyle: { mode: "dashed" } });
  });
});

describe("the checks of dashboards", () => {
  const uids = ["a-dashboard", "other"];
  const good = render();
  const withPanel = (changes: Parameters<typeof panel>[1]) =>
    render({ sections: [{ title: "S", lines: [{ height: 8, things: [panel("one", changes)] }] }] });
  const query = (expr: string, legend = "x") => withPanel({ queries: [{ expr, legend }] });
  /** The good dashboard with one value, at a dotted path, replaced. */
  const edited = (path: string, value: unknown) => {
    const json = JSON.parse(JSON.stringify(good));
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    steps.reduce((at, step) => at[step], json)[last] = value;
    return json as DashboardJson;
  };

  it.each(Object.entries(CHECKS))("find nothing in a good dashboard: %s", (_, check) => {
    expect(check({ dashboard: good, uids })).toEqual([]);
  });

  const BROKEN: Readonly<Record<keyof typeof CHECKS, DashboardJson[]>> = {
    "the uid is one that Grafana takes": [edited("uid", "x".repeat(41))],
    "panel ids are unique": [edited("panels.2.id", panelId("one"))],
    "refIds are unique within a panel": [edited("panels.1.targets.1", panelNamed(good, "one").targets[0])],
    "rectangles stay on the grid and do not overlap": [
      edited("panels.1.gridPos.w", 13),
      edited("panels.2.gridPos.w", 13),
      edited("panels.4.gridPos.y", 2),
    ],
    "every panel has a title, a description and a unit": [
      withPanel({ title: "" }),
      withPanel({ description: "no sentence" }),
      withPanel({ unit: "" }),
    ],
    "every panel asks something": [edited("panels.1.targets", [])],
    "every query is PromQL": [query('sum(rate(x_total{job="a"}[$__rate_interval])'), query("")],
    "legends name labels that the query keeps": [
      query('sum by (pod) (x{job="a"})', "{{node}}"),
      query('sum(x{job="a"})', ""),
    ],
    "rates are of counters, over the drawn range, and aggregated": [
      query('sum(rate(memory_bytes{job="a"}[$__rate_interval]))'),
      query('sum(rate(x_total{job="a"}[5m]))'),
      query('rate(x_total{job="a"}[$__rate_interval])'),
    ],
    "every selector names its job": [query("sum(x)")],
    "every panel, query and annotation asks the chosen data source": [
      edited("panels.1.datasource.uid", "prometheus"),
      edited("panels.1.targets.0.datasource.uid", "prometheus"),
      edited("annotations.list.0.datasource.uid", "-- Grafana --"),
    ],
    "every variable is declared and used": [
      query('sum(x{job="a", node=~"$node"})'),
      render({ variables: [{ name: "node", label: "Node", description: "Which.", metric: "x" }] }),
    ],
    "links within Grafana lead to dashboards that exist": [
      render({ links: [{ title: "L", url: "/d/nowhere" }] }),
    ],
    "nobody edits it by hand, it refreshes each minute and shows the reader's own time": [
      edited("editable", true),
      edited("refresh", "5s"),
      edited("timezone", "utc"),
    ],
  };

  it.each(Object.entries(CHECKS))("catch what they are for: %s", (name, check) => {
    const broken = BROKEN[name] ?? [];
    expect(broken.length).toBeGreaterThan(0);
    for (const json of broken) expect(check({ dashboard: json, uids })).not.toEqual([]);
  });
});
