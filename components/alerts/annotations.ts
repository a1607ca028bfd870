import { type GrafanaAddress, panelUrl } from "../signals/panels.ts";
import { panelOf } from "../signals/platform.ts";
import type { AlertDefinition, AlertParameters, ExpectedAlert } from "./definition.ts";
import { FIRST_STEPS } from "./first-steps.ts";

/** The base addresses of an alert's links in one environment. */
export interface AlertLinks {
  readonly runbookBaseUrl: string;
  /** The Grafana that shows the panels; without it, alerts have no dashboard link. */
  readonly grafana?: GrafanaAddress;
}

/** The URL of an alert's runbook. */
export function runbookUrl(name: string, { runbookBaseUrl }: AlertLinks): string {
  return `${runbookBaseUrl}/${name}.md`;
}

/** An alert's annotations as templates. */
export function annotationsOf(
  alert: AlertDefinition,
  parameters: AlertParameters,
  links: AlertLinks,
): Record<string, string> {
  const { name, summary, description, impact, signal } = alert;
  const firstStep = FIRST_STEPS[name];
  return {
    summary,
    description: [
      description(parameters),
      impact,
      ...(firstStep === undefined ? [] : [`First: ${firstStep}`]),
    ].join(" "),
    runbook_url: runbookUrl(name, links),
    ...(signal && links.grafana ? { dashboard_url: panelUrl(links.grafana, panelOf(signal)) } : {}),
  };
}

/**
 * An annotation with its labels and value filled in. Throws an Error for a template that names a label or a value that the expected
 * alert does not have, or that contains any other action.
 */
export function rendered(template: string, { labels, value }: ExpectedAlert): string {
  return template.replaceAll(/\{\{\s*(.*?)\s*\}\}/g, (_, action: string) => {
    const label = /^\$labels\.(\w+)$/.exec(action)?.[1];
    const text = label === undefined ? (/^\$value\b/.test(action) ? value : undefined) : labels[label];
    if (text === undefined)
      throw new Error(`the expected alert has no value for {{ ${action} }} of "${template}"`);
    return text;
  });
}
