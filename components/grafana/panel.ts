import { panelId } from "../signals/panels.ts";
import type { LinkJson, PanelJson, TargetJson } from "./json.ts";
import type { Rectangle } from "./layout.ts";
import { type View, visualisation } from "./view.ts";

/** Every query goes to the data source that the dashboard's variable names, never to one that is written down. */
export const DATA_SOURCE_VARIABLE = "datasource";
export const PANEL_DATA_SOURCE = { type: "prometheus", uid: `\${${DATA_SOURCE_VARIABLE}}` } as const;

/** Where a reader goes next. */
export interface Link {
  readonly title: string;
  /** A path below Grafana's root, or an absolute URL. */
  readonly url: string;
}

export interface Query {
  readonly expr: string;
  /** A legend such as `{{node}}`; each label in it must be one that the query keeps. */
  readonly legend: string;
}

/** One panel, before it has a place. */
export interface Panel {
  /** Kebab-case, unique within the dashboard, and never changed: the panel's id is derived from it. */
  readonly key: string;
  readonly title: string;
  readonly description: string;
  /** A unit in Grafana's words, such as `percentunit` or `s`. */
  readonly unit: string;
  readonly view: View;
  readonly queries: readonly [Query, ...Query[]];
  readonly links: readonly Link[];
}

/** The panel as Grafana draws it, at its place. */
export function panelJson(panel: Panel, at: Rectangle): PanelJson {
  const { key, title, description, unit, view, queries, links } = panel;
  return {
    id: panelId(key),
    title,
    description,
    ...visualisation(view, unit),
    datasource: PANEL_DATA_SOURCE,
    gridPos: at,
    links: links.map((link) => linkJson(link, { newTab: true })),
    targets: queries.map((query, index) => targetJson(query, refId(index), view)),
  };
}

function targetJson({ expr, legend }: Query, id: string, view: View): TargetJson {
  const shape =
    view.kind === "rows"
      ? ({ instant: true, range: false, format: "table" } as const)
      : ({ instant: false, range: true, format: "time_series" } as const);
  return {
    refId: id,
    datasource: PANEL_DATA_SOURCE,
    editorMode: "code",
    expr,
    legendFormat: legend,
    ...shape,
  };
}

/** A to Z: no panel that can be read has more queries than that. */
function refId(index: number): string {
  if (index >= 26) throw new RangeError("a panel holds at most 26 queries");
  return String.fromCharCode("A".charCodeAt(0) + index);
}

/** A link; one that stays within Grafana takes the time range and the variables along. */
export function linkJson({ title, url }: Link, { newTab }: { readonly newTab: boolean }): LinkJson {
  const inside = url.startsWith("/");
  return {
    type: "link",
    title,
    url,
    icon: inside ? "dashboard" : "external link",
    tooltip: title,
    tags: [],
    asDropdown: false,
    targetBlank: newTab && !inside,
    includeVars: inside,
    keepTime: inside,
  };
}
