import { memoize, memoizeByObject } from "../../core/memoize.ts";
import type { Alike } from "../../lint/alike.ts";
import type { World } from "../../lint/check.ts";
import { type Expression, within } from "../../promql/expression.ts";
import { parseQuery, UnreadableQuery } from "../../promql/parse.ts";
import type { DashboardJson, PanelJson, TargetJson, VariableJson } from "../json.ts";

/** The fields of an alert that the checks of dashboards use. */
export interface LinkedAlert {
  readonly name: string;
  readonly expr: string;
  readonly dashboardUrl: string | undefined;
}

/** Dashboards, alerts, rules and monitors of an environment. */
export interface DashboardWorld extends World {
  readonly dashboards: readonly DashboardJson[];
  readonly alerts: readonly LinkedAlert[];
  /** Which services' rules are alike. Default: none. */
  readonly alike?: Alike;
}

/** One fault; `panel` is the title of the panel with the fault, if it is in one panel. */
export interface Fault {
  readonly panel?: string;
  /** A phrase that continues after the name of the dashboard or panel. */
  readonly what: string;
}

/** One check of dashboards. */
export interface DashboardCheck {
  /** Kebab-case and stable: exclusions refer to it. */
  readonly id: string;
  /** The requirement, in one sentence. */
  readonly title: string;
  /** The consequence of a violation. */
  readonly why: string;
  readonly judge: (dashboard: DashboardJson, world: DashboardWorld) => readonly Fault[];
}

/** Kinds of panels without a query of metrics. */
const WITHOUT_QUERY = new Set<string>(["text", "news", "dashlist", "alertlist", "annolist", "welcome"]);

/** The panels of a dashboard that show the results of queries, also those in collapsed rows. Every check reads them. */
export const panelsOf: (dashboard: Pick<DashboardJson, "panels">) => readonly PanelJson[] = memoizeByObject(
  ({ panels }) => withQueries(panels),
);

function withQueries(panels: DashboardJson["panels"]): readonly PanelJson[] {
  return panels.flatMap((panel) => {
    if (panel.type === "row") return withQueries((panel.panels ?? []) as DashboardJson["panels"]);
    return WITHOUT_QUERY.has(panel.type) ? [] : [panel as PanelJson];
  });
}

export function variablesOf({ templating }: DashboardJson): readonly VariableJson[] {
  return templating.list ?? [];
}

/** A check of each panel. */
export function ofPanels(
  find: (panel: PanelJson, dashboard: DashboardJson, world: DashboardWorld) => readonly string[],
): DashboardCheck["judge"] {
  return (dashboard, world) =>
    panelsOf(dashboard).flatMap((panel) =>
      find(panel, dashboard, world).map((what) => ({ panel: panel.title ?? "", what })),
    );
}

/** A check of each target. */
export function ofTargets(
  find: (target: TargetJson, panel: PanelJson, world: DashboardWorld) => readonly string[],
): DashboardCheck["judge"] {
  return ofPanels((panel, _, world) => panel.targets.flatMap((target) => find(target, panel, world)));
}

/** A check of each valid query; target-promql reports the invalid ones. */
export function ofQueries(
  find: (query: Expression, target: TargetJson, panel: PanelJson, world: DashboardWorld) => readonly string[],
): DashboardCheck["judge"] {
  return ofTargets((target, panel, world) => {
    const query = readTarget(target);
    return query instanceof UnreadableQuery ? [] : find(query, target, panel, world);
  });
}

/** The replacement of `$__rate_interval` for parsing, in seconds: a number that does not occur in queries. */
export const RATE_INTERVAL = 7919;

/** The parsed query of a target with its variables replaced; the error for an invalid query. */
export function readTarget({ expr }: Pick<TargetJson, "expr">): Expression | UnreadableQuery {
  return readSent(expr);
}

// Every check reads every target.
const readSent = memoize((expr: string): Expression | UnreadableQuery => {
  try {
    return parseQuery(asSent(expr));
  } catch (error) {
    if (error instanceof UnreadableQuery) return error;
    throw error;
  }
});

/** A query as Grafana sends it to Prometheus, with the rate interval {@link RATE_INTERVAL}. */
export function asSent(expr: string): string {
  return (
    expr
      .replaceAll(/\$(?:__rate_interval|\{__rate_interval\})/g, `${RATE_INTERVAL}s`)
      .replaceAll(/\$(?:__range_s|\{__range_s\})/g, "21600")
      .replaceAll(/\$(?:__(?:interval|range)|\{__(?:interval|range)\})/g, "6h")
      // A dollar sign before a digit is a capture group of label_replace.
      .replaceAll(/\$(?:\{[a-zA-Z_]\w*(?::\w+)?\}|[a-zA-Z_]\w*)/g, ".*")
  );
}

/** The calls of some functions in a query, each with its range argument, if it has one. */
export function callsOf(query: Expression, names: ReadonlySet<string>) {
  return within(query).flatMap((part) => {
    if (part.kind !== "call" || !names.has(part.name)) return [];
    const range = part.args.find((arg) => arg.kind === "range");
    return [{ name: part.name, call: part, range }];
  });
}

/** Values that occur more than once. */
export function duplicates<T>(values: readonly T[]): readonly T[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}
