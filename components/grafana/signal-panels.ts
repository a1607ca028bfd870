import type { DashboardKey } from "../signals/panels.ts";
import type { PlatformSignal } from "../signals/platform.ts";
import type { Section } from "./dashboard.ts";
import type { Line } from "./layout.ts";
import type { Panel } from "./panel.ts";
import type { Limit, View } from "./view.ts";
import { limitOfSignal, runbooksOf, type WatchingAlert } from "./watching-alerts.ts";

/** What a dashboard says of a signal beyond the signal itself. Left out: lines over time. */
export interface Presentation {
  /** Words for 0 and 1, for a signal that has no other value. */
  readonly states?: { readonly good: string; readonly bad: string };
}

/** Presentations by the signal's id. */
export type Presentations = Readonly<Record<string, Presentation>>;

/** How many panels of a third of the width stand side by side before they become too narrow to read. */
const MOST_ABREAST = 3;
const CHART_HEIGHT = 8;

/** Every signal of the dashboard as one panel, under the heading of its row, in the order of the signals. */
export function sectionsOf(
  dashboard: DashboardKey,
  signals: readonly PlatformSignal[],
  presentations: Presentations,
  alerts: readonly WatchingAlert[],
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

/** The signal as a panel, under its own id, with the runbooks of the alerts that watch it. */
export function signalPanel(
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
    links: runbooksOf(signal, alerts),
  };
}

function viewOf({ states }: Presentation, limit: Limit | undefined): View {
  if (states) return { kind: "states", ...states };
  return limit ? { kind: "lines", limit } : { kind: "lines" };
}

/** As few lines as hold the panels, each with as many as the others or one more: seven become three, two and two. */
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
