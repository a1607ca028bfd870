import { table } from "../../alerts/runbooks.ts";
import { DASHBOARDS } from "../../signals/panels.ts";
import { GRAFANA_ALERT_GROUPS } from "./catalogue/index.ts";
import type { GrafanaAlertDefinition } from "./definition.ts";

// What the pages say of the alerts that Grafana evaluates. A test holds them in step.

const SOURCES = { prometheus: "Prometheus", cloudwatch: "CloudWatch" } as const;
const SIDES = { above: "more than", below: "less than" } as const;

/** The first table of an alert's page. */
export function grafanaRunbookFacts(alert: GrafanaAlertDefinition): string {
  const { severity, limit, panel, queries, withoutData, withoutAnswer } = alert;
  return table(
    ["", "default"],
    [
      ["severity", severity],
      ["for", alert.for],
      ["limit", `${SIDES[limit.bad]} ${limit.means}`],
      ["evaluated by", `Grafana, which asks ${SOURCES[queries.A.source]}`],
      ["without data", withoutData],
      ["without an answer", withoutAnswer],
      ["panel", `dashboard ${DASHBOARDS[panel.dashboard]}`],
    ],
  );
}

/** The situations in which the alert was shown to fire and to stay silent. */
export function grafanaRunbookProof({ name, queries, cases }: GrafanaAlertDefinition): string {
  const how =
    queries.A.source === "prometheus"
      ? "Its query is asked of the Prometheus that is deployed; Grafana's part, the limit and the states, is simulated:"
      : "What CloudWatch would answer is given; Grafana's part, the formula, the limit and the states, is simulated:";
  return [how, "", ...cases.map(({ title }) => `- ${name} ${title}`)].join("\n");
}

/** The index of all pages, group by group. */
export function grafanaRunbookIndex(): string {
  return GRAFANA_ALERT_GROUPS.map(({ name, source, alerts }) => {
    const rows = alerts.map((alert) => [
      `[${alert.name}](${alert.name}.md)`,
      alert.severity,
      alert.for,
      `${SIDES[alert.limit.bad]} ${alert.limit.means}`,
      alert.impact,
    ]);
    return `## Grafana: ${name} (asks ${SOURCES[source]})\n\n${table(["alert", "severity", "for", "limit", "what it means"], rows)}`;
  }).join("\n\n");
}
