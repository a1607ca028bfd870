import { dashboardJson } from "../../../components/grafana/dashboard.ts";
import { TYPES } from "../../../policies/rules/resource.ts";
import { UNKNOWN } from "../../../policies/rules/value.ts";
import { CONTEXT, dashboard, panel } from "../../components/grafana/samples.ts";
import type { FixtureStack } from "./fixture.ts";
import { labels, metadata, tags } from "./metadata.ts";

/** The JSON of a dashboard with one panel that asks for this. */
export function dashboardText(ref: "nodes" | "pods", expr: string): string {
  const queries = [{ expr, legend: "{{job}}" }] as const;
  const lines = [{ height: 8, things: [panel("one", { queries })] }];
  const json = dashboardJson(dashboard({ ref, links: [], sections: [{ title: "S", lines }] }), CONTEXT);
  return JSON.stringify(json);
}

/** A query that the compliant stack has data for. */
export const DASHBOARD_QUERY = 'sum by (job) (kube_node_status_condition{job="kube-state-metrics"})';

/** Alerts of a Grafana on the cluster, whose one notification policy is managed. */
export const GRAFANA_FILES: Readonly<Record<string, string>> = {
  "alerting-notification-policy.json": '{"policies": [{"receiver": "Chat"}]}',
  "alerting-contact-points.json": '{"contactPoints": [{"name": "Chat", "receivers": [{"type": "slack"}]}]}',
  "alerting-rules.json": JSON.stringify({
    groups: [
      {
        rules: [
          {
            title: "WatchdogGone",
            labels: { severity: "warning", team: "platform" },
            annotations: {
              summary: "The Watchdog is gone",
              description: "It does not fire.",
              runbook_url: "https://runbooks.example.com/WatchdogGone.md",
            },
            data: [{ refId: "A", model: { expr: "count(ALERTS)" } }],
          },
        ],
      },
    ],
  }),
};

export const GRAFANA_INI = `[security]
admin_password = $__file{/etc/secrets/admin}
secret_key = $__file{/etc/secrets/key}

[users]
allow_sign_up = false

[auth.anonymous]
enabled = false
`;

/** Grafana's settings, dashboards, alerts, workspace and tokens. */
export function grafana(): FixtureStack {
  return {
    settings: {
      type: TYPES.configMap,
      properties: {
        metadata: metadata("settings"),
        data: { "grafana.ini": GRAFANA_INI },
      },
    },
    dashboard: {
      type: TYPES.configMap,
      properties: {
        metadata: { ...metadata("dashboard"), labels: { ...labels("dashboard"), grafana_dashboard: "1" } },
        data: { "nodes.json": dashboardText("nodes", DASHBOARD_QUERY) },
      },
    },
    "dashboard-by-api": {
      type: TYPES.grafanaDashboard,
      properties: { configJson: dashboardText("pods", DASHBOARD_QUERY) },
    },
    "grafana-rules": {
      type: TYPES.grafanaRules,
      properties: {
        name: "alerting-itself",
        folderUid: "alerts",
        intervalSeconds: 60,
        rules: [
          {
            name: "PrometheusGone",
            labels: { severity: "critical", team: "platform" },
            annotations: {
              summary: "Prometheus is gone",
              description: "It does not answer.",
              runbook_url: "https://runbooks.example.com/PrometheusGone.md",
            },
            datas: [
              { refId: "A", model: '{"expr":"count(up == 1)"}' },
              { refId: "T", model: '{"type":"threshold"}' },
            ],
            notificationSettings: { contactPoint: "Pager" },
          },
        ],
      },
    },
    "grafana-pager": {
      type: TYPES.grafanaContactPoint,
      properties: { name: "Pager", orgId: "1", pagerduties: [{ integrationKey: "a key" }] },
    },
    "grafana-files": {
      type: TYPES.configMap,
      properties: {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: metadata("grafana-files"),
        data: GRAFANA_FILES,
      },
    },
    workspace: {
      type: TYPES.grafanaWorkspace,
      protect: true,
      properties: {
        permissionType: "CUSTOMER_MANAGED",
        roleArn: UNKNOWN,
        accountAccessType: "CURRENT_ACCOUNT",
        grafanaVersion: "12.4",
        tags,
      },
    },
    token: {
      type: TYPES.workspaceToken,
      properties: { name: "bellwether-1-2026-11-23", secondsToLive: 2_592_000 },
    },
    "next-token": {
      type: TYPES.grafanaToken,
      properties: { name: "bellwether-1-2026-12-03", secondsToLive: 2_592_000 },
    },
  };
}
