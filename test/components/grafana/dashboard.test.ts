import { describe, expect, it } from "vitest";
import { type Dashboard, dashboardJson } from "../../../components/grafana/dashboard.ts";
import type { DashboardJson, PanelJson } from "../../../components/grafana/json.ts";
import { panelId } from "../../../components/signals/panels.ts";
import { CONTEXT, dashboard, panel } from "./samples.ts";

const render = (changes: Partial<Dashboard> = {}) => dashboardJson(dashboard(changes), CONTEXT);

const NODE = { name: "node", label: "Node", description: "Which nodes.", metric: "kube_node_info" };

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

  it("changes by one panel where one panel changes, its query, its title or its limit", () => {
    const before = render();
    const changes: Parameters<typeof panel>[1][] = [
      { title: "Another title" },
      { queries: [{ expr: 'sum by (job) (up{job="b"})', legend: "{{job}}" }] },
      { view: { kind: "lines", limit: { value: 3, bad: "above" } } },
    ];
    for (const change of changes) {
      const [first, ...rest] = dashboard().sections;
      const sections = [
        { title: first?.title ?? "", lines: [{ height: 8, things: [panel("one", change), panel("two")] }] },
        ...rest,
      ];
      const after = render({ sections });
      const { panels: old, ...restBefore } = before;
      const { panels: fresh, ...restAfter } = after;
      expect(restAfter).toEqual(restBefore);
      const different = fresh.filter((one, index) => JSON.stringify(one) !== JSON.stringify(old[index]));
      expect(different.map(({ id }) => id)).toEqual([panelId("one")]);
    }
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

  it("has a uid that carries the environment, whose end is a hash where it would be too long", () => {
    expect(render().uid).toBe("bellwether-nodes-test");
    const long = render({ ref: { service: "a-service-with-a-very-long-name" } }).uid;
    expect(long).toMatch(/^bellwether-service-a-service-wi-[0-9a-f]{8}$/);
    expect(long).toHaveLength(40);
    expect(render({ ref: { service: "a-service-with-a-very-long-name-2" } }).uid).not.toBe(long);
  });

  it("refuses a uid that Grafana would refuse", () => {
    expect(() => render({ ref: { service: "with space" } })).toThrow(/is not a valid uid/);
  });

  it("narrows its queries to the clusters that are chosen, and to what else a query keeps", () => {
    const queries = [
      { expr: 'sum by (node) (x{job="a"}) / on () group_left () sum(y)', legend: "a" },
    ] as const;
    const json = render({
      variables: [NODE],
      sections: [{ title: "S", lines: [{ height: 8, things: [panel("one", { queries })] }] }],
    });
    expect(panelNamed(json, "one").targets[0]?.expr).toBe(
      'sum by (node) (x{job="a", cluster=~"$cluster", node=~"$node"}) / on () group_left () sum(y{cluster=~"$cluster"})',
    );
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
      ["A", 'a{cluster=~"$cluster"}'],
      ["B", 'b{cluster=~"$cluster"}'],
    ]);
    expect(new Set(targets.map(({ datasource }) => datasource?.uid))).toEqual(new Set([`\${datasource}`]));
  });

  it("asks the environment's own Prometheus unless its reader chooses another", () => {
    expect(render().templating.list?.[0]).toMatchObject({
      name: "datasource",
      type: "datasource",
      query: "prometheus",
      current: { text: CONTEXT.dataSource.name, value: CONTEXT.dataSource.uid },
    });
  });

  it("fills a variable from the label of a metric, narrowed by the variables before it, and takes several values", () => {
    const json = render({ variables: [NODE] });
    expect(json.templating.list?.slice(1)).toMatchObject([
      { name: "cluster", definition: "label_values(up, cluster)", multi: true, includeAll: true },
      {
        name: "node",
        definition: 'label_values(kube_node_info{cluster=~"$cluster"}, node)',
        multi: true,
        includeAll: true,
        allValue: ".*",
      },
    ]);
  });

  it("lets exactly one be chosen where a dashboard is about one", () => {
    const json = render({ variables: [{ ...NODE, single: true }] });
    expect(json.templating.list?.[2]).toMatchObject({ name: "node", multi: false, includeAll: false });
  });

  it("takes time and variables along to another dashboard, and opens a runbook in a tab of its own", () => {
    const links = [{ title: "Runbook X", url: "https://runbooks.example.com/X.md" }];
    const json = render({
      sections: [{ title: "S", lines: [{ height: 8, things: [panel("one", { links })] }] }],
    });
    expect(json.links?.[0]).toMatchObject({
      url: "/d/bellwether-cluster-test",
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
