import type { World } from "../../lint/check.ts";
import { type Expression, within } from "../../promql/expression.ts";
import { parseQuery, UnreadableQuery } from "../../promql/parse.ts";
import type { DashboardJson, PanelJson, TargetJson, VariableJson } from "../json.ts";

/** An alert as far as dashboards are concerned. */
export interface LinkedAlert {
  readonly name: string;
  readonly expr: string;
  readonly dashboardUrl: string | undefined;
}

/** What a dashboard stands among. */
export interface DashboardWorld extends World {
  readonly dashboards: readonly DashboardJson[];
  readonly alerts: readonly LinkedAlert[];
}

/** One thing that is wrong; `panel` is the title of the panel that it is wrong with, if it is one panel's. */
export interface Fault {
  readonly panel?: string;
  /** A phrase that goes on from the dashboard's or the panel's name. */
  readonly what: string;
}

/** One thing that dashboards are held to. */
export interface DashboardCheck {
  /** Kebab-case and stable: exclusions are addressed by it. */
  readonly id: string;
  /** What holds of a good dashboard, in one sentence. */
  readonly title: string;
  /** What goes wrong without it. */
  readonly why: string;
  readonly judge: (dashboard: DashboardJson, world: DashboardWorld) => readonly Fault[];
}

/** The panels of a dashboard, without its headings. */
export function panelsOf({ panels }: DashboardJson): readonly PanelJson[] {
  return panels.filter((panel): panel is PanelJson => panel.type !== "row");
}

export function variablesOf({ templating }: DashboardJson): readonly VariableJson[] {
  return templating.list ?? [];
}

/** A check of every panel by itself. */
export function ofPanels(
  find: (panel: PanelJson, dashboard: DashboardJson, world: DashboardWorld) => readonly string[],
): DashboardCheck["judge"] {
  return (dashboard, world) =>
    panelsOf(dashboard).flatMap((panel) =>
      find(panel, dashboard, world).map((what) => ({ panel: panel.title ?? "", what })),
    );
}

/** A check of every target by itself. */
export function ofTargets(
  find: (target: TargetJson, panel: PanelJson, world: DashboardWorld) => readonly string[],
): DashboardCheck["judge"] {
  return ofPanels((panel, _, world) => panel.targets.flatMap((target) => find(target, panel, world)));
}

/** A check of every query that can be read; the others are found by target-promql. */
export function ofQueries(
  find: (query: Expression, target: TargetJson, panel: PanelJson, world: DashboardWorld) => readonly string[],
): DashboardCheck["judge"] {
  return ofTargets((target, panel, world) => {
    const query = readTarget(target);
    return query instanceof UnreadableQuery ? [] : find(query, target, panel, world);
  });
}

/** What `$__rate_interval` becomes while a query is read: a length that nobody writes, in seconds. */
export const RATE_INTERVAL = 7919;

/** A target's query as a tree, its variables replaced by what they may stand for; the error, where it is none. */
export function readTarget({ expr }: Pick<TargetJson, "expr">): Expression | UnreadableQuery {
  try {
    return parseQuery(asSent(expr));
  } catch (error) {
    if (error instanceof UnreadableQuery) return error;
    throw error;
  }
}

/** A query as Prometheus would be sent it, over a range of {@link RATE_INTERVAL}. */
export function asSent(expr: string): string {
  return (
    expr
      .replaceAll(/\$(?:__rate_interval|\{__rate_interval\})/g, `${RATE_INTERVAL}s`)
      .replaceAll(/\$(?:__range_s|\{__range_s\})/g, "21600")
      .replaceAll(/\$(?:__(?:interval|range)|\{__(?:interval|range)\})/g, "6h")
      // A dollar before a digit names a group of label_replace.
      .replaceAll(/\$(?:\{[a-zA-Z_]\w*(?::\w+)?\}|[a-zA-Z_]\w*)/g, ".*")
  );
}

/** The calls of some functions within a query, each with the range that it is over, if it is over one. */
export function callsOf(query: Expression, names: ReadonlySet<string>) {
  return within(query).flatMap((part) => {
    if (part.kind !== "call" || !names.has(part.name)) return [];
    const range = part.args.find((arg) => arg.kind === "range");
    return [{ name: part.name, call: part, range }];
  });
}

/** Values that stand there more than once. */
export function doubles<T>(values: readonly T[]): readonly T[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}
