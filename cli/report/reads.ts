import { type Duration, seconds } from "../../components/core/duration.ts";
import { type Expression, partsOf, printSelector } from "../../components/promql/expression.ts";
import { parseQuery, UnreadableQuery } from "../../components/promql/parse.ts";
import { count } from "./numbers.ts";

/** What one evaluation of a query reads, in words; undefined for a query that cannot be read. */
export function readsInWords(query: string, interval: Duration): string | undefined {
  const reads = readsOf(query, interval);
  if (reads === undefined) return undefined;
  if (reads.size === 0) return "no series";
  const [[first, samples] = ["", 0], ...rest] = [...reads];
  return [
    `${count(samples, "sample")} of each series of ${first}`,
    ...rest.map(([metric, more]) => `${more} of ${metric}`),
  ].join(", ");
}

/** The samples that one evaluation reads of each series, by metric. */
function readsOf(query: string, interval: Duration): ReadonlyMap<string, number> | undefined {
  const reads = new Map<string, number>();
  const walk = (expression: Expression, times: number): void => {
    if (expression.kind === "selector") {
      const metric = expression.metric ?? printSelector(expression);
      reads.set(metric, (reads.get(metric) ?? 0) + times);
      return;
    }
    const step = expression.kind === "subquery" ? expression.step : undefined;
    const steps =
      expression.kind === "range" || expression.kind === "subquery"
        ? Math.max(1, Math.round(expression.length / (step ?? seconds(interval))))
        : 1;
    for (const part of partsOf(expression)) walk(part, times * steps);
  };
  try {
    walk(parseQuery(query), 1);
  } catch (error) {
    if (error instanceof UnreadableQuery) return undefined;
    throw error;
  }
  return reads;
}
