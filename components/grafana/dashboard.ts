import { panelId } from "../signals/panels.ts";
import { type AnnotationJson, type DashboardJson, SCHEMA_VERSION, type VariableJson } from "./json.ts";
import { GRID_WIDTH, type Line, stack } from "./layout.ts";
import {
  DATA_SOURCE_VARIABLE,
  type Link,
  linkJson,
  PANEL_DATA_SOURCE,
  type Panel,
  panelJson,
} from "./panel.ts";

/** A heading and the panels below it. */
export interface Section {
  readonly title: string;
  readonly lines: readonly Line<Panel>[];
}

/** A choice at the top of the dashboard, filled from a label of a metric; queries use it as `$name`. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** The metric whose label gives the choices. */
  readonly metric: string;
}

/** One dashboard, before Grafana's words for it. */
export interface Dashboard {
  /** At most 40 characters, and never changed: people bookmark it and alerts link to it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly sections: readonly Section[];
  /** Besides the data source, which every dashboard lets its reader choose. */
  readonly variables: readonly Variable[];
  /** The other dashboards that a reader goes to from here. */
  readonly links: readonly Link[];
}

/** Grafana refuses a longer uid. */
export const LONGEST_UID = 40;

/**
 * The dashboard as Grafana imports it. The same model gives the same bytes, and a panel's id depends on its key alone, so
 * links survive any change of the layout.
 *
 * Throws an Error for a uid that Grafana would refuse, and for two panels that share a key or an id.
 */
export function dashboardJson(
  dashboard: Dashboard,
  dataSource: { uid: string; name: string },
): DashboardJson {
  const { uid, title, description, tags, sections, variables, links } = dashboard;
  if (!/^[A-Za-z0-9_-]+$/.test(uid) || uid.length > LONGEST_UID)
    throw new Error(`${JSON.stringify(uid)} is no uid: 1 to ${LONGEST_UID} letters, digits, hyphens`);
  const panels = arranged(sections);
  refuseDoubles(uid, panels);
  return {
    uid,
    title,
    description,
    tags,
    schemaVersion: SCHEMA_VERSION,
    // The program is where it is changed: what somebody edits by hand is gone with the next `up`.
    editable: false,
    timezone: "browser",
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    timepicker: { refresh_intervals: ["30s", "1m", "5m", "15m"] },
    fiscalYearStartMonth: 0,
    // A crosshair that all panels share shows what happened at the same time.
    graphTooltip: 1,
    links: links.map((link) => linkJson(link, { newTab: false })),
    templating: { list: [dataSourceVariable(dataSource), ...variables.map(queryVariable)] },
    annotations: { list: [FIRING_ALERTS] },
    panels,
  };
}

function arranged(sections: readonly Section[]): DashboardJson["panels"] {
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
    return [heading, ...placed.map(({ thing, at }) => panelJson(thing, at))];
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

function dataSourceVariable({ uid, name }: { uid: string; name: string }): VariableJson {
  return {
    type: "datasource",
    name: DATA_SOURCE_VARIABLE,
    label: "Prometheus",
    description: "The Prometheus that is asked.",
    query: "prometheus",
    current: { selected: true, text: name, value: uid },
    hide: 0,
    multi: false,
    includeAll: false,
    refresh: 1,
  };
}

function queryVariable({ name, label, description, metric }: Variable): VariableJson {
  return {
    type: "query",
    name,
    label,
    description,
    datasource: PANEL_DATA_SOURCE,
    query: { query: `label_values(${metric}, ${name})`, refId: name },
    definition: `label_values(${metric}, ${name})`,
    hide: 0,
    multi: true,
    includeAll: true,
    allValue: ".*",
    refresh: 2,
    sort: 7,
  };
}

/** Marks when something fired that people were told of, in every chart: the first question in an incident is "since when?". */
const FIRING_ALERTS: AnnotationJson = {
  name: "Alerts",
  datasource: PANEL_DATA_SOURCE,
  enable: true,
  hide: false,
  iconColor: "red",
  expr: 'ALERTS{alertstate="firing", severity=~"critical|warning"}',
  step: "60s",
  titleFormat: "{{alertname}}",
  tagKeys: "severity,team,namespace,node,pod",
  useValueForTime: false,
};
