import type { DashboardJson, PanelJson } from "../../../components/grafana/json.ts";
import { isCounter } from "../../../components/signals/counters.ts";
import { asSent, counterCalls, labelsKept, selectors, syntaxErrors } from "./promql.ts";

/** What a check looks at: one dashboard, among all that exist. */
export interface Checked {
  readonly dashboard: DashboardJson;
  /** Uids that a link may lead to. */
  readonly uids: readonly string[];
}

/** Finds what is wrong with a dashboard, each finding as a sentence that names the panel; nothing for a good one. */
export type Check = (checked: Checked) => string[];

const isPanel = (panel: DashboardJson["panels"][number]): panel is PanelJson => panel.type !== "row";
const panelsOf = ({ panels }: DashboardJson): PanelJson[] => panels.filter(isPanel);

function eachPanel(find: (panel: PanelJson) => readonly string[]): Check {
  return ({ dashboard }) =>
    panelsOf(dashboard).flatMap((panel) => find(panel).map((finding) => `${panel.title}: ${finding}`));
}

function eachQuery(find: (expr: string, legend: string) => readonly string[]): Check {
  return eachPanel(({ targets }) =>
    targets.flatMap(({ expr, legendFormat }) => find(asSent(expr), legendFormat ?? "")),
  );
}

function doubles(values: readonly (string | number)[]): (string | number)[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

/** Grafana's own placeholders, which nobody declares. */
const BUILT_IN = /^__/;
const REFERENCE = /\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g;

function references(value: unknown): Set<string> {
  const text = JSON.stringify(value);
  const names = [...text.matchAll(REFERENCE)].map(([, braced, bare]) => braced ?? bare ?? "");
  return new Set(names.filter((name) => !BUILT_IN.test(name)));
}

/** Metrics that Prometheus writes itself, for every job or for none. */
// Probes have a job each, called after whoever added them.
const OF_EVERY_JOB = ["up", "ALERTS", "probe_ssl_earliest_cert_expiry"];

/** Every check, by what holds of a good dashboard. */
export const CHECKS: Readonly<Record<string, Check>> = {
  "the uid is one that Grafana takes": ({ dashboard: { uid } }) =>
    /^[A-Za-z0-9_-]{1,40}$/.test(uid) ? [] : [`uid ${uid}`],

  "panel ids are unique": ({ dashboard }) =>
    doubles(dashboard.panels.map(({ id }) => id)).map((id) => `id ${id}`),

  "refIds are unique within a panel": eachPanel(({ targets }) =>
    doubles(targets.map(({ refId }) => refId ?? "")).map((refId) => `refId ${refId}`),
  ),

  "rectangles stay on the grid and do not overlap": ({ dashboard }) => {
    const placed = dashboard.panels.map(({ title, gridPos }) => ({ title, at: gridPos }));
    return placed.flatMap(({ title, at: one }, index) => {
      if (one === undefined) return [`${title}: no place`];
      if (one.x < 0 || one.w < 1 || one.h < 1 || one.x + one.w > 24) return [`${title}: off the grid`];
      return placed
        .slice(index + 1)
        .filter(
          ({ at }) =>
            at && one.x < at.x + at.w && at.x < one.x + one.w && one.y < at.y + at.h && at.y < one.y + one.h,
        )
        .map((other) => `${title}: overlaps ${other.title}`);
    });
  },

  "every panel has a title, a description and a unit": eachPanel(({ title, description, fieldConfig }) => [
    ...(title ? [] : ["no title"]),
    ...(/[.?]$/.test(description ?? "") ? [] : ["no description that is a sentence"]),
    ...(fieldConfig.defaults.unit ? [] : ["no unit"]),
  ]),

  "every panel asks something": eachPanel(({ targets }) => (targets.length > 0 ? [] : ["no query"])),

  "every query is PromQL": eachQuery((expr) =>
    syntaxErrors(expr).map((at) => `syntax error at ${at} of ${expr}`),
  ),

  "legends name labels that the query keeps": eachQuery((expr, legend) => {
    if (legend === "") return ["no legend"];
    const labels = labelsKept(expr);
    const named = [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label]) => label ?? "");
    return named
      .filter((label) => labels !== undefined && !labels.has(label))
      .map((label) => `{{${label}}} is not among ${[...(labels ?? [])].join(", ")}`);
  }),

  "rates are of counters, over the drawn range, and aggregated": eachPanel(({ targets }) =>
    targets.flatMap(({ expr }) =>
      counterCalls(expr.replaceAll("$__rate_interval", "777s")).flatMap(
        ({ name, metrics, range, aggregated }) => [
          ...metrics.filter((metric) => !isCounter(metric)).map((metric) => `${name} of ${metric}`),
          ...(range === "777s" ? [] : [`${name} over ${range}`]),
          ...(aggregated ? [] : [`${name} of each series alone`]),
        ],
      ),
    ),
  ),

  "every selector names its job": eachQuery((expr) =>
    selectors(expr)
      .filter(({ metric, labels }) => !labels.includes("job") && !OF_EVERY_JOB.includes(metric))
      .map(({ metric }) => `${metric} of any job`),
  ),

  "every panel, query and annotation asks the chosen data source": ({ dashboard }) => {
    const chosen = (source: { uid?: string } | undefined) => source?.uid === `\${datasource}`;
    return [
      ...panelsOf(dashboard).flatMap(({ title, datasource, targets }) => [
        ...(chosen(datasource) ? [] : [`${title}: panel`]),
        ...targets
          .filter((target) => !chosen(target.datasource))
          .map(({ refId }) => `${title}: query ${refId}`),
      ]),
      ...dashboard.annotations.list.filter(({ datasource }) => !chosen(datasource)).map(({ name }) => name),
    ];
  },

  "every variable is declared and used": ({ dashboard }) => {
    const { templating, ...rest } = dashboard;
    const declared = (templating.list ?? []).map(({ name }) => name);
    // A variable may feed another; its own definition does not count as a use of it.
    const used = new Set([
      ...references(rest),
      ...(templating.list ?? []).flatMap((variable) =>
        [...references(variable)].filter((name) => name !== variable.name),
      ),
    ]);
    return [
      ...declared.filter((name) => !used.has(name)).map((name) => `${name} is not used`),
      ...[...used].filter((name) => !declared.includes(name)).map((name) => `${name} is not declared`),
      ...doubles(declared).map((name) => `${name} is declared twice`),
    ];
  },

  "links within Grafana lead to dashboards that exist": ({ dashboard, uids }) =>
    [...JSON.stringify(dashboard).matchAll(/"url":"\/d\/([^"/?]*)/g)]
      .map(([, uid]) => uid ?? "")
      .filter((uid) => !uids.includes(uid))
      .map((uid) => `a link to ${uid}`),

  "nobody edits it by hand, it refreshes each minute and shows the reader's own time": ({ dashboard }) => [
    ...(dashboard.editable === false ? [] : ["editable"]),
    ...(dashboard.refresh === "1m" ? [] : ["refresh"]),
    ...(dashboard.timezone === "browser" ? [] : ["time zone"]),
  ],
};
