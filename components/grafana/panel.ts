import { panelId } from "../signals/panels.ts";
import type { PanelJson, TargetJson } from "./json.ts";
import type { Rectangle } from "./layout.ts";
import { type Link, linkJson } from "./link.ts";
import { scoped } from "./scope.ts";
import { type View, visualisation } from "./view.ts";

/** Every query uses the data source that is selected in the dashboard's variable. */
export const DATA_SOURCE_VARIABLE = "datasource";
export const PANEL_DATA_SOURCE = { type: "prometheus", uid: `\${${DATA_SOURCE_VARIABLE}}` } as const;

interface Query {
  readonly expr: string;
  /** A legend such as `{{node}}`. The query must keep each label in it. */
  readonly legend: string;
}

/** One panel, without a position. */
export interface Panel {
  /** Kebab-case, unique within the dashboard, and never changed: the panel's id is derived from it. */
  readonly key: string;
  readonly title: string;
  readonly description: string;
  /** A Grafana unit, such as `percentunit` or `s`. */
  readonly unit: string;
  readonly view: View;
  readonly queries: readonly [Query, ...Query[]];
  readonly links: readonly Link[];
}

/** Values of the dashboard that panels use. */
export interface PanelSurroundings {
  readonly environment: string;
  /** The variables that filter queries. */
  readonly variables: readonly string[];
}

/** The panel as JSON, at a position. */
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

/** The refId of a query: A to Z. */
function refId(index: number): string {
  if (index >= 26) throw new RangeError("a panel can have at most 26 queries");
  return String.fromCharCode("A".charCodeAt(0) + index);
}
