import { type Expression, selectorsOf } from "../../../components/promql/expression.ts";

// What a query measures, from the names of its metrics and what it computes: the unit of a panel follows from it, whatever the panel says.

/** Powers of the units. A count has none; a share is a quotient of two quantities of one kind. */
export interface Quantity {
  readonly bytes: number;
  readonly seconds: number;
  readonly milliseconds: number;
  readonly isShare: boolean;
}

const COUNT: Quantity = { bytes: 0, seconds: 0, milliseconds: 0, isShare: false };
const SECONDS: Quantity = { ...COUNT, seconds: 1 };

/** Suffixes of metric names, by https://prometheus.io/docs/practices/naming/#base-units and OpenTelemetry's older convention. */
const SUFFIXES: readonly (readonly [suffix: RegExp, quantity: Quantity])[] = [
  [/_(bucket|count)$/, COUNT],
  [/_milliseconds(_sum)?$/, { ...COUNT, milliseconds: 1 }],
  [/_(seconds|time|time_seconds|timestamp_seconds|cert_expiry)(_total|_sum)?$/, SECONDS],
  [/bytes(_total|_sum)?$/, { ...COUNT, bytes: 1 }],
  [/[_:]ratio$/, { ...COUNT, isShare: true }],
  [/^slo:sli_\w+:i?rate\w*$/, { ...COUNT, seconds: -1 }],
];

/** The quantity of a query's values. Undefined for a number, which has whatever unit its operator needs. */
export function quantityOf(expression: Expression): Quantity | undefined {
  switch (expression.kind) {
    case "number":
    case "string":
      return undefined;
    case "negated":
    case "range":
    case "subquery":
      return quantityOf(expression.of);
    case "selector":
      return ofMetric(expression.metric ?? "", expression.matchers);
    case "aggregate":
      return ofAggregate(expression);
    case "call":
      return ofCall(expression);
    case "binary":
      return ofBinary(expression);
  }
}

function ofMetric(metric: string, matchers: readonly { label: string; value: string }[]): Quantity {
  if (matchers.some(({ label, value }) => label === "resource" && value === "memory"))
    return { ...COUNT, bytes: 1 };
  return SUFFIXES.find(([suffix]) => suffix.test(metric))?.[1] ?? COUNT;
}

function ofAggregate({ operation, of }: Extract<Expression, { kind: "aggregate" }>): Quantity | undefined {
  if (["count", "count_values", "group"].includes(operation)) return COUNT;
  // The average of ones and zeros.
  if (operation === "avg" && of.kind === "selector" && of.metric === "up") return { ...COUNT, isShare: true };
  return quantityOf(of);
}

function ofCall({ name, args }: Extract<Expression, { kind: "call" }>): Quantity | undefined {
  if (name === "time") return SECONDS;
  if (name === "vector") return undefined;
  if (name === "count_over_time" || name === "changes") return COUNT;
  if (name === "histogram_quantile") return ofObservations(args[1]);
  const [of] = args;
  const quantity = of && quantityOf(of);
  if (of === undefined || quantity === undefined || !["rate", "irate", "deriv"].includes(name))
    return quantity;
  return selectorsOf(of).some(({ metric }) => CPU_TIME.test(metric ?? ""))
    ? COUNT
    : dividedBy(quantity, SECONDS);
}

/** Seconds of CPU time in a second are cores. */
const CPU_TIME = /_cpu_(usage_)?seconds_total$/;

/** What a histogram observes: its name has the unit, without what is added to the names of its series. */
function ofObservations(expression: Expression | undefined): Quantity | undefined {
  const [selector] = expression ? selectorsOf(expression) : [];
  return selector && ofMetric(selector.metric?.replace(/_bucket$/, "") ?? "", []);
}

function ofBinary({ operator, left, right }: Extract<Expression, { kind: "binary" }>): Quantity | undefined {
  const [one, other] = [quantityOf(left), quantityOf(right)];
  if (operator === "^") return undefined;
  if (one === undefined || other === undefined) return one ?? other;
  if (operator === "/") return dividedBy(one, other);
  if (operator !== "*") return one;
  return {
    bytes: one.bytes + other.bytes,
    seconds: one.seconds + other.seconds,
    milliseconds: one.milliseconds + other.milliseconds,
    isShare: one.isShare && other.isShare,
  };
}

function dividedBy(one: Quantity, other: Quantity): Quantity {
  const quotient = {
    bytes: one.bytes - other.bytes,
    seconds: one.seconds - other.seconds,
    milliseconds: one.milliseconds - other.milliseconds,
  };
  const hasUnit = Object.values(quotient).some((power) => power !== 0);
  return { ...quotient, isShare: !hasUnit && !(one.isShare && other.isShare) };
}

/** The unit that Grafana shows such values in. */
export function grafanaUnit({ isShare, ...powers }: Quantity): string {
  const text = Object.entries(powers)
    .filter(([, power]) => power !== 0)
    .map(([unit, power]) => `${unit}^${power}`)
    .join(" ");
  if (text === "") return isShare ? "percentunit" : "short";
  return UNITS[text] ?? text;
}

const UNITS: Readonly<Record<string, string>> = {
  "bytes^1": "bytes",
  "bytes^1 seconds^-1": "Bps",
  "seconds^1": "s",
  "milliseconds^1": "ms",
  "seconds^-1": "cps",
};
