import { type Expression, within } from "../../promql/expression.ts";
import { isCounter } from "../../signals/counter-names.ts";
import { type Check, once, type World } from "../check.ts";

export const rateOfSum: Check = {
  id: "rate-of-sum",
  title: "The rate is computed before the sum.",
  why: "When one of many counters is reset, their sum decreases. rate treats that as a reset of all counters and returns a burst that did not happen.",
  fix: "take the rate of each counter and sum the rates: sum(rate(x[5m]))",
  judge: ({ expression }, world) =>
    once(
      within(expression).flatMap((part) => {
        if (part.kind !== "call" || !OF_COUNTERS.has(part.name)) return [];
        return part.args.flatMap((arg) => ofSum(part.name, arg, world));
      }),
    ),
};

const OF_COUNTERS: ReadonlySet<string> = new Set(["rate", "irate", "increase"]);

/** A sum gets under a rate in two ways: through a subquery, and through a rule that recorded it. */
function ofSum(name: string, arg: Expression, { recorded }: World): string[] {
  if (arg.kind === "subquery" && isSumOfCounters(arg.of)) return [`takes ${name} of a sum of counters`];
  if (arg.kind !== "range") return [];
  const producers = recorded.producersOf(arg.of);
  return producers
    .filter(({ expression }) => isSumOfCounters(expression) || hasRate(expression))
    .map(({ expression }) =>
      isSumOfCounters(expression)
        ? `takes ${name} of ${arg.of.metric}, which records a sum of counters`
        : `takes ${name} of ${arg.of.metric}, which records a rate already`,
    );
}

/** A sum whose counters are still counters: no rate lies between. */
function isSumOfCounters(expression: Expression): boolean {
  if (expression.kind !== "aggregate") return false;
  if (hasRate(expression)) return false;
  return within(expression).some(
    (part) => part.kind === "selector" && part.metric !== undefined && isCounter(part.metric),
  );
}

function hasRate(expression: Expression): boolean {
  return within(expression).some((part) => part.kind === "call" && OF_COUNTERS.has(part.name));
}
