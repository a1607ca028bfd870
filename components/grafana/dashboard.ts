import { type DashboardRef, dashboardUid, LONGEST_UID, panelId } from "../signals/panels.ts";
import type { DataSource } from "./data-sources.ts";
import { type AnnotationJson, type DashboardJson, SCHEMA_VERSION, type VariableJson } from "./json.ts";
import { GRID_WIDTH, type Line, stack } from "./layout.ts";
import { environmentTag, type Link, linkJson } from "./link.ts";
import {
  DATA_SOURCE_VARIABLE,
  PANEL_DATA_SOURCE,
  type Panel,
  type PanelSurroundings,
  panelJson,
} from "./panel.ts";
import { CLUSTER_LABEL, scoped, selectorOf } from "./scope.ts";

/** A heading and the panels below it. */
export interface Section {
  readonly title: string;
  readonly lines: readonly Line<Panel>[];
}

/** A variable of the dashboard with the values of a label. It filters the queries that keep this label. */
export interface Variable {
  /** The label, and the name of the variable. */
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** The selector of the series whose label values are the options. */
  readonly metric: string;
  /** Whether exactly one value is selected. Default: one, several or all. */
  readonly single?: boolean;
}

/** One dashboard, before it is converted to Grafana's JSON. */
export interface Dashboard {
  /** Determines the uid. */
  readonly ref: DashboardRef;
  readonly title: string;
  readonly description: string;
  /** In addition to the tags of all dashboards of the environment. */
  readonly tags: readonly string[];
  readonly sections: readonly Section[];
  /** In addition to the data source and the cluster. Each variable filters the options of the next ones. */
  readonly variables: readonly Variable[];
  /** Links to other dashboards. */
  readonly links: readonly Link[];
  /** Begin of the default time range, in Grafana's notation. Default: `now-6h`. */
  readonly from?: string;
  /** Annotations in every chart, in addition to firing alerts. */
  readonly annotations?: readonly Annotation[];
}

/** An annotation in every chart at the times at which a query has a result. */
export interface Annotation {
  readonly name: string;
  readonly expr: string;
  /** A title such as `{{alertname}}`. */
  readonly title: string;
  readonly colour: "red" | "orange" | "blue";
}

/** A dashboard with its name, which is the same in every environment, such as `nodes`, `service-storefront` or `own-shop-orders`. */
export interface NamedDashboard {
  readonly name: string;
  readonly json: DashboardJson;
}

/** The environment and the data source of a dashboard. */
export interface DashboardContext {
  readonly environment: string;
  /** The default data source. */
  readonly dataSource: Pick<DataSource, "uid" | "name" | "type">;
}

/**
 * The dashboard as Grafana imports it. The same model gives the same bytes, and a panel's id depends on its key alone, so
 * links survive any change of the layout.
 *
 * Throws an Error for a uid that Grafana would reject, and for two panels with the same key or id.
 */
export function dashboardJson(dashboard: Dashboard, context: DashboardContext): DashboardJson {
  const { ref, title, description, tags, sections, variables, links, from = "now-6h" } = dashboard;
  const { environment, dataSource } = context;
  const uid = dashboardUid(ref, environment);
  if (!/^[A-Za-z0-9_-]+$/.test(uid))
    throw new Error(
      `${JSON.stringify(uid)} is not a valid uid: 1 to ${LONGEST_UID} letters, digits, hyphens and underscores`,
    );
  const choices = [CLUSTER, ...variables];
  const surroundings = { environment, variables: choices.map(({ name }) => name) };
  const panels = arranged(sections, surroundings);
  rejectDuplicates(uid, panels);
  return {
    uid,
    title: `${title} (${environment})`,
    description,
    tags: ["bellwether", environmentTag(environment), ...tags],
    schemaVersion: SCHEMA_VERSION,
    // The next `pulumi up` would overwrite changes in Grafana.
    editable: false,
    timezone: "browser",
    refresh: "1m",
    time: { from, to: "now" },
    timepicker: { refresh_intervals: ["30s", "1m", "5m", "15m"] },
    fiscalYearStartMonth: 0,
    // A shared crosshair shows the same time in all panels.
    graphTooltip: 1,
    links: links.map((link) => linkJson(link, environment, { newTab: false })),
    templating: {
      list: [
        dataSourceVariable(dataSource),
        ...choices.map((variable, index) => queryVariable(variable, choices.slice(0, index))),
      ],
    },
    annotations: {
      list: [FIRING_ALERTS, ...(dashboard.annotations ?? [])].map((annotation) =>
        annotationJson(annotation, surroundings.variables),
      ),
    },
    panels,
  };
}

/** Filters by cluster, if the data source contains several. */
const CLUSTER: Variable = {
  name: CLUSTER_LABEL,
  label: "Cluster",
  description: "Clusters to show, if the data source contains several.",
  metric: "up",
};

function arranged(sections: readonly Section[], surroundings: PanelSurroundings): DashboardJson["panels"] {
  let y = 0;
  return sections.flatMap(({ title, lines }) => {
    const { placed, bottom } = stack(lines, y + 1);
    const heading = {
      type: "row",
      id: panelId(`section ${title}`),
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: GRID_WIDTH, h: 1 },
      panels: [],
    } as const;
    y = bottom;
    return [heading, ...placed.map(({ thing, at }) => panelJson(thing, at, surroundings))];
  });
}

function rejectDuplicates(uid: string, panels: DashboardJson["panels"]): void {
  const titles = new Map<number, string | undefined>();
  for (const { id, title } of panels) {
    if (titles.has(id))
      throw new Error(`dashboard ${uid}: "${titles.get(id)}" and "${title}" have the same panel id ${id}`);
    titles.set(id, title);
  }
}

function dataSourceVariable({ uid, name, type }: DashboardContext["dataSource"]): VariableJson {
  return {
    type: "datasource",
    name: DATA_SOURCE_VARIABLE,
    label: "Data source",
    description: "The Prometheus to query.",
    query: type,
    current: { selected: true, text: name, value: uid },
    hide: 0,
    multi: false,
    includeAll: false,
    refresh: 1,
  };
}

function queryVariable(
  { name, label, description, metric, single = false }: Variable,
  before: readonly Variable[],
): VariableJson {
  const selector = selectorOf(
    metric,
    before.map((one) => one.name),
  );
  const query = `label_values(${selector}, ${name})`;
  return {
    type: "query",
    name,
    label,
    description,
    datasource: PANEL_DATA_SOURCE,
    query: { query, refId: name },
    definition: query,
    hide: 0,
    multi: !single,
    includeAll: !single,
    ...(single ? {} : { allValue: ".*", current: { selected: true, text: ["All"], value: ["$__all"] } }),
    // Refreshed with the time range, so that the options include values that existed in that range only.
    refresh: 2,
    sort: 7,
  };
}

/** Marks the times at which alerts with notifications fired. */
const FIRING_ALERTS: Annotation = {
  name: "Alerts",
  expr: 'ALERTS{alertstate="firing", severity=~"critical|warning"}',
  title: "{{alertname}}",
  colour: "red",
};

function annotationJson(
  { name, expr, title, colour }: Annotation,
  variables: readonly string[],
): AnnotationJson {
  return {
    name,
    datasource: PANEL_DATA_SOURCE,
    enable: true,
    hide: false,
    iconColor: colour,
    expr: scoped(expr, variables),
    step: "60s",
    titleFormat: title,
    tagKeys: "severity,team,service,namespace,node,pod",
    useValueForTime: false,
  };
}
