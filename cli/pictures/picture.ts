import type { DashboardJson, PanelJson } from "../../components/grafana/json.ts";
import { type Chart, drawChart } from "./chart.ts";
import { MOST_LINES, type PanelData, type PictureSource, type Series } from "./data.ts";
import type { Drawings } from "./drawings.ts";
import type { Figure, Picture } from "./kinds.ts";
import { shown } from "./units.ts";

/** A panel at its place. */
export interface PanelPicture {
  readonly title: string;
  readonly description: string;
  readonly at: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  /** Undefined for a heading. */
  readonly picture: Picture | undefined;
}

/** A dashboard as a report shows it. */
export interface DashboardPicture {
  readonly title: string;
  readonly description: string;
  /** Where its data comes from, where that is not said for all. */
  readonly note: string | undefined;
  readonly panels: readonly PanelPicture[];
}

/** Draws a dashboard from a source of data. */
export async function pictureOf(
  dashboard: DashboardJson,
  source: PictureSource,
  drawings: Drawings,
): Promise<DashboardPicture> {
  const panels: PanelPicture[] = [];
  for (const panel of dashboard.panels ?? []) {
    const { title = "", gridPos = { x: 0, y: 0, w: 24, h: 1 } } = panel;
    panels.push({
      title,
      description: panel.type === "row" ? "" : (panel.description ?? ""),
      at: gridPos,
      picture: panel.type === "row" ? undefined : await panelPicture(panel, dashboard, source, drawings),
    });
  }
  const { title, description = "" } = dashboard;
  return { title, description, note: source.noteOn?.(dashboard), panels };
}

const DRAWN: ReadonlySet<string> = new Set(["timeseries", "stat", "state-timeline", "table"]);

/** The recording may hold dashboards that components/grafana did not render, of any shape. */
function isDrawable({ type, targets, fieldConfig }: Partial<PanelJson>): boolean {
  return (
    DRAWN.has(type ?? "") &&
    Array.isArray(targets) &&
    targets.every(({ expr }) => typeof expr === "string") &&
    Array.isArray(fieldConfig?.overrides)
  );
}

/** Draws one panel, by what it shows alone: an environment's links and its place on the page make no other picture. */
export async function panelPicture(
  panel: PanelJson,
  dashboard: DashboardJson,
  source: PictureSource,
  drawings: Drawings,
): Promise<Picture> {
  const { id, type, fieldConfig, transformations, gridPos } = panel;
  if (!isDrawable(panel)) return { kind: "undrawn" };
  const data = await source.read(panel, dashboard);
  if (data === undefined) return { kind: "unknown" };
  const key = JSON.stringify([id, type, fieldConfig, transformations, gridPos?.w, gridPos?.h, data]);
  return drawings.panel(key, () => drawn(panel, data, drawings));
}

async function drawn(panel: PanelJson, { series, time }: PanelData, drawings: Drawings): Promise<Picture> {
  if (series.every(({ values }) => values.every((value) => value === null))) return { kind: "empty" };
  switch (panel.type) {
    case "timeseries": {
      const { unit = "short", thresholds, custom } = panel.fieldConfig.defaults;
      const limit = custom?.thresholdsStyle?.mode === "dashed" ? thresholds?.steps[1]?.value : undefined;
      const chart: Chart = {
        series: series.slice(0, MOST_LINES),
        unit,
        limit: limit ?? undefined,
        time,
        ...sizeOf(panel),
      };
      const image = await drawings.of(chart, (id) => drawChart(chart, id));
      const names = series.map(({ name }) => name);
      return {
        kind: "chart",
        image,
        legend: names.slice(0, MOST_LINES),
        more: Math.max(0, names.length - MOST_LINES),
      };
    }
    case "stat":
      return {
        kind: "numbers",
        figures: series.slice(0, 4).map((one) => ({ name: one.name, ...figureOf(latest(one), panel) })),
      };
    case "state-timeline":
      return {
        kind: "states",
        rows: series
          .slice(0, MOST_LINES)
          .map(({ name, values }) => ({ name, states: values.map((value) => (value ?? 0) >= 1) })),
      };
    case "table":
      return tableOf(panel, series);
  }
}

/** What a panel leaves for its chart at 1280 pixels, in steps: charts of the same size are drawn once. */
function sizeOf({ gridPos }: PanelJson): Pick<Chart, "width" | "height"> {
  const { w, h } = gridPos ?? { w: 8, h: 8 };
  return { width: w * COLUMN - 24, height: h * ROW - 74 };
}

/** Pixels of a column and of a row of the report's grid, at 1280 pixels. */
const COLUMN = 41;
const ROW = 31;

function latest({ values }: Series): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

type Limits = PanelJson["fieldConfig"]["defaults"]["thresholds"];

function figureOf(value: number | null, panel: PanelJson, unit?: string, limits?: Limits): Figure {
  if (value === null) return { text: "–", mood: "plain" };
  const { unit: own = "short", thresholds } = panel.fieldConfig.defaults;
  const steps = (limits ?? thresholds)?.steps ?? [];
  const colour = steps.findLast(({ value: from }) => from === null || value >= from)?.color;
  const mood = colour === "red" ? "bad" : colour === "green" ? "good" : "plain";
  return { text: shown(value, unit ?? own), mood };
}

function tableOf(panel: PanelJson, series: readonly Series[]): Picture {
  const organize = panel.transformations?.find(({ id }) => id === "organize")?.options as
    | { readonly renameByName?: Readonly<Record<string, string>> }
    | undefined;
  const columns = Object.entries(organize?.renameByName ?? {});
  const settings = (heading: string, id: string) =>
    panel.fieldConfig.overrides
      .find(({ matcher }) => matcher.options === heading)
      ?.properties.find((property) => property.id === id)?.value;
  const rows = new Map<string, readonly Series[]>();
  for (const one of series) {
    const key = columns.map(([field]) => one.labels[field] ?? "").join("\u0000");
    rows.set(key, [...(rows.get(key) ?? []), one]);
  }
  return {
    kind: "table",
    headings: columns.map(([, heading]) => heading),
    rows: [...rows.values()].slice(0, 8).map((members) =>
      columns.map(([field, heading]): Figure => {
        if (!field.startsWith("Value")) return { text: members[0]?.labels[field] ?? "–", mood: "plain" };
        const query = field === "Value" ? 0 : (field.at(-1) ?? "A").charCodeAt(0) - "A".charCodeAt(0);
        const member = members.find((one) => one.query === query);
        const unit = settings(heading, "unit");
        return figureOf(
          member ? latest(member) : null,
          panel,
          typeof unit === "string" ? unit : undefined,
          settings(heading, "thresholds") as Limits,
        );
      }),
    ),
  };
}
