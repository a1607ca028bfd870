import { type AlertRow, alertCount } from "./alerts.ts";
import { code, escaped, table } from "./markdown-text.ts";
import { count } from "./numbers.ts";
import { namespacesInWords } from "./routes.ts";
import { alertsInWords, isNotified, withBlanks } from "./sentences.ts";

/** How much of the alerts a report shows. */
export type AlertDetail =
  /** A row for each, with its condition if that has at most so many characters. */
  | { readonly kind: "rows"; readonly conditions: number }
  /** A row for each name. */
  | { readonly kind: "names" };

/** The alerts of an environment, every name among them. */
export function alertsInMarkdown(alerts: readonly AlertRow[], detail: AlertDetail): string {
  if (alerts.length === 0) return "";
  const parts = [alertsInWords(alertCount(alerts)), omission(alerts, detail), tableOf(alerts, detail)];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** How many characters the alerts take at least. It costs nothing to know: a report is rendered only with a detail that may fit. */
export function shortestOfAlerts(alerts: readonly AlertRow[], detail: AlertDetail): number {
  if (detail.kind === "names") return 0;
  return alerts.reduce(
    (sum, { name, severity, for: held, expr }) =>
      sum +
      name.length +
      severity.length +
      held.length +
      (expr.length > detail.conditions ? 0 : expr.replace(/\s+/g, " ").length),
    0,
  );
}

function omission(alerts: readonly AlertRow[], detail: AlertDetail): string {
  if (detail.kind === "names")
    return "One row for each name, because the report would be too long for a comment; report.html has every alert with its condition.";
  const left = alerts.filter(({ expr }) => expr.length > detail.conditions).length;
  return left === 0
    ? ""
    : `${count(left, "condition")} of more than ${detail.conditions} characters ${left === 1 ? "is" : "are"} left out, because the report would be too long for a comment; report.html has all conditions.`;
}

function tableOf(alerts: readonly AlertRow[], detail: AlertDetail): string {
  if (detail.kind === "names") return namesOf(alerts);
  return table(
    ["Alert", "Severity", "For", "Receiver", "Summary and condition"],
    alerts.map((alert) => [
      alertName(alert),
      alert.severity,
      alert.for,
      receivers(alert),
      alert.expr.length > detail.conditions ? summary(alert) : `${summary(alert)}<br>${code(alert.expr)}`,
    ]),
    Number.POSITIVE_INFINITY,
  );
}

function namesOf(alerts: readonly AlertRow[]): string {
  const names = new Map<string, AlertRow[]>();
  for (const alert of alerts) names.set(alert.name, [...(names.get(alert.name) ?? []), alert]);
  return table(
    ["Alert", "Severity", "Number"],
    [...names].map(([name, same]) => [
      same.some(({ unproven }) => unproven) ? `${escaped(name)} **unproven**` : escaped(name),
      [...new Set(same.map(({ severity }) => severity))].join(", "),
      String(same.length),
    ]),
    MOST_NAMES,
  );
}

/** More names than a comment has room for are the names of no real platform. */
const MOST_NAMES = 500;

function summary({ summary }: AlertRow): string {
  return withBlanks(summary)
    .map((part) => ("text" in part ? escaped(part.text) : `_${escaped(part.blank)}_`))
    .join("");
}

function alertName({ name, runbookUrl, service, slo, unproven }: AlertRow): string {
  const link =
    runbookUrl === undefined
      ? escaped(name)
      : `[${escaped(name)}](<${runbookUrl.replace(/[<>\s]/g, encodeURIComponent)}>)`;
  const about = [service, slo].filter((part) => part !== undefined).map(escaped);
  return [link, ...about, ...(unproven ? ["**unproven**"] : [])].join(" ");
}

function receivers({ receivers, byNamespace, severity }: AlertRow): string {
  if (receivers.length === 0) return isNotified(severity) ? "**no receiver**" : "no notification";
  const names = (of: AlertRow["receivers"]) => of.map(({ name }) => code(name)).join(", ");
  const elsewhere = byNamespace.map(
    (route) => `${escaped(namespacesInWords(route.namespaces))} ${names(route.receivers)}`,
  );
  return [names(receivers), ...elsewhere].join("; ");
}
