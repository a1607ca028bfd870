import { seconds } from "../../../components/core/duration.ts";
import type { WrittenGroup } from "../../../components/core/rules.ts";
import {
  type Expression,
  partsOf,
  type SelectorExpression,
  selectorsOf,
} from "../../../components/promql/expression.ts";
import { canMatch } from "../../../components/promql/matching.ts";
import { parsedQuery } from "../../../components/promql/parse.ts";
import { nodesOf, textOf } from "../../../components/promql/tree.ts";
import { isMap } from "../leaves.ts";
import type { EnvironmentModel } from "../model.ts";

/** A rule of Prometheus as an environment deploys it. */
export interface ReplayedRule {
  readonly kind: "alert" | "record";
  readonly name: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly group: string;
  /** Seconds between two evaluations. */
  readonly interval: number;
  /** In seconds. */
  readonly hold: number;
  readonly keep: number;
}

/** What the operator sets where a Prometheus has none. */
const EVALUATION_INTERVAL = "30s";

/** The rules of an environment, in the order of their groups. */
export function rulesOf({ resources }: Pick<EnvironmentModel, "resources">): readonly ReplayedRule[] {
  const every = prometheusSpec(resources)["evaluationInterval"];
  const usual = typeof every === "string" ? every : EVALUATION_INTERVAL;
  return resources
    .filter(({ type }) => type === "kubernetes:monitoring.coreos.com/v1:PrometheusRule")
    .flatMap(({ inputs }) => {
      const spec = inputs["spec"] as { readonly groups?: readonly WrittenGroup[] } | undefined;
      return (spec?.groups ?? []).flatMap((group) => rulesIn(group, usual));
    });
}

function rulesIn({ name: group, interval, rules }: WrittenGroup, usual: string): readonly ReplayedRule[] {
  return rules.map(({ alert, record, expr, for: hold, keep_firing_for: keep, labels = {} }) => ({
    kind: alert === undefined ? "record" : "alert",
    name: alert ?? record ?? "",
    expr,
    labels,
    group,
    interval: seconds(interval ?? usual),
    hold: seconds(hold ?? "0s"),
    keep: seconds(keep ?? "0s"),
  }));
}

/** The names of the labels that Prometheus puts on all that leaves it, such as `cluster`. */
export function externalLabelsOf({ resources }: Pick<EnvironmentModel, "resources">): ReadonlySet<string> {
  const { externalLabels, replicaExternalLabelName, prometheusExternalLabelName } = prometheusSpec(resources);
  return new Set([
    ...(isMap(externalLabels) ? Object.keys(externalLabels) : []),
    typeof replicaExternalLabelName === "string" ? replicaExternalLabelName : "prometheus_replica",
    typeof prometheusExternalLabelName === "string" ? prometheusExternalLabelName : "prometheus",
  ]);
}

function prometheusSpec(resources: EnvironmentModel["resources"]): Readonly<Record<string, unknown>> {
  const found = resources.find(({ type }) => type === "kubernetes:monitoring.coreos.com/v1:Prometheus");
  const spec = found?.inputs["spec"];
  return isMap(spec) ? spec : {};
}

/** Whether a selector may read what a recording rule writes. A label that the rule does not set may have any value. */
export function reads({ metric, matchers }: SelectorExpression, rule: ReplayedRule): boolean {
  return (
    rule.kind === "record" &&
    metric === rule.name &&
    matchers.every((matcher) => {
      const value = rule.labels[matcher.label];
      return value === undefined || canMatch(matcher, value);
    })
  );
}

/** The selectors of a query; none of a query that Bellwether cannot read. */
export function selectorsIn(expr: string): readonly SelectorExpression[] {
  const read = parsedQuery(expr);
  return read === undefined ? [] : selectorsOf(read);
}

/** How far back a query reads, in seconds, without the look-back of instant selectors. */
export function reach(expr: string): number {
  const read = parsedQuery(expr);
  return read === undefined ? 0 : reachOf(read);
}

function reachOf(expression: Expression): number {
  const own =
    expression.kind === "range" || expression.kind === "subquery"
      ? expression.length + Math.max(0, expression.offset)
      : expression.kind === "selector"
        ? Math.max(0, expression.offset)
        : 0;
  return own + Math.max(0, ...partsOf(expression).map(reachOf));
}

/** A query with other names for some of its selectors. */
export function withNames(
  expr: string,
  nameOf: (selector: SelectorExpression) => string | undefined,
): string {
  const places = nodesOf(expr).filter(
    (node) => node.name === "Identifier" && node.parent?.name === "VectorSelector",
  );
  let text = expr;
  for (const place of places.toReversed()) {
    const [selector] = selectorsIn(textOf(place.parent, expr));
    const name = selector === undefined ? undefined : nameOf(selector);
    if (name !== undefined) text = `${text.slice(0, place.from)}${name}${text.slice(place.to)}`;
  }
  return text;
}

/** A selector of what a rule writes: a record, or the series ALERTS of an alert. */
export function printed(
  { kind, name, labels }: ReplayedRule,
  more: Readonly<Record<string, string>> = {},
): string {
  const wanted = { ...(kind === "alert" ? { alertname: name } : {}), ...labels, ...more };
  const matchers = Object.entries(wanted).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${kind === "alert" ? "ALERTS" : name}{${matchers.join(", ")}}`;
}
