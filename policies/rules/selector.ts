import type { Value } from "./value.ts";

/** Whether a Kubernetes label selector (`matchLabels`, `matchExpressions`) takes these labels. An empty one takes all. */
export function selects(selector: Value, labels: Readonly<Record<string, string>>): boolean {
  return (
    hasAll(labels, selector.at("matchLabels").texts()) &&
    selector
      .at("matchExpressions")
      .items()
      .every((expression) => holds(expression, labels))
  );
}

/** Whether all of the wanted labels are there with the wanted values. */
export function hasAll(
  labels: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** Whether a selector names anything at all. */
export function isEmpty(selector: Value): boolean {
  return selector.fields().every(([, value]) => value.items().length + value.fields().length === 0);
}

function holds(expression: Value, labels: Readonly<Record<string, string>>): boolean {
  const actual = labels[expression.at("key").text() ?? ""];
  const values = expression
    .at("values")
    .items()
    .map((value) => value.text());
  switch (expression.at("operator").text()) {
    case "In":
      return actual !== undefined && values.includes(actual);
    case "NotIn":
      return actual === undefined || !values.includes(actual);
    case "Exists":
      return actual !== undefined;
    case "DoesNotExist":
      return actual === undefined;
    default:
      return false;
  }
}
