import { table } from "../../alerts/runbooks.ts";
import { DASHBOARDS } from "../../signals/panels.ts";
import { GRAFANA_ALERT_GROUPS } from "./catalogue/index.ts";
import type { GrafanaAlertDefinition } from "./definition.ts";

// The generated parts of the runbooks of alerts that Grafana evaluates. A test compares the runbooks with them.

const SOURCES = { prometheus: "Prometheus", cloudwatch: "CloudWatch" } as const;
const SIDES = { above: "more than", below: "less than" } as const;

/** The first table of an alert's runbook. */
export function grafanaRunbookFacts(alert: GrafanaAlertDefinition): string {
  const { severity, limit, panel, queries, noData, onError } = alert;
  return table(
    ["", "default"],
    [
      ["severity", severity],
      ["for", alert.for],
      ["limit", `${SIDES[limit.bad]} ${limit.means}`],
      ["evaluated by", `Grafana, with queries to ${SOURCES[queries.A.source]}`],
      ["without data", noData],
      ["if a query fails", onError],
      ["panel", `dashboard ${DASHBOARDS[panel.dashboard]}`],
    ],
  );
}

/** The test cases of the alert. */
export function grafanaRunbookProof({ name, queries, cases }: GrafanaAlertDefinition): string {
  const how =
    queries.A.source === "prometheus"
      ? "A test runs the query on the deployed version of Prometheus, and simulates how Grafana evaluates the threshold and the state:"
      : "A test simulates CloudWatch's results, and how Grafana evaluates the formula, the threshold and the state:";
  return [how, "", ...cases.map(({ title }) => `- ${name} ${title}`)].join("\n");
}

/** The index of the runbooks, by group. */
export function grafanaRunbookIndex(): string {
  return GRAFANA_ALERT_GROUPS.map(({ name, source, alerts }) => {
    const rows = alerts.map((alert) => [
      `[${alert.name}](${alert.name}.md)`,
      alert.severity,
      alert.for,
      `${SIDES[alert.limit.bad]} ${alert.limit.means}`,
      alert.impact,
    ]);
    return `## Grafana: ${name} (queries ${SOURCES[source]})\n\n${table(["alert", "severity", "for", "limit", "what it means"], rows)}`;
  }).join("\n\n");
}
