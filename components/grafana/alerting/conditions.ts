import { seconds } from "../../core/duration.ts";
import type {
  AlertQuery,
  GrafanaAlertDefinition,
  GrafanaAlertGroup,
  GrafanaAlertParameters,
  QueryName,
} from "./definition.ts";

// What an alert asks and compares, as the steps that Grafana evaluates: each query, each query as one number, a formula over these
// where there is one, and the limit.

/** One step of a rule; `model` is the data source's own, or that of Grafana's expressions. */
export interface RuleStep {
  readonly refId: string;
  readonly datasourceUid: string;
  /** Seconds before the evaluation. */
  readonly relativeTimeRange: { readonly from: number; readonly to: number };
  readonly model: Readonly<Record<string, unknown>>;
}

/** Where the steps ask. */
export interface AlertSources {
  readonly prometheus: string;
  /** Left out where there is no AWS to ask. */
  readonly cloudwatch?: { readonly uid: string; readonly region: string };
}

/** The step whose outcome decides. */
export const CONDITION = "T";
/** The step that holds what is compared; templates read it. */
export const VALUE = "V";

/** The data source of Grafana's own expressions. */
const EXPRESSIONS = "__expr__";

/** Grafana fills these two in where they are left out, and a provider then sees a difference for ever. */
const ALWAYS = { intervalMs: 1000, maxDataPoints: 43_200 };

/**
 * How far back CloudWatch is asked, in seconds. Its metrics are up to two minutes late; without those, the newest point is whole.
 */
const CLOUDWATCH_RANGE = { from: 1020, to: 120 };
/** Seconds that one point of CloudWatch stands for. */
const CLOUDWATCH_PERIOD = 300;
/** Prometheus is asked of one moment, for which Grafana wants a range all the same. */
const PROMETHEUS_RANGE = { from: 600, to: 0 };
const NO_RANGE = { from: 0, to: 0 };

/** The steps of an alert, in the order in which each needs those before it. */
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

/** A query as a number goes by a name of its own, but where it is what is compared. */
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
  if (cloudwatch === undefined) throw new Error("an alert that asks CloudWatch, where there is none");
  return {
    refId,
    datasourceUid: cloudwatch.uid,
    relativeTimeRange: CLOUDWATCH_RANGE,
    model: {
      refId,
      datasource: { type: "cloudwatch", uid: cloudwatch.uid },
      queryMode: "Metrics",
      // Grafana's numbers for a query of Metrics Insights that is written as text.
      metricQueryType: 1,
      metricEditorMode: 1,
      region: cloudwatch.region,
      sqlExpression: query.sql(parameters),
      period: String(CLOUDWATCH_PERIOD),
      // The query says these itself; without the fields an editor of Grafana's does not open it.
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

/** Points that are no number are left out: CloudWatch has none for a period in which nothing was measured. */
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

/** What is asked and compared as one line, for people. */
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

/** Why a group cannot be evaluated as it is written; nothing for a good one. */
export function groupFaults({ interval, alerts }: GrafanaAlertGroup): string[] {
  return alerts
    .filter(({ for: held }) => seconds(held) % seconds(interval) !== 0)
    .map(({ name, for: held }) => `${name} must hold for ${held}, which is no multiple of ${interval}`);
}
