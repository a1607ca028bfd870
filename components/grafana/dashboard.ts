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

/** A choice at the top of the dashboard, filled from a label of a metric; queries that keep the label are narrowed to it. */
export interface Variable {
  /** The label, which is the variable's name as well. */
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** The selector whose label gives the choices. */
  readonly metric: string;
  /** Whether exactly one is chosen. Default: one, several or all. */
  readonly single?: boolean;
}

/** One dashboard, before Grafana's words for it. */
export interface Dashboard {
  /** Which it is; its uid follows. */
  readonly ref: DashboardRef;
  readonly title: string;
  readonly description: string;
  /** Besides the tags that all of an environment carry. */
  readonly tags: readonly string[];
  readonly sections: readonly Section[];
  /** Besides the data source and the cluster, which every dashboard lets its reader choose; one may narrow the next. */
  readonly variables: readonly Variable[];
  /** The other dashboards that a reader goes to from here. */
  readonly links: readonly Link[];
  /** How far back it looks at first, in Grafana's words. Default: `now-6h`. */
  readonly from?: string;
  /** Besides the alerts that fire, what is marked in every chart. */
  readonly annotations?: readonly Annotation[];
}

/** What is marked in every chart: the moments at which a query has a series. */
export interface Annotation {
  readonly name: string;
  readonly expr: string;
  /** A title such as `{{alertname}}`. */
  readonly title: string;
  readonly colour: "red" | "orange" | "blue";
}

/** Where a dashboard is shown. */
export interface DashboardContext {
  readonly environment: string;
  /** The data source that is asked at first. */
  readonly dataSource: Pick<DataSource, "uid" | "name" | "type">;
}

/**
 * The dashboard as Grafana imports it. The same model gives the same bytes, and a panel's id depends on its key alone, so
 * links survive any change of the layout.
 *
 * Throws an Error for a uid that Grafana would refuse, and for two panels that share a key or an id.
 */
export function dashboardJson(dashboard: Dashboard, context: DashboardContext): DashboardJson {
  const { ref, title, description, tags, sections, variables, links, from = "now-6h" } = dashboard;
  const { environment, dataSource } = context;
  const uid = dashboardUid(ref, environment);
  if (!/^[A-Za-z0-9_-]+$/.test(uid))
    throw new Error(`${JSON.stringify(uid)} is no uid: 1 to ${LONGEST_UID} letters, digits, hyphens`);
  const choices = [CLUSTER, ...variables];
  const surroundings = { environment, variables: choices.map(({ name }) => name) };
  const panels = arranged(sections, surroundings);
  refuseDoubles(uid, panels);
  return {
    uid,
    title: `${title} (${environment})`,
    description,
    tags: ["bellwether", environmentTag(environment), ...tags],
    schemaVersion: SCHEMA_VERSION,
    // The program is where it is changed: what somebody edits by hand is gone with the next `up`.
    editable: false,
    timezone: "browser",
    refresh: "1m",
    time: { from, to: "now" },
    timepicker: { refresh_intervals: ["30s", "1m", "5m", "15m"] },
    fiscalYearStartMonth: 0,
    // A crosshair that all panels share shows what happened at the same time.
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

/** Narrows a dashboard to one cluster where the data source holds several; where it holds one, there is nothing to choose. */
const CLUSTER: Variable = {
  name: CLUSTER_LABEL,
  label: "Cluster",
  description: "Which clusters, where the data source holds several.",
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

function refuseDoubles(uid: string, panels: DashboardJson["panels"]): void {
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
    description: "The Prometheus that is asked.",
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
    // With the time range: what existed yesterday is still to be chosen for yesterday.
    refresh: 2,
    sort: 7,
  };
}

/** Marks when something fired that people were told of: the first question in an incident is "since when?". */
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
