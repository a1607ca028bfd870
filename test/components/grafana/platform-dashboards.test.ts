import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { CATALOGUE } from "../../../components/alerts/catalogue/index.ts";
import { alertsOf } from "../../../components/alerts/render.ts";
import { dashboardsIn, type GrafanaContentArgs, renderContent } from "../../../components/grafana/content.ts";
import type { DashboardJson, PanelJson } from "../../../components/grafana/json.ts";
import { asSent } from "../../../components/grafana/lint/check.ts";
import { DASHBOARDS, type DashboardKey, dashboardUid, panelId } from "../../../components/signals/panels.ts";
import {
  PLATFORM_SIGNALS,
  type PlatformSignal,
  THANOS_RULER_SIGNALS,
  THANOS_SIGNALS,
} from "../../../components/signals/platform.ts";
import { run } from "../../support/process.ts";
import { tool } from "../../support/tools.ts";
import { ALERTS, CLUSTER, CONTENT, EXISTING, IN_CLUSTER } from "./samples.ts";

/** The dashboards of an environment like the sample, but for some changes. */
function drawn(changes: Partial<GrafanaContentArgs> = {}): readonly DashboardJson[] {
  return dashboardsIn(renderContent({ ...CONTENT, settings: IN_CLUSTER, ...changes })).map(
    ({ json }) => json,
  );
}

const dashboards = drawn();
/** What a cluster shows whose samples are in Thanos, which evaluates the rules. */
const withThanos = drawn({ cluster: { ...CLUSTER, store: "thanos", evaluator: "thanos-ruler", shards: 2 } });
const uids = dashboards.map(({ uid }) => uid);

function dashboardAt(key: DashboardKey, among: readonly DashboardJson[] = dashboards): DashboardJson {
  const found = among.find(({ uid }) => uid === dashboardUid(key, CONTENT.environment));
  if (found === undefined) throw new Error(`no dashboard ${key}`);
  return found;
}

const OF_THANOS: readonly PlatformSignal[] = [
  ...Object.values(THANOS_SIGNALS),
  ...Object.values(THANOS_RULER_SIGNALS),
];

/** The dashboard of a signal, of a cluster that has the signal. */
function dashboardOf(signal: PlatformSignal): DashboardJson {
  return dashboardAt(signal.dashboard, OF_THANOS.includes(signal) ? withThanos : dashboards);
}

function panelsWithId(dashboard: DashboardJson, key: string): PanelJson[] {
  return dashboard.panels.filter(
    (panel): panel is PanelJson => panel.type !== "row" && panel.id === panelId(key),
  );
}

describe("the queries of the platform's dashboards", () => {
  it("are accepted by the promtool of the Prometheus that is deployed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dashboards-"));
    const rules = [...dashboards, ...withThanos].flatMap(({ uid, panels }) =>
      panels.flatMap((panel) =>
        panel.type === "row" ? [] : panel.targets.map(({ expr }) => ({ uid, panel, expr })),
      ),
    );
    const file = join(folder, "queries.yaml");
    await writeFile(
      file,
      stringify({
        groups: [
          {
            name: "queries",
            rules: rules.map(({ panel, expr }) => ({ record: `panel:id${panel.id}`, expr: asSent(expr) })),
          },
        ],
      }),
    );
    const { code, stdout, stderr } = await run(await tool("promtool"), [
      "check",
      "rules",
      "--lint=none",
      file,
    ]);
    await rm(folder, { recursive: true });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain(`${rules.length} rules found`);
  });
});

describe("the platform's dashboards", () => {
  it("have a uid each, and one for every address that alerts may link to", () => {
    const addressed = (Object.keys(DASHBOARDS) as DashboardKey[]).map((key) => dashboardUid(key, "prod"));
    expect([...uids].sort()).toEqual([...addressed, "bellwether-service-storefront-prod"].sort());
    expect(new Set(uids).size).toBe(uids.length);
  });

  it.each(dashboards.map((dashboard) => [dashboard.title, dashboard] as const))(
    "%s has no two panels with the same title in a row",
    (_, { panels }) => {
      let row = "";
      const titles = panels.map(({ type, title = "" }) => {
        if (type === "row") row = title;
        return `${row}: ${title}`;
      });
      expect(new Set(titles).size).toBe(titles.length);
    },
  );

  it.each(PLATFORM_SIGNALS.map((signal) => [signal.id, signal] as const))(
    "draw %s exactly once, as it is",
    (id, signal) => {
      const drawn = panelsWithId(dashboardOf(signal), id);
      expect(drawn).toHaveLength(1);
      expect(drawn[0]).toMatchObject({
        title: signal.title,
        description: signal.description,
        fieldConfig: { defaults: { unit: signal.unit } },
        targets: [{ legendFormat: signal.legend }],
      });
    },
  );

  it("ask what signals say, narrowed to what is chosen and otherwise word for word", () => {
    for (const signal of PLATFORM_SIGNALS) {
      const [panel] = panelsWithId(dashboardOf(signal), signal.id);
      const asked = panel?.targets[0]?.expr ?? "";
      expect(asked.replaceAll(/(, )?\w+=~"\$\w+"/g, "").replaceAll("{}", ""), signal.id).toBe(signal.expr);
      expect(asked.split('cluster=~"$cluster"').length, signal.id).toBeGreaterThan(1);
    }
  });

  it.each([
    ["remote-write", dashboards],
    ["thanos", withThanos],
  ] as const)(
    "hold the panel that each alert links to, and that links to the alert's runbook: %s",
    (store, among) => {
      const alerts = alertsOf({
        settings: ALERTS,
        owner: "platform",
        cluster: { ...CLUSTER, store, ...(store === "thanos" && { evaluator: "thanos-ruler", shards: 2 }) },
        scrapeInterval: "30s",
        namespace: "monitoring",
      });
      const linking = alerts.filter(({ panel }) => panel !== undefined);
      expect(linking.length).toBeGreaterThan(10);
      for (const { name, panel, runbookUrl } of linking) {
        if (panel === undefined) continue;
        const [found, ...more] = panelsWithId(dashboardAt(panel.dashboard, among), panel.panel);
        expect(more, name).toEqual([]);
        expect(
          found?.links?.map(({ url }) => url),
          name,
        ).toContain(runbookUrl);
      }
    },
  );

  it("draw each signal's limit as an alert of the catalogue compares it, on the side that the alert minds", () => {
    const withLimit = PLATFORM_SIGNALS.filter(({ threshold }) => threshold !== undefined);
    expect(withLimit.length).toBeGreaterThan(10);
    for (const signal of withLimit) {
      const watching = CATALOGUE.filter(
        (alert) => alert.signal?.id === signal.id && alert.threshold?.default === signal.threshold,
      );
      const below = watching.some(({ threshold }) => threshold?.comparison === "below");
      const [panel] = panelsWithId(dashboardOf(signal), signal.id);
      const steps = panel?.fieldConfig.defaults.thresholds?.steps ?? [];
      expect(
        steps.map(({ value }) => value),
        signal.id,
      ).toEqual([null, signal.threshold]);
      const isBadBelow = below || (watching.length === 0 && signal.bad === "below");
      expect(steps[0]?.color, signal.id).toBe(isBadBelow ? "red" : "green");
    }
  });

  it("show as states what has no other values, in words", () => {
    const states = dashboards
      .flatMap(({ panels }) => panels)
      .filter((panel): panel is PanelJson => panel.type === "state-timeline");
    expect(new Set(states.map(({ id }) => id))).toEqual(
      new Set(
        [
          "node-readiness",
          "node-pressure",
          "volume-phase",
          "aggregated-apis",
          "deployment-rollouts",
          "config-reload",
          "config-handover",
          "incidents",
        ].map(panelId),
      ),
    );
    for (const { fieldConfig } of states) expect(fieldConfig.defaults.mappings).toHaveLength(1);
  });

  it("move a limit with the environment, and nothing else", () => {
    const moved = CATALOGUE.find(
      ({ threshold, signal, fixed }) =>
        !fixed &&
        threshold?.unit === "share" &&
        signal !== undefined &&
        threshold.default === signal.threshold,
    );
    if (moved?.signal === undefined || moved.threshold === undefined) throw new Error("no alert to move");
    const threshold = (moved.threshold.default + moved.threshold.max) / 2;
    const after = drawn({ alerts: { ...ALERTS, overrides: { [moved.name]: { threshold } } } });
    const key = moved.signal.dashboard;
    const [panel] = panelsWithId(dashboardAt(key, after), moved.signal.id);
    expect(panel?.fieldConfig.defaults.thresholds?.steps[1]?.value).toBe(threshold);
    const others = (among: readonly DashboardJson[]) =>
      among.flatMap(({ panels }) => panels).filter(({ id }) => id !== panelId(moved.signal?.id ?? ""));
    expect(others(after)).toEqual(others(dashboards));
  });

  it("draw no limit and link no runbook of an alert that the environment switched off", () => {
    const off = CATALOGUE.find(
      ({ threshold, signal }) => threshold?.comparison === "below" && threshold.default === signal?.threshold,
    );
    if (off?.signal === undefined) throw new Error("no alert to switch off");
    const { id, dashboard } = off.signal;
    const sharing = CATALOGUE.filter(({ signal }) => signal?.id === id);
    const overrides = Object.fromEntries(sharing.map(({ name }) => [name, { enabled: false }]));
    const after = drawn({ alerts: { ...ALERTS, overrides } });
    const [panel] = panelsWithId(dashboardAt(dashboard, after), id);
    expect(panel?.fieldConfig.defaults.thresholds?.steps).toHaveLength(1);
    expect(panel?.links).toEqual([]);
  });

  it("show the catalogue's limits and no runbook where nobody said which alerts there are", () => {
    const { alerts: _, ...without } = CONTENT;
    const bare = dashboardsIn(renderContent({ ...without, settings: IN_CLUSTER })).map(({ json }) => json);
    const panels = bare.flatMap(({ panels }) => panels);
    const links = panels.flatMap((panel) => (panel.type === "row" ? [] : (panel.links ?? [])));
    expect(links.filter(({ title }) => title?.startsWith("Runbook"))).toEqual([]);
    expect(panels.map(({ gridPos }) => gridPos)).toEqual(
      dashboards.flatMap(({ panels }) => panels.map(({ gridPos }) => gridPos)),
    );
  });

  it("are the same to the byte twice, and for either kind of Grafana", () => {
    const one = JSON.stringify(drawn());
    expect(JSON.stringify(drawn())).toBe(one);
    expect(JSON.stringify(drawn({ settings: EXISTING }))).toBe(one);
  });
});
