import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../../components/core/problems.ts";
import { type Dashboard, dashboardJson } from "../../../components/grafana/dashboard.ts";
import type { DashboardJson } from "../../../components/grafana/json.ts";
import type { DashboardWorld, LinkedAlert } from "../../../components/grafana/lint/check.ts";
import { checkedExclusions, type Exclusion } from "../../../components/grafana/lint/exclusions.ts";
import { DASHBOARD_CHECKS, lintDashboards } from "../../../components/grafana/lint/lint.ts";
import { Recorded } from "../../../components/lint/recorded.ts";
import { panelId } from "../../../components/signals/panels.ts";
import { CONTEXT, dashboard, panel } from "./samples.ts";

const render = (changes: Partial<Dashboard> = {}) => dashboardJson(dashboard(changes), CONTEXT);
const other = render({ ref: "cluster", links: [] });

/** Where the job `a` is scraped, and nothing else. */
function worldOf(json: DashboardJson, alerts: readonly LinkedAlert[] = []): DashboardWorld {
  return {
    groups: [],
    recorded: new Recorded([]),
    surroundings: {
      jobs: [{ name: "a", interval: 30, dropped: [/^dropped_.+/] }],
      scrapeInterval: 30,
      evaluationInterval: 30,
      retention: 86_400,
      externalLabels: [],
      routingLabels: [],
      ownerLabel: "team",
      complete: true,
    },
    dashboards: [json, other],
    alerts,
  };
}

const good = render();
const withPanel = (changes: Parameters<typeof panel>[1]) =>
  render({ sections: [{ title: "S", lines: [{ height: 8, things: [panel("one", changes)] }] }] });
const query = (expr: string, legend = "x") => withPanel({ queries: [{ expr, legend }] });

/** The good dashboard with one value, at a dotted path, replaced. */
function edited(path: string, value: unknown): DashboardJson {
  const json = JSON.parse(JSON.stringify(good));
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  steps.reduce((at, step) => at[step], json)[last] = value;
  return json as DashboardJson;
}

/** The good dashboard with its first query asking Loki. */
function logs(expr: string): DashboardJson {
  const json = edited("panels.1.targets.0.expr", expr);
  return JSON.parse(JSON.stringify(json).replaceAll('"type":"prometheus"', '"type":"loki"'));
}

const withJob = JSON.parse(
  JSON.stringify(good).replaceAll('"name":"cluster"', '"name":"job"').replaceAll("$cluster", "$job"),
) as DashboardJson;

const alert = (expr: string, dashboardUrl: string): LinkedAlert => ({ name: "Broken", expr, dashboardUrl });
const ROOT = "https://grafana.example.com/d";

/** What each check is there to catch. */
const BROKEN: Readonly<
  Record<string, readonly (DashboardJson | { readonly json: DashboardJson; readonly alert: LinkedAlert })[]>
> = {
  "template-datasource": [
    edited("templating.list.0.name", "prometheus"),
    edited("templating.list.0.label", "Prometheus"),
    edited("templating.list", []),
  ],
  "template-job": [good, edited("templating.list.1", { ...withJob.templating.list?.[1], multi: false })],
  "template-instance": [good],
  "template-label-promql": [
    edited("templating.list.1.definition", "label_values(up{, cluster)"),
    edited("templating.list.1.definition", "label_values(cluster)"),
  ],
  "template-on-time-change-reload": [edited("templating.list.1.refresh", 1)],
  "panel-datasource": [
    edited("panels.1.datasource.uid", "prometheus"),
    edited("panels.1.targets.0.datasource.uid", "prometheus"),
    edited("annotations.list.0.datasource.uid", "-- Grafana --"),
  ],
  "panel-title-description": [withPanel({ title: "" }), withPanel({ description: "no sentence" })],
  "panel-units": [withPanel({ unit: "" })],
  "panel-no-targets": [edited("panels.1.targets", []), edited("panels.1.targets.0.expr", " ")],
  "target-logql": [logs("sum(rate([$__auto]))")],
  "target-logql-auto": [logs('sum(rate({app="a"}[5m]))')],
  "target-promql": [
    edited("panels.1.targets.0.expr", 'sum(rate(x_total{job="a"}[$__rate_interval])'),
    edited("panels.1.targets.0.expr", "sum(x{job=})"),
  ],
  "target-rate-interval": [query('sum(rate(x_total{job="a"}[5m]))')],
  "target-job": [query("sum(x)"), query('sum(x{instance="a"})')],
  "target-instance": [query('sum(x{job="a"})')],
  "target-counter-agg": [query('sum(x_total{job="a"})'), query('max_over_time(x_total{job="a"}[5m])')],
  "uneditable-dashboard": [edited("editable", true)],
  uid: [edited("uid", "x".repeat(41)), edited("uid", "with space"), edited("uid", other.uid)],
  "panel-ids": [edited("panels.2.id", panelId("one"))],
  "ref-ids": [
    edited("panels.1.targets", [
      { refId: "A", expr: "up" },
      { refId: "A", expr: "up" },
    ]),
  ],
  grid: [
    edited("panels.1.gridPos.w", 13),
    edited("panels.2.gridPos.w", 13),
    edited("panels.4.gridPos.y", 2),
    edited("panels.1.gridPos", undefined),
  ],
  variables: [
    query('sum(x{job="a", node=~"$node"})'),
    render({ variables: [{ name: "node", label: "Node", description: "Which.", metric: "x" }] }),
    edited("templating.list.1.query", {
      query: 'label_values(up{cluster="$cluster"}, cluster)',
      refId: "cluster",
    }),
    edited("templating.list.2", good.templating.list?.[1]),
  ],
  legends: [query('sum by (pod) (x{job="a"})', "{{node}}"), query('sum(x{job="a"})', "")],
  "rates-of-counters": [
    query('sum(rate(memory_bytes{job="a"}[$__rate_interval]))'),
    query(
      'histogram_quantile(0.9, sum(rate(x_seconds{job="a"}[$__rate_interval]))) + sum(rate(x_seconds{job="a"}[$__rate_interval]))',
    ),
  ],
  aggregated: [query('rate(x_total{job="a"}[$__rate_interval])')],
  "metric-source": [
    query('sum(x{job="nobodys"})'),
    query("sum(slo:unrecorded:ratio)"),
    query('sum(dropped_x{job="a"})'),
  ],
  links: [edited("links.0.url", "/d/nowhere"), edited("links.0.url", `/d/${other.uid}?viewPanel=17`)],
  "alert-links": [
    { json: good, alert: alert("up == 0", `${ROOT}/nowhere?viewPanel=1`) },
    { json: good, alert: alert("up == 0", `${ROOT}/${good.uid}?viewPanel=1`) },
    { json: good, alert: alert("up == 0", `${ROOT}/${good.uid}?tab=1`) },
    { json: good, alert: alert("down == 1", `${ROOT}/${good.uid}?viewPanel=${panelId("one")}`) },
  ],
  refresh: [edited("refresh", "5s"), edited("timezone", "utc")],
};

/** The checks that no dashboard of the platform is meant to pass; the exclusions say why. */
const EXCUSED = ["template-job", "template-instance", "target-instance"];

describe.each(DASHBOARD_CHECKS.map((check) => [check.id, check] as const))("the check %s", (id, check) => {
  it("finds nothing in a good dashboard", () => {
    const alerts = [alert("up == 0", `${ROOT}/${good.uid}?viewPanel=${panelId("one")}`)];
    if (!EXCUSED.includes(id)) expect(check.judge(good, worldOf(good, alerts))).toEqual([]);
  });

  it("catches what it is for", () => {
    const broken = BROKEN[id] ?? [];
    expect(broken.length).toBeGreaterThan(0);
    for (const one of broken) {
      const { json, alerts } =
        "json" in one ? { json: one.json, alerts: [one.alert] } : { json: one, alerts: [] };
      expect(check.judge(json, worldOf(json, alerts)), JSON.stringify(one).slice(0, 200)).not.toEqual([]);
    }
  });
});

it("has every rule of Grafana's own linter among its checks, and is satisfied by what they ask for", () => {
  expect(DASHBOARD_CHECKS).toHaveLength(29);
  const template = DASHBOARD_CHECKS.find(({ id }) => id === "template-job");
  expect(template?.judge(withJob, worldOf(withJob))).toEqual([]);
  const instance = DASHBOARD_CHECKS.find(({ id }) => id === "target-instance");
  const named = query('sum(x{job="a", instance=~"b"})');
  expect(instance?.judge(named, worldOf(named))).toEqual([]);
});

it("takes a variable of any name for the data source, and Grafana's own annotations", () => {
  const renamed = JSON.parse(
    JSON.stringify(good)
      .replaceAll(`\${datasource}`, `\${source}`)
      .replaceAll('"name":"datasource"', '"name":"source"'),
  ) as DashboardJson;
  const own = { builtIn: 1, name: "Annotations", datasource: { type: "grafana", uid: "-- Grafana --" } };
  const list = [...renamed.annotations.list, own] as DashboardJson["annotations"]["list"];
  const { findings } = lintDashboards(worldOf({ ...renamed, annotations: { list } }), {
    exclusions: [],
    today: "2026-11-23",
  });
  expect(findings.filter(({ check }) => check === "panel-datasource")).toEqual([]);
});

describe("an exclusion", () => {
  const exclusion: Exclusion = {
    check: "panel-units",
    reason: "For a test of what exclusions do.",
    owner: "platform",
    expires: "2027-01-31",
  };
  const bad = edited("panels.1.fieldConfig.defaults.unit", "");
  const excused = EXCUSED.map((check) => ({ ...exclusion, check }));
  const linted = (exclusions: readonly Exclusion[], today = "2027-01-31") =>
    lintDashboards(
      { ...worldOf(bad), dashboards: [bad, other] },
      { exclusions: [...excused, ...exclusions], today },
    );

  it("covers its findings through the day that it names, and is counted", () => {
    const { findings, excluded, unused } = linted([exclusion]);
    expect([findings, unused]).toEqual([[], []]);
    expect(excluded.filter(({ check }) => check === "panel-units")).toMatchObject([
      { panel: "Panel one", exclusion },
    ]);
  });

  it("is a finding again when it has expired, with the exclusion that no longer covers it", () => {
    const { findings, expired } = linted([exclusion], "2027-02-01");
    expect(findings.find(({ check }) => check === "panel-units")).toMatchObject({ expired: exclusion });
    expect(expired).toContain(exclusion);
  });

  it.each([
    ["another dashboard", { dashboard: "bellwether-cluster" }],
    ["another panel", { panel: "Panel two" }],
    ["a dashboard whose name merely begins alike", { dashboard: "bellwether-node" }],
  ])("covers nothing of %s, and is listed as unused", (_, where) => {
    const narrow = { ...exclusion, ...where };
    const { findings, unused } = linted([narrow]);
    expect(findings.map(({ check }) => check)).toEqual(["panel-units"]);
    expect(unused).toEqual([narrow]);
  });

  it("is refused without a reason or a day", () => {
    const check = () => checkedExclusions([{ check: "uid", reason: "no", owner: "platform" }], "some file");
    expect(check).toThrow(InvalidInputError);
    expect(check).toThrow(/reason/);
    expect(check).toThrow(/expires/);
  });
});
