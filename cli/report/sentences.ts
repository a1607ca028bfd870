import { type AlertCount, alertCount } from "./alerts.ts";
import { type Outcome, passes, type Report } from "./model.ts";
import { count } from "./numbers.ts";

// What HTML and Markdown say alike.

/** The answer that a reader needs first, in a few words. */
export function verdictInWords(report: Pick<Report, "outcome">): string {
  if (!passes(report)) return "Not ready to deploy";
  return report.outcome.secretsToSet > 0 ? "Ready when its secrets are set" : "Ready to deploy";
}

/** What this environment would be, in one sentence. */
export function sizeInWords({ components, alerts, dashboards }: Report): string {
  const resources = components.reduce((sum, group) => sum + group.resources.length, 0);
  return [
    `${count(resources, "resource")} in ${count(components.length, "component")}`,
    count(alerts.length, "alert"),
    count(dashboards.length, "dashboard"),
  ].join(", ");
}

/** The one count of alerts, and what is counted. */
export function alertsInWords({ all, prometheus, grafana, names }: AlertCount): string {
  const rules =
    grafana === 0
      ? `${count(all, "alert")}, each a rule of Prometheus.`
      : `${count(all, "alert")}: ${count(prometheus, "rule")} of Prometheus and ${count(grafana, "rule")} of Grafana.`;
  return names === all
    ? rules
    : `${rules} They have ${names} names, because each objective has its own rules of the same names.`;
}

/** What must be done before a deployment, or that nothing must be done. */
export function findingsInWords({ outcome, policiesAsked, alerts }: Report): readonly string[] {
  return [
    policySentence(outcome, policiesAsked),
    routingSentence(outcome, alerts),
    outcome.secretsToSet === 0
      ? "Every secret has a value."
      : `${count(outcome.secretsToSet, "secret")} must be set before pulumi up.`,
  ];
}

function policySentence({ violations, advice, waived, undecided }: Outcome, asked: number): string {
  const rest = [
    advice > 0 ? `${advice} advisory` : "",
    waived > 0 ? `${waived} waived or snoozed` : "",
    undecided > 0 ? `${undecided} to be checked at pulumi up` : "",
  ].filter((part) => part !== "");
  const also = rest.length > 0 ? ` (${rest.join(", ")})` : "";
  const policies = count(asked, "policy", "policies");
  const head =
    violations === 0
      ? `None of ${policies} reports a violation`
      : `${count(violations, "policy violation")} would stop the deployment`;
  return `${head}${also}.`;
}

function routingSentence({ routing }: Outcome, alerts: Report["alerts"]): string {
  if (routing.length > 0)
    return `${count(routing.length, "critical or warning alert")} of Prometheus would notify no receiver.`;
  const notified = alertCount(alerts.filter(({ severity }) => isNotified(severity)));
  const ofPrometheus = `All ${count(notified.prometheus, "critical and warning alert")} of Prometheus match a route of their team to a receiver that sends notifications.`;
  return notified.grafana === 0
    ? ofPrometheus
    : `${ofPrometheus} The ${count(notified.grafana, "alert")} of Grafana ${notified.grafana === 1 ? "goes" : "go"} to Grafana's contact points.`;
}

/** Whether a receiver must be notified of an alert of this severity. */
export function isNotified(severity: string): boolean {
  return severity === "critical" || severity === "warning";
}

/** What an alert of a severity does. */
export function severityInWords(severity: string): string {
  switch (severity) {
    case "critical":
      return "Pages the team at any time of day.";
    case "warning":
      return "Opens a ticket for working hours.";
    case "info":
      return "Context for other alerts, without a notification.";
    default:
      return "The heartbeat, which always fires, and alerts that only inhibit others.";
  }
}

/** What a policy's verdict means for the deployment. */
export const VERDICT_WORDS = {
  violation: "stops the deployment",
  advice: "advisory",
  waived: "waived",
  undecided: "checked at pulumi up",
} as const;

/** A part of an alert's text: the text itself, or a blank that Alertmanager fills with a label or a value. */
export type TextPart = { readonly text: string } | { readonly blank: string };

/** An action of a template. Its strings may hold braces, such as the selector of a query. */
const ACTION = /(\{\{(?:`[^`]*`|"(?:[^"\\]|\\.)*"|[^`"{}])*\}\})/;

/** An alert's text as its reader gets it, its template's fields as blanks. Of `{{ else }}` the text before it is shown. */
export function withBlanks(template: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let depth = 0;
  // The depth of the block whose other branch is left out.
  let skipped = 0;
  for (const part of template.split(ACTION)) {
    const [, keyword] = /^\{\{-?\s*(if|with|range|else|end)\b/.exec(part) ?? [];
    if (keyword === "else" && skipped === 0) skipped = depth;
    else if (keyword === "end") {
      if (skipped === depth) skipped = 0;
      depth--;
    } else if (keyword !== undefined && keyword !== "else") depth++;
    else if (keyword === undefined && skipped === 0 && part !== "") parts.push(partOf(part));
  }
  return parts;
}

function partOf(part: string): TextPart {
  if (!part.startsWith("{{")) return { text: part };
  return { blank: /(?:\$labels|\.Labels)\.(\w+)/.exec(part)?.[1] ?? "value" };
}
