import type { AlertingRule } from "../../core/rules.ts";
import { panelUrl } from "../../signals/panels.ts";
import type { RunbookLinks } from "../../slo/annotations.ts";
import type { Service } from "../definition.ts";
import { serviceIn } from "../environments.ts";
import type { OwnAlert } from "./definition.ts";

// The alerts that a team writes into the definition of its service, as rules.

/** What an alert without examples is marked with, wherever it shows. */
export const UNPROVEN = {
  /** After the summary. */
  mark: " (unproven)",
  /** After the description. */
  sentence: " Unproven: no example says when this alert fires and when it does not.",
  annotation: { proof: "unproven" },
} as const;

/** Whether nothing tests when the alert fires. */
function isUnproven({ examples }: Pick<OwnAlert, "examples">): boolean {
  return examples === undefined;
}

/** The alerts of a team about its service in an environment, by name. */
export function ownAlertsOf(
  service: Service,
  environment: string | undefined,
): readonly (readonly [name: string, alert: OwnAlert])[] {
  return Object.entries(serviceIn(service, environment).alerts);
}

/** The rules of these alerts, in the order of the definition. */
export function ownAlertRules(
  service: Service,
  environment: string | undefined,
  links: RunbookLinks,
): readonly AlertingRule[] {
  return ownAlertsOf(service, environment).map(([name, alert]) => ({
    alert: name,
    expr: alert.expr,
    // A `for` of nothing is left out: Prometheus would drop it from what it reports, too.
    ...(/[1-9]/.test(alert.for) ? { for: alert.for } : {}),
    ...(alert.keepFiringFor ? { keep_firing_for: alert.keepFiringFor } : {}),
    labels: ownAlertLabels(service, alert),
    annotations: ownAlertAnnotations(service, name, alert, links),
  }));
}

export function ownAlertLabels({ name, owner }: Service, { severity, labels }: OwnAlert) {
  return { ...labels, service: name, team: owner, severity };
}

/** The key of the panel of an alert on the dashboard of its service. */
export function ownAlertPanel(name: string): string {
  return `alert-${name}`;
}

/** The annotations as templates. */
export function ownAlertAnnotations(
  service: Service,
  name: string,
  alert: OwnAlert,
  { runbookBaseUrl, grafana }: RunbookLinks,
): Readonly<Record<string, string>> {
  const unproven = isUnproven(alert);
  const { summary, description = defaultDescription(service, alert), runbook } = alert;
  return {
    summary: unproven ? `${summary}${UNPROVEN.mark}` : summary,
    description: unproven ? `${description}${UNPROVEN.sentence}` : description,
    runbook_url: runbook ?? `${runbookBaseUrl}/${name}.md`,
    ...(grafana
      ? {
          dashboard_url: panelUrl(grafana, {
            dashboard: { service: service.name },
            panel: ownAlertPanel(name),
          }),
        }
      : {}),
    ...(unproven ? UNPROVEN.annotation : {}),
  };
}

function defaultDescription({ name, owner }: Service, alert: OwnAlert): string {
  const held = /[1-9]/.test(alert.for) ? ` for ${alert.for}` : "";
  return `The condition that team ${owner} defined for ${name} was true${held}. The runbook has the query.`;
}
