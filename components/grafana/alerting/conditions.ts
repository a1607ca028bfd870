import { seconds } from "../../core/duration.ts";
import type {
  AlertQuery,
  GrafanaAlertDefinition,
  GrafanaAlertGroup,
  GrafanaAlertParameters,
  QueryName,
} from "./definition.ts";

// An alert as the steps that Grafana evaluates: the queries, a reduction of each query to one number, the formula if there is one, and
// the threshold.

/** One step of a rule; `model` has the form of its data source, or of Grafana's expressions. */
export interface RuleStep {
  readonly refId: string;
  readonly datasourceUid: string;
  /** Seconds before the evaluation. */
  readonly relativeTimeRange: { readonly from: number; readonly to: number };
  readonly model: Readonly<Record<string, unknown>>;
}

/** The data sources of the steps. */
export interface AlertSources {
  readonly prometheus: string;
  /** Left out if the environment has no CloudWatch alerts. */
  readonly cloudwatch?: { readonly uid: string; readonly region: string };
}

/** The refId of the step that decides whether the alert fires. */
export const CONDITION = "T";
/** The refId of the compared value; templates read it. */
const VALUE = "V";

/** The data source of Grafana's own expressions. */
const EXPRESSIONS = "__expr__";

/** If these are left out, Grafana adds them, and the provider then shows a difference in every preview. */
const ALWAYS = { intervalMs: 1000, maxDataPoints: 43_200 };

/**
 * Range of CloudWatch queries, in seconds. Metrics arrive up to two minutes late, so the newest two minutes are left out.
 */
const CLOUDWATCH_RANGE = { from: 1020, to: 120 };
/** Period of one CloudWatch data point, in seconds. */
const CLOUDWATCH_PERIOD = 300;
/** The queries to Prometheus are instant queries, but Grafana requires a range. */
const PROMETHEUS_RANGE = { from: 600, to: 0 };
const NO_RANGE = { from: 0, to: 0 };

/** The steps of an alert. Each step uses only earlier ones. */
export function ruleSteps(
  alert: GrafanaAlertDefinition,
  parameters: GrafanaAlertParameters,
  sources: AlertSources,
): readonly RuleStep[] {
  const queries = Object.entries(alert.queries) as [QueryName, AlertQuery][];
  return [
    ...queries.map(([name, query]) => queryStep(name, query, parameters, sources)),
    ...queries.map(([name]) => expression(reducedName(alert, name), reduction(name, alert.reduce))),
    ...(alert.formula === undefined ? [] : [expression(VALUE, formula(alert.formula))]),
    expression(CONDITION, threshold(alert)),
  ];
}

/** The refId of a reduced query: that of the compared value if there is no formula. */
function reducedName({ formula: over }: GrafanaAlertDefinition, name: QueryName): string {
  return over === undefined ? VALUE : `R${name}`;
}

function queryStep(
  refId: QueryName,
  query: AlertQuery,
  parameters: GrafanaAlertParameters,
  { prometheus, cloudwatch }: AlertSources,
): RuleStep {
  if (query.source === "prometheus")
    return {
      refId,
      datasourceUid: prometheus,
      relativeTimeRange: PROMETHEUS_RANGE,
      model: {
        refId,
        datasource: { type: "prometheus", uid: prometheus },
        editorMode: "code",
        expr: query.expr(parameters),
        instant: true,
        range: false,
        ...ALWAYS,
      },
    };
  if (cloudwatch === undefined)
    throw new Error("the alert queries CloudWatch, and there is no CloudWatch data source");
  return {
    refId,
    datasourceUid: cloudwatch.uid,
    relativeTimeRange: CLOUDWATCH_RANGE,
    model: {
      refId,
      datasource: { type: "cloudwatch", uid: cloudwatch.uid },
      queryMode: "Metrics",
      // Grafana's numbers for a Metrics Insights query in text form.
      metricQueryType: 1,
      metricEditorMode: 1,
      region: cloudwatch.region,
      sqlExpression: query.sql(parameters),
      period: String(CLOUDWATCH_PERIOD),
      // The query contains these. Without the fields, Grafana's editor does not open the query.
      namespace: "",
      metricName: "",
      dimensions: {},
      statistic: "Average",
      expression: "",
      id: "",
      matchExact: true,
      ...ALWAYS,
    },
  };
}

function expression(refId: string, model: Readonly<Record<string, unknown>>): RuleStep {
  return {
    refId,
    datasourceUid: EXPRESSIONS,
    relativeTimeRange: NO_RANGE,
    model: { refId, datasource: { type: EXPRESSIONS, uid: EXPRESSIONS }, ...model, ...ALWAYS },
  };
}

/** Drops points without a number: CloudWatch has no value for a period without measurements. */
function reduction(query: QueryName, reducer: GrafanaAlertDefinition["reduce"]) {
  return { type: "reduce", expression: query, reducer, settings: { mode: "dropNN" } };
}

function formula(over: string) {
  return { type: "math", expression: over.replaceAll(/\$([A-C])\b/g, "$R$1") };
}

function threshold({ limit: { value, bad } }: GrafanaAlertDefinition) {
  const evaluator = { type: bad === "above" ? "gt" : "lt", params: [value] };
  return { type: "threshold", expression: VALUE, conditions: [{ evaluator }] };
}

/** The queries and the threshold as text, for reports. */
export function conditionText(
  { queries, reduce, formula: over, limit }: GrafanaAlertDefinition,
  parameters: GrafanaAlertParameters,
): string {
  const asked = (Object.entries(queries) as [QueryName, AlertQuery][]).map(([name, query]) => {
    const text = query.source === "prometheus" ? query.expr(parameters) : query.sql(parameters);
    return `${name} = ${query.source === "prometheus" ? text : `${reduce} of ${text}`}`;
  });
  return [...asked, `${over ?? "$A"} ${limit.bad === "above" ? ">" : "<"} ${limit.value}`].join("\n");
}

/** Reasons why Grafana cannot evaluate a group; empty for a valid one. */
export function groupFaults({ interval, alerts }: GrafanaAlertGroup): string[] {
  return alerts
    .filter(({ for: held }) => seconds(held) % seconds(interval) !== 0)
    .map(
      ({ name, for: held }) =>
        `the "for" of ${name} is ${held}, which is not a multiple of the evaluation interval ${interval}`,
    );
}
