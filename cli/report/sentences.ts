import { count, type Outcome, passes, type Report } from "./model.ts";

// What HTML and Markdown say alike.

/** The answer that a reader came for, in two or three words. */
export function verdictInWords(report: Pick<Report, "outcome">): string {
  if (!passes(report)) return "Would be refused";
  return report.outcome.secretsToSet > 0 ? "Ready once its secrets are set" : "Ready to deploy";
}

/** What this environment would become, in one sentence. */
export function sizeInWords({ components, alerts, dashboards }: Report): string {
  const resources = components.reduce((sum, group) => sum + group.resources.length, 0);
  return [
    `${count(resources, "resource")} in ${count(components.length, "part")}`,
    count(alerts.length, "alert"),
    count(dashboards.length, "dashboard"),
  ].join(", ");
}

/** What stands between this preview and a deployment; what is fine is said, too. */
export function findingsInWords({ outcome, policiesAsked, alerts }: Report): readonly string[] {
  return [
    policySentence(outcome, policiesAsked),
    outcome.routing.length === 0
      ? `All ${count(alerts.filter(({ severity }) => isHeard(severity)).length, "critical and warning alert")} match a route of their own and end at a receiver that notifies somebody.`
      : `${count(outcome.routing.length, "alert")} would reach nobody.`,
    outcome.secretsToSet === 0
      ? "Every secret is set."
      : `${count(outcome.secretsToSet, "secret")} must be set before pulumi up.`,
  ];
}

function policySentence({ violations, advice, waived, undecided }: Outcome, asked: number): string {
  const rest = [
    advice > 0 ? `${advice} advisory` : "",
    waived > 0 ? `${waived} waived or snoozed` : "",
    undecided > 0 ? `${undecided} to be judged at pulumi up` : "",
  ].filter((part) => part !== "");
  const also = rest.length > 0 ? ` (${rest.join(", ")})` : "";
  const head =
    violations === 0
      ? `None of ${count(asked, "policy", "policies")} refuses it`
      : `${count(violations, "policy violation")} would stop the deployment`;
  return `${head}${also}.`;
}

/** Whether a person must hear of an alert of this severity. */
export function isHeard(severity: string): boolean {
  return severity === "critical" || severity === "warning";
}

/** What a severity means for people. */
export function severityInWords(severity: string): string {
  switch (severity) {
    case "critical":
      return "Pages a person, at any hour.";
    case "warning":
      return "Opens a ticket for working hours.";
    case "info":
      return "Context for the others; reaches nobody.";
    default:
      return "The heartbeat: it always fires, and its silence is the alarm.";
  }
}

/** What a policy's verdict means for the deployment. */
export const VERDICT_WORDS = {
  violation: "stops the deployment",
  advice: "advisory",
  waived: "answered for",
  undecided: "judged at pulumi up",
} as const;

/** A part of an alert's text: as it stands, or a blank that Alertmanager fills with a label or a value. */
export type TextPart = { readonly text: string } | { readonly blank: string };

/** An alert's text as it will be read, its template's fields as blanks. */
export function withBlanks(template: string): readonly TextPart[] {
  return template
    .split(/(\{\{[^{}]*\}\})/)
    .filter((part) => part !== "")
    .map((part) =>
      part.startsWith("{{")
        ? { blank: /(?:\$labels|\.Labels)\.(\w+)/.exec(part)?.[1] ?? "value" }
        : { text: part },
    );
}
