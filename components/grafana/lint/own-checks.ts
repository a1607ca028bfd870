import { grouped } from "../../core/grouped.ts";
import { memoizeByObject } from "../../core/memoize.ts";
import { OF_HISTOGRAMS } from "../../lint/checks/counter-rate.ts";
import { scrapeSource } from "../../lint/checks/scrape-source.ts";
import { has } from "../../lint/results/label-set.ts";
import { labelsOf } from "../../lint/results/labels.ts";
import type { LintedRule } from "../../lint/rule.ts";
import { type Expression, selectorsOf, within } from "../../promql/expression.ts";
import { parseQuery, UnreadableQuery } from "../../promql/parse.ts";
import { isCounter } from "../../signals/counter-names.ts";
import type { DashboardJson, PanelJson } from "../json.ts";
import { GRID_WIDTH } from "../layout.ts";
import {
  callsOf,
  type DashboardCheck,
  type DashboardWorld,
  duplicates,
  type Fault,
  type LinkedAlert,
  ofPanels,
  ofQueries,
  panelsOf,
  readTarget,
  variablesOf,
} from "./check.ts";

const OF_COUNTERS = new Set(["rate", "irate", "increase"]);

/** Checks that Grafana's dashboard-linter does not have. */
export const OWN_CHECKS: readonly DashboardCheck[] = [
  {
    id: "uid",
    title: "The uid is 1 to 40 letters, digits, hyphens and underscores, and no other dashboard has it.",
    why: "Grafana rejects a longer uid, and overwrites a dashboard that has the same uid.",
    judge: ({ uid }, { dashboards }) => [
      ...(/^[A-Za-z0-9_-]{1,40}$/.test(uid) ? [] : [{ what: `has the uid ${uid}` }]),
      ...((byUid(dashboards).get(uid)?.length ?? 0) > 1
        ? [{ what: `has the uid ${uid}, and so has another dashboard` }]
        : []),
    ],
  },
  {
    id: "panel-ids",
    title: "The ids of panels are unique.",
    why: "A link to a panel opens the first panel with the id.",
    judge: ({ panels }) =>
      duplicates(panels.map(({ id }) => id)).map((id) => ({ what: `has two panels with the id ${id}` })),
  },
  {
    id: "ref-ids",
    title: "The refIds of the queries of a panel are unique.",
    why: "Grafana sends only one of them and shows its result twice.",
    judge: ofPanels(({ targets }) =>
      duplicates(targets.map(({ refId }) => refId ?? "")).map(
        (refId) => `has two queries with the refId ${refId}`,
      ),
    ),
  },
  {
    id: "grid",
    title: "Panels stay on the grid and do not overlap.",
    why: "Grafana moves overlapping panels, and browsers show different layouts.",
    judge: grid,
  },
  {
    id: "variables",
    title: "Every variable is declared once, is used, and depends only on variables before it.",
    why: "An unused variable misleads, an undeclared one is sent as text, and variables that depend on each other have no values.",
    judge: variables,
  },
  {
    id: "legends",
    title: "Every query has a legend with labels that the query keeps.",
    why: "A label that the aggregation drops is empty in the legend.",
    judge: ofQueries((query, { legendFormat = "" }, panel, { recorded }) => {
      if (legendFormat === "") return ["has a query without a legend"];
      const labels = labelsOf(query, recorded, "any");
      const named = [...legendFormat.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label = ""]) => label);
      const columns = panel.type === "table" ? [] : named;
      return columns
        .filter((label) => !has(labels, label))
        .map((label) => `has {{${label}}} in a legend, but its query drops this label`);
    }),
  },
  {
    id: "rates-of-counters",
    title: "Only counters have a rate.",
    why: "The function rate treats each decrease of a gauge as a counter reset and shows a growth that did not happen.",
    judge: ofQueries((query) => {
      const ofHistograms = within(query)
        .filter((part) => part.kind === "call" && OF_HISTOGRAMS.test(part.name))
        .flatMap((part) => within(part));
      const calls = callsOf(query, OF_COUNTERS).filter(({ call }) => !ofHistograms.includes(call));
      return calls.flatMap(({ name, call }) =>
        selectorsOf(call)
          .filter(({ metric }) => metric !== undefined && !isCounter(metric))
          .map(({ metric }) => `has a ${name} of ${metric}, which is not a counter`),
      );
    }),
  },
  {
    id: "aggregated",
    title: "Rates are aggregated by the labels that the reader needs.",
    why: "Without aggregation there is one line for each pod, container and port, and new lines after each deployment.",
    judge: ofQueries((query) => {
      const aggregated = within(query)
        .filter((part) => part.kind === "aggregate")
        .flatMap((part) => within(part));
      return callsOf(query, OF_COUNTERS)
        .filter(({ call }) => !aggregated.includes(call))
        .map(({ name }) => `shows a ${name} without aggregation`);
    }),
  },
  {
    id: "metric-source",
    title: "A recording rule or a scraped job supplies every metric.",
    why: "Otherwise the panel is empty.",
    judge: ofQueries((query, _, panel, world) => scrapeSource.judge(asRule(query, panel), world)),
  },
  {
    id: "links",
    title: "Links within Grafana lead to dashboards and panels that exist.",
    why: "A link to a dashboard that does not exist costs time during an incident.",
    judge: (dashboard, world) =>
      [...JSON.stringify(dashboard).matchAll(/"url":"(\/d\/[^"]*)"/g)]
        .map(([, path = ""]) => path)
        .filter((path) => !leadsSomewhere(path, world))
        .map((path) => ({ what: `has a link to ${path}, which does not exist` })),
  },
  {
    id: "alert-links",
    title: "Every alert's link opens a panel that reads what the alert compares.",
    why: "The panel is the first thing that the on-call engineer sees.",
    judge: alertLinks,
  },
  {
    id: "refresh",
    title: "The dashboard refreshes every minute and uses the browser's time zone.",
    why: "Old data looks as if there were no problem; two time zones look like two incidents.",
    judge: ({ refresh, timezone }) => [
      ...(refresh === "1m"
        ? []
        : [{ what: `has the refresh interval ${refresh ?? "(none)"} instead of 1m` }]),
      ...(timezone === "browser"
        ? []
        : [{ what: `has the time zone ${timezone ?? "(none)"} instead of browser` }]),
    ],
  },
];

function grid({ panels }: DashboardJson): Fault[] {
  const placed = panels.map(({ title = "", gridPos }) => ({ title, at: gridPos }));
  return placed.flatMap(({ title, at: one }, index): Fault[] => {
    if (one === undefined) return [{ panel: title, what: "has no position" }];
    if (one.x < 0 || one.w < 1 || one.h < 1 || one.x + one.w > GRID_WIDTH)
      return [{ panel: title, what: "is outside the grid" }];
    return placed
      .slice(index + 1)
      .filter(
        ({ at }) =>
          at && one.x < at.x + at.w && at.x < one.x + one.w && one.y < at.y + at.h && at.y < one.y + one.h,
      )
      .map((other) => ({ panel: title, what: `overlaps ${other.title}` }));
  });
}

/** Names of variables in a part of a dashboard, without Grafana's built-in ones. */
function references(value: unknown): Set<string> {
  const found = [...JSON.stringify(value ?? null).matchAll(/\$(?:\{([a-zA-Z_]\w*)[^}]*\}|([a-zA-Z_]\w*))/g)];
  return new Set(
    found.map(([, braced, bare]) => braced ?? bare ?? "").filter((name) => !name.startsWith("__")),
  );
}

function variables(dashboard: DashboardJson): Fault[] {
  const { templating: _, ...rest } = dashboard;
  const list = variablesOf(dashboard);
  const declared = list.map(({ name }) => name);
  const filledFrom = list.map((variable) => references([variable.query, variable.datasource]));
  const used = new Set([...references(rest), ...filledFrom.flatMap((names) => [...names])]);
  return [
    ...declared
      .filter((name) => !used.has(name))
      .map((name) => ({ what: `does not use its variable ${name}` })),
    ...[...used]
      .filter((name) => !declared.includes(name))
      .map((name) => ({ what: `uses the variable ${name}, which is not declared` })),
    ...duplicates(declared).map((name) => ({ what: `declares the variable ${name} twice` })),
    ...filledFrom.flatMap((names, index) =>
      [...names]
        .filter((name) => declared.indexOf(name) >= index)
        .map((name) => ({
          what: `uses ${name} in the variable ${declared[index]}, which is not declared after it`,
        })),
    ),
  ];
}

/** A query as a rule, for the checks of rules. */
function asRule(expression: Expression, { title = "" }: PanelJson): LintedRule {
  const group = { source: "dashboard", name: title, interval: undefined, rules: [] };
  return { kind: "record", name: title, expression, for: 0, labels: {}, annotations: {}, group, index: 0 };
}

function leadsSomewhere(
  path: string,
  { dashboards, surroundings }: Pick<DashboardWorld, "dashboards" | "surroundings">,
): boolean {
  const uid = /^\/d\/([^/?]*)/.exec(path)?.[1];
  const panel = /[?&]viewPanel=(\d+)/.exec(path)?.[1];
  const target = uid === undefined ? undefined : byUid(dashboards).get(uid)?.[0];
  // Without the platform's Prometheus, the stack is that of a team: the other dashboards are in another stack.
  if (target === undefined) return !surroundings.complete;
  return panel === undefined || panelsOf(target).some(({ id }) => String(id) === panel);
}

/** An alert with a link to a dashboard, and the path of the link. */
interface Linked {
  readonly alert: LinkedAlert;
  readonly path: string;
}

// With a thousand services there are as many dashboards, and several alerts to each: no check may look through all for each.
const byUid = memoizeByObject((dashboards: readonly DashboardJson[]) =>
  grouped(dashboards, ({ uid }) => uid),
);

const linksOf = memoizeByObject(({ alerts, ...world }: DashboardWorld) => {
  const linked = alerts.flatMap((alert): Linked[] => {
    const { dashboardUrl } = alert;
    return dashboardUrl === undefined
      ? []
      : [{ alert, path: dashboardUrl.slice(dashboardUrl.indexOf("/d/")) }];
  });
  const [leading, lost] = [true, false].map((leads) =>
    linked.filter(({ path }) => leadsSomewhere(path, world) === leads),
  ) as [Linked[], Linked[]];
  return { lost, leading: grouped(leading, ({ path }) => /^\/d\/([^?]*)\?/.exec(path)?.[1] ?? "") };
});

/** Faults are reported for the dashboard to which the alert links; links to no dashboard, for the first dashboard. */
function alertLinks(dashboard: DashboardJson, world: DashboardWorld): Fault[] {
  const { lost, leading } = linksOf(world);
  const nowhere = lost.map(({ alert, path }) => ({
    what: `is not the target of ${alert.name}, and no other dashboard is: ${path}`,
  }));
  const here = (leading.get(dashboard.uid) ?? []).flatMap((link) => faultOfLink(link, dashboard));
  return [...(dashboard === world.dashboards[0] ? nowhere : []), ...here];
}

function faultOfLink({ alert: { name, expr }, path }: Linked, dashboard: DashboardJson): Fault[] {
  const id = /viewPanel=(\d+)/.exec(path)?.[1];
  const panel = panelsOf(dashboard).find((one) => String(one.id) === id);
  if (panel === undefined) return [{ what: `has a link from ${name} that names no panel` }];
  const compared = metricsIn(parseQuery(expr));
  const drawn = panel.targets.flatMap((target) => {
    const query = readTarget(target);
    return query instanceof UnreadableQuery ? [] : metricsIn(query);
  });
  return compared.some((metric) => drawn.includes(metric))
    ? []
    : [{ panel: panel.title ?? "", what: `reads no metric that the alert ${name} compares` }];
}

/** The metrics that a query reads, without matchers: an alert may count what its panel shows in detail. */
function metricsIn(query: Expression): string[] {
  return selectorsOf(query).flatMap(({ metric }) => metric ?? []);
}
