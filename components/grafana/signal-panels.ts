import type { DashboardKey } from "../signals/panels.ts";
import type { PlatformSignal } from "../signals/platform.ts";
import type { Section } from "./dashboard.ts";
import type { Line } from "./layout.ts";
import type { Panel } from "./panel.ts";
import type { Limit, View } from "./view.ts";
import { alertLinksOf, limitOfSignal, type WatchingAlert } from "./watching-alerts.ts";

/** How a dashboard shows a signal. Default: lines over time. */
interface Presentation {
  /** Texts for 0 (good) and 1 (bad), for a signal without other values. */
  readonly states?: { readonly good: string; readonly bad: string };
}

/** Presentations by the signal's id. */
export type Presentations = Readonly<Record<string, Presentation>>;

/** The signals and alerts of an environment. */
export interface Watched {
  /** The platform's signals, without those of jobs that this cluster does not have. */
  readonly signals: readonly PlatformSignal[];
  readonly alerts: readonly WatchingAlert[];
}

/** Maximum number of charts side by side; more would be too narrow to read. */
const MOST_ABREAST = 3;
const CHART_HEIGHT = 8;
const TILE_HEIGHT = 4;

/** A panel for every signal of the dashboard, in the row of the signal and in the order of the signals. */
export function sectionsOf(
  dashboard: DashboardKey,
  { signals, alerts }: Watched,
  presentations: Presentations = {},
): Section[] {
  const drawn = signals.filter((signal) => signal.dashboard === dashboard);
  const rows = [...new Set(drawn.map(({ row }) => row))];
  return rows.map((row) => ({
    title: row,
    lines: balanced(
      drawn
        .filter((signal) => signal.row === row)
        .map((signal) => signalPanel(signal, presentations[signal.id] ?? {}, alerts)),
    ),
  }));
}

/** A signal as a panel with links to its alerts. The key is the id of the signal. */
function signalPanel(
  signal: PlatformSignal,
  presentation: Presentation,
  alerts: readonly WatchingAlert[],
): Panel {
  const { id, title, description, unit, expr, legend } = signal;
  return {
    key: id,
    title,
    description,
    unit,
    view: viewOf(presentation, limitOfSignal(signal, alerts)),
    queries: [{ expr, legend }],
    links: alertLinksOf(signal, alerts),
  };
}

function viewOf({ states }: Presentation, limit: Limit | undefined): View {
  if (states) return { kind: "states", ...states };
  return limit ? { kind: "lines", limit } : { kind: "lines" };
}

/** A panel with the current value as a number. */
export interface Tile {
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly expr: string;
  readonly limit?: Limit;
  /** Default: `short`. */
  readonly unit?: string;
  /** An instant query without a sparkline, for queries over the whole time range. */
  readonly instant?: true;
}

/** A number as a panel. */
export function tile({ key, title, description, expr, limit, unit = "short", instant }: Tile): Panel {
  return {
    key,
    title,
    description,
    unit,
    view: { kind: "number", ...(limit ? { limit } : {}), ...(instant ? { instant } : {}) },
    queries: [{ expr, legend: title }],
    links: [],
  };
}

/** Numbers side by side. */
export function tiles(...numbers: readonly Tile[]): Line<Panel> {
  return { height: TILE_HEIGHT, things: numbers.map(tile) };
}

/** Distributes panels over as few lines as possible, and evenly: seven become three, two and two. */
export function balanced(panels: readonly Panel[]): Line<Panel>[] {
  const count = Math.ceil(panels.length / MOST_ABREAST);
  let taken = 0;
  return Array.from({ length: count }, (_, index) => {
    const size = Math.ceil((panels.length - taken) / (count - index));
    const things = panels.slice(taken, taken + size);
    taken += size;
    return { height: CHART_HEIGHT, things };
  });
}
