import { type Expression, partsOf } from "../../promql/expression.ts";
import { isCounter } from "../../signals/counter-names.ts";
import { type Check, once } from "../check.ts";
import { isRecorded } from "../metrics.ts";

export const counterRate: Check = {
  id: "counter-rate",
  title: "Counters need rate or increase, gauges need delta or deriv.",
  why: "The function rate treats a decrease of a gauge as a counter reset and returns a much too high value; delta treats a counter reset as a decrease.",
  fix: "use delta, deriv or the value itself for a gauge, rate or increase for a counter",
  judge: ({ expression }) => once(misread(expression, false)),
};

const OF_COUNTERS: ReadonlySet<string> = new Set(["rate", "irate", "increase", "resets"]);
const OF_GAUGES: ReadonlySet<string> = new Set(["delta", "idelta", "deriv", "predict_linear"]);

/** Native histograms are counters under any name, and these functions take nothing else. */
export const OF_HISTOGRAMS = /^histogram_(?:count|sum|avg|fraction|quantile|stddev|stdvar)$/;

function misread(expression: Expression, ofHistogram: boolean): string[] {
  const inHistogram = ofHistogram || (expression.kind === "call" && OF_HISTOGRAMS.test(expression.name));
  const own = expression.kind === "call" ? misreadBy(expression.name, expression.args[0], inHistogram) : [];
  return [...own, ...partsOf(expression).flatMap((part) => misread(part, inHistogram))];
}

function misreadBy(name: string, arg: Expression | undefined, ofHistogram: boolean): string[] {
  // What rules recorded is judged by rate-of-sum, which sees how.
  const metric = arg?.kind === "range" ? arg.of.metric : undefined;
  if (metric === undefined || isRecorded(metric)) return [];
  if (OF_COUNTERS.has(name) && !isCounter(metric) && !ofHistogram)
    return [`takes ${name} of ${metric}, which is no counter`];
  if (OF_GAUGES.has(name) && /_(?:total|bucket)$/.test(metric) && isCounter(metric))
    return [`takes ${name} of ${metric}, which is a counter`];
  return [];
}
