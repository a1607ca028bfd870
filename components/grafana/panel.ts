import { panelId } from "../signals/panels.ts";
import type { PanelJson, TargetJson } from "./json.ts";
import type { Rectangle } from "./layout.ts";
import { type Link, linkJson } from "./link.ts";
import { scoped } from "./scope.ts";
import { type View, visualisation } from "./view.ts";

/** Every query goes to the data source that the dashboard's variable names, never to one that is written down. */
export const DATA_SOURCE_VARIABLE = "datasource";
export const PANEL_DATA_SOURCE = { type: "prometheus", uid: `\${${DATA_SOURCE_VARIABLE}}` } as const;

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

/** What a panel needs to know of its dashboard. */
export interface PanelSurroundings {
  readonly environment: string;
  /** The variables that narrow queries. */
  readonly variables: readonly string[];
}

/** The panel as Grafana draws it, at its place. */
export function panelJson(
  panel: Panel,
  at: Rectangle,
  { environment, variables }: PanelSurroundings,
): PanelJson {
  const { key, title, description, unit, view, queries, links } = panel;
  return {
    id: panelId(key),
    title,
    description,
    ...visualisation(view, unit, environment),
    datasource: PANEL_DATA_SOURCE,
    gridPos: at,
    links: links.map((link) => linkJson(link, environment, { newTab: true })),
    targets: queries.map(({ expr, legend }, index) =>
      targetJson({ expr: scoped(expr, variables), legend }, refId(index), view),
    ),
  };
}

function targetJson({ expr, legend }: Query, id: string, view: View): TargetJson {
  const isTable = view.kind === "rows";
  const isInstant = isTable || (view.kind === "number" && view.instant === true);
  return {
    refId: id,
    datasource: PANEL_DATA_SOURCE,
    editorMode: "code",
    expr,
    legendFormat: legend,
    instant: isInstant,
    range: !isInstant,
    format: isTable ? "table" : "time_series",
  };
}

/** A to Z: no panel that can be read has more queries than that. */
export function refId(index: number): string {
  if (index >= 26) throw new RangeError("a panel holds at most 26 queries");
  return String.fromCharCode("A".charCodeAt(0) + index);
}
