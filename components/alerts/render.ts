import type { IPrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import { duration, seconds } from "../core/duration.ts";
import { componentLabels, type Evaluator, evaluatedBy } from "../core/labels.ts";
import { memoize, memoizeByObject } from "../core/memoize.ts";
import { LOOKBACK_SECONDS } from "../core/rules.ts";
import { type Expression, hasRange, within } from "../promql/expression.ts";
import { parseQuery } from "../promql/parse.ts";
import type { GrafanaAddress } from "../signals/panels.ts";
import { panelOf } from "../signals/platform.ts";
import type { Severity } from "../signals/severity.ts";
import { type AlertLinks, annotationsOf, rendered, runbookUrl } from "./annotations.ts";
import {
  type AlertArea,
  type AlertCase,
  type AlertParameters,
  AREAS,
  type ExpectedAlert,
  type InputSeries,
  rangeOf,
  type Situation,
} from "./definition.ts";
import {
  type AlertsContext,
  type PromtoolAlertTest,
  type PromtoolCase,
  type PromtoolTestFile,
  type ReportedAlert,
  type ResolvedAlert,
  resolveAlerts,
} from "./model.ts";
import { seriesOfOtherJobs } from "./other-jobs.ts";

export interface AlertRulesArgs extends AlertsContext {
  /** The team that owns the platform: the label `team` of every alert here. */
  readonly owner: string;
  /** Where the dashboards are. Without it alerts link to none. */
  readonly grafana?: GrafanaAddress;
  /** Namespace of the rules. */
  readonly namespace: string;
  /**
   * The severities that Alertmanager does not inhibit, because their receivers keep an incident open until they are notified of its
   * end. While a cause fires, the rules of these alerts end them. Default: critical.
   */
  readonly incidentSeverities?: readonly Severity[];
  /** Where the rules are evaluated. Default: local. */
  readonly rules?: "local" | "store";
}

type Rule = NonNullable<NonNullable<IPrometheusRule["spec"]["groups"]>[number]["rules"]>[number];

/**
 * The area that Prometheus evaluates itself in any case: whether it works, whether its samples arrive in the store and its alerts at
 * Alertmanager. A store that receives nothing more cannot say that.
 */
const ALWAYS_LOCAL: AlertArea = "prometheus";
/**
 * The alert that says that notifications of its evaluator are delivered. Another alert manager needs one of its own. Thanos Ruler sends to
 * the same Alertmanager: its own would go on while Prometheus does not work, and Prometheus alerts about the ruler.
 */
const HEARTBEAT = "Watchdog";
const HEARTBEAT_OBJECT = "heartbeat";

/**
 * The catalogue as PrometheusRule objects, one per area and keyed by it; areas without an alert are left out. Where the store evaluates
 * rules, the objects of all areas but one have the label of {@link evaluatedBy}, and one more has Prometheus' own heartbeat.
 */
export function renderAlertRules(args: AlertRulesArgs): Record<string, IPrometheusRule> {
  const { rules: where = "local" } = args;
  const hasRuler = evaluatesOnCluster(args);
  const here: Evaluator = hasRuler ? "prometheus" : "local";
  const objects = byArea(args, (area, alerts) => {
    const moved = hasRuler ? alerts.filter(({ name }) => name !== HEARTBEAT) : alerts;
    return area === ALWAYS_LOCAL
      ? ruleObject(area, alerts, args, here)
      : ruleObject(area, moved, args, where);
  });
  if (where === "local") return objects;
  const heartbeat = resolveAlerts(args).filter(({ name }) => name === HEARTBEAT);
  return { ...objects, [HEARTBEAT_OBJECT]: ruleObject(HEARTBEAT_OBJECT, heartbeat, args, here) };
}

/** Whether another program of the cluster evaluates rules, and takes all that have no label. */
function evaluatesOnCluster({ rules, cluster }: AlertRulesArgs): boolean {
  return rules === "store" && cluster.evaluator !== undefined;
}

function ruleObject(
  area: string,
  alerts: readonly ResolvedAlert[],
  args: AlertRulesArgs,
  where: Evaluator,
): IPrometheusRule {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: {
      name: ruleName(area),
      namespace: args.namespace,
      labels: { ...componentLabels("platform-alerts", ruleName(area), "alerts"), ...evaluatedBy(where) },
    },
    spec: { groups: [{ name: `${area}.alerts`, rules: alerts.map((alert) => rule(alert, args)) }] },
  };
}

/** The tests of the same alerts as files for promtool, keyed by file name without its extension. */
export function renderAlertTests(args: AlertRulesArgs): Record<string, PromtoolTestFile> {
  const files = byArea(args, (area, alerts) => ({
    rule_files: [area, ...heartbeatOf(alerts, args)].map((name) => `../rules/${ruleName(name)}.yaml`),
    evaluation_interval: args.scrapeInterval,
    tests: alerts.flatMap((alert) => alert.cases.map((one) => promtoolCase(alert, one, args))),
  }));
  return Object.fromEntries(Object.entries(files).map(([area, file]) => [ruleName(area), file]));
}

/** The object beside that of an area that has one of its alerts. */
function heartbeatOf(alerts: readonly ResolvedAlert[], args: AlertRulesArgs): readonly string[] {
  return evaluatesOnCluster(args) && alerts.some(({ name }) => name === HEARTBEAT) ? [HEARTBEAT_OBJECT] : [];
}

/** The same alerts as reports list them. */
export function alertsOf(args: AlertRulesArgs): ReportedAlert[] {
  const links = linksOf(args);
  return resolveAlerts(args).map((alert) => ({
    name: alert.name,
    severity: alert.parameters.severity,
    team: args.owner,
    for: alert.parameters.for,
    summary: alert.summary,
    runbookUrl: runbookUrl(alert.name, links),
    ...(alert.signal ? { panel: panelOf(alert.signal) } : {}),
    expr: queryOf(alert, args),
    group: alert.area,
  }));
}

/** The name of an area's PrometheusRule, and of its files. */
function ruleName(area: string): string {
  return `platform-${area}`;
}

function byArea<T>(
  args: AlertRulesArgs,
  render: (area: AlertArea, alerts: readonly ResolvedAlert[]) => T,
): Record<string, T> {
  const resolved = resolveAlerts(args);
  return Object.fromEntries(
    AREAS.flatMap((area) => {
      const alerts = resolved.filter((alert) => alert.area === area);
      return alerts.length > 0 ? [[area, render(area, alerts)]] : [];
    }),
  );
}

function linksOf({ settings, grafana }: AlertRulesArgs): AlertLinks {
  return { runbookBaseUrl: settings.runbookBaseUrl, ...(grafana ? { grafana } : {}) };
}

function routingLabels({ parameters }: ResolvedAlert, { owner }: AlertRulesArgs): Record<string, string> {
  return { severity: parameters.severity, team: owner };
}

/** The annotations, and the owner: some receivers show annotations only. */
function annotationTemplates(alert: ResolvedAlert, args: AlertRulesArgs): Record<string, string> {
  return { ...annotationsOf(alert, alert.parameters, linksOf(args)), owner: args.owner };
}

/** The query of an alert; of one that Alertmanager does not inhibit, without what a cause that fires explains. */
function queryOf(
  { expr, parameters, mutedBy = [] }: ResolvedAlert,
  { incidentSeverities = ["critical"] }: AlertRulesArgs,
): string {
  const query = expr(parameters);
  if (mutedBy.length === 0 || !incidentSeverities.includes(parameters.severity)) return query;
  const causes = mutedBy.map(
    ({ alert, equal }) =>
      ` unless on (${equal.join(", ")}) ALERTS{alertname="${alert}", alertstate="firing"}`,
  );
  return `(${query})${causes.join("")}`;
}

function rule(alert: ResolvedAlert, args: AlertRulesArgs): Rule {
  const { parameters, keepFiringFor } = alert;
  return {
    alert: alert.name,
    expr: queryOf(alert, args),
    // A `for` of nothing is left out: Prometheus would drop it from what it reports, too.
    ...(seconds(parameters.for) > 0 ? { for: parameters.for } : {}),
    ...(keepFiringFor ? { keep_firing_for: keepFiringFor } : {}),
    labels: routingLabels(alert, args),
    annotations: annotationTemplates(alert, args),
  };
}

/** For so many evaluations after the time at which the alert would fire, a case without an alert is checked. */
const SILENT_EVALUATIONS = 10;

// A situation depends only on the parameters, which are the same in most environments: each is built once.
const situations = memoizeByObject((one: AlertCase) =>
  memoize((parameters: string) => one.build(JSON.parse(parameters) as AlertParameters)),
);

function situationOf(one: AlertCase, parameters: AlertParameters): Situation {
  return situations(one)(JSON.stringify(parameters));
}

// The samples of its series depend only on the situation and on how long it is checked.
const inputs = memoizeByObject((_: Situation) => new Map<number, PromtoolCase["input_series"]>());

function inputsOf(alert: ResolvedAlert, situation: Situation, last: number): PromtoolCase["input_series"] {
  const made = inputs(situation);
  const series =
    made.get(last) ??
    [...situation.series, ...otherJobs(alert, situation)].map((input) => ({
      series: input.series,
      values: input.values(last),
    }));
  made.set(last, series);
  return series;
}

function promtoolCase(alert: ResolvedAlert, one: AlertCase, args: AlertRulesArgs): PromtoolCase {
  const { parameters } = alert;
  const situation = situationOf(one, parameters);
  const { alerts, holdsFrom, stops } = situation;
  const step = seconds(args.scrapeInterval);
  const due = Math.ceil((holdsFrom + seconds(parameters.for)) / step);
  const checks: [evaluation: number, expected: readonly ExpectedAlert[]][] = [];
  let last = due;
  if (alerts.length > 0) {
    // One evaluation early it must still be pending.
    if (due > 0) checks.push([due - 1, []]);
    checks.push([due, alerts]);
  } else {
    last = due + SILENT_EVALUATIONS;
    checks.push([due, []], [last, []]);
  }
  if (stops !== undefined) {
    last = Math.ceil(stops.by / step);
    checks.push([Math.floor(stops.after / step), alerts], [last, []]);
  }
  // If a case does not define when the alert resolves, the scrapes stop, and the alert resolves when they have left the query's range.
  const forgotten = stops === undefined && alerts.length > 0 ? forgottenAt(alert, last, step) : undefined;
  if (forgotten !== undefined) checks.push([forgotten - 1, alerts], [forgotten, []]);

  return {
    name: `${alert.name} ${one.title}`,
    interval: args.scrapeInterval,
    input_series: inputsOf(alert, situation, last),
    alert_rule_test: checks.map(([evaluation, expected]) => check(alert, evaluation * step, expected, args)),
  };
}

/** The alerts that promtool must see at a time, in seconds from the start. */
function check(
  alert: ResolvedAlert,
  moment: number,
  expected: readonly ExpectedAlert[],
  args: AlertRulesArgs,
): PromtoolAlertTest {
  const annotations = Object.entries(annotationTemplates(alert, args));
  return {
    eval_time: duration(moment),
    alertname: alert.name,
    exp_alerts: expected.map((fired) => ({
      exp_labels: { ...fired.labels, ...routingLabels(alert, args) },
      exp_annotations: Object.fromEntries(
        annotations.map(([name, template]) => [name, rendered(template, fired)]),
      ),
    })),
  };
}

/** Series of other jobs, which the alert must not read; none for an alert whose query names no job. */
function otherJobs({ jobs, cases, parameters }: ResolvedAlert, situation: Situation): InputSeries[] {
  if (jobs.length === 0) return [];
  const all = cases.map((one) => situationOf(one, parameters));
  return seriesOfOtherJobs(situation, all);
}

/**
 * The first evaluation at which an alert is resolved if there are no scrapes any more: the range of its query has too few samples, or an instant
 * selector finds none, and the time for which it keeps firing is over. Undefined for an alert with ranges of its own, whose cases say when it stops.
 */
function forgottenAt(
  { lookback, keepFiringFor, parameters, expr }: ResolvedAlert,
  last: number,
  step: number,
): number | undefined {
  const isInstant = keepFiringFor !== undefined && endsWithInstant(parseQuery(expr(parameters)));
  if (lookback === undefined && !isInstant) return undefined;
  const range = lookback === undefined ? LOOKBACK_SECONDS : seconds(rangeOf(parameters, lookback.range));
  const samples = lookback?.samples ?? 1;
  return last + 1 - samples + Math.ceil(range / step) + Math.ceil(seconds(keepFiringFor ?? "0s") / step);
}

/**
 * Whether a query has no result as soon as an instant selector finds nothing. That is so for the left side of `and` and `unless`, if no range
 * on the right ends earlier: those of the catalogue are longer than an instant selector looks back. A range with an offset moves on over the
 * samples before, and may end earlier.
 */
function endsWithInstant(query: Expression): boolean {
  const isFiltered = query.kind === "binary" && (query.operator === "and" || query.operator === "unless");
  if (!isFiltered) return !hasRange(query);
  return (
    endsWithInstant(query.left) &&
    !within(query.right).some((part) => part.kind === "range" && part.offset !== 0)
  );
}
