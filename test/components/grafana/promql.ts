import { Recorded } from "../../../components/lint/recorded.ts";
import { labelsOf } from "../../../components/lint/results/labels.ts";
import { type Expression, partsOf, selectorsOf } from "../../../components/promql/expression.ts";
import { parseQuery } from "../../../components/promql/parse.ts";

/** A query as Prometheus would be sent it: Grafana's placeholders replaced by what they may stand for. */
export function asSent(expr: string): string {
  return expr
    .replaceAll(/\$(?:__rate_interval|__interval|__range|\{__(?:rate_interval|interval|range)\})/g, "5m")
    .replaceAll(/\$(?:\{\w+(?::\w+)?\}|\w+)/g, ".*");
}

/** What a query asks for: its selectors, each with the metric's name and the labels that it matches on. */
export function selectors(expr: string): { metric: string; labels: string[] }[] {
  return selectorsOf(parseQuery(expr)).map(({ metric = "", matchers }) => ({
    metric,
    labels: matchers.map(({ label }) => label),
  }));
}

/** A call of a function that only makes sense on counters. */
interface CounterCall {
  readonly name: string;
  readonly metrics: readonly string[];
  /** Length of its range in seconds. */
  readonly range: number;
  readonly aggregated: boolean;
}

export function counterCalls(expr: string): CounterCall[] {
  return callsIn(parseQuery(expr), false);
}

function callsIn(expression: Expression, aggregated: boolean): CounterCall[] {
  const below = partsOf(expression).flatMap((part) =>
    callsIn(part, aggregated || expression.kind === "aggregate"),
  );
  if (expression.kind !== "call" || !["rate", "irate", "increase"].includes(expression.name)) return below;
  const [range] = expression.args;
  const length = range?.kind === "range" || range?.kind === "subquery" ? range.length : Number.NaN;
  const metrics = selectorsOf(expression).map(({ metric = "" }) => metric);
  return [{ name: expression.name, metrics, range: length, aggregated }, ...below];
}

/** Labels that the result of a query can have. `undefined`: whatever the series happen to have. */
export function labelsKept(expr: string): ReadonlySet<string> | undefined {
  const { mode, names } = labelsOf(parseQuery(expr), new Recorded([]), "any");
  return mode === "only" ? names : undefined;
}
