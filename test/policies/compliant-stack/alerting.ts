import { TYPES } from "../../../policies/rules/resource.ts";
import type { FixtureStack } from "./fixture.ts";
import { metadata } from "./metadata.ts";

const annotations = {
  summary: "A node is down",
  description: "It has not been ready for ten minutes.",
  runbook_url: "https://example.com/runbooks/KubeNodeNotReady.md",
};

export const ALERTMANAGER_YAML = `
route:
  receiver: fallback
  group_by: [cluster, alertname]
  routes:
    - matchers: ['alertname="Watchdog"']
      receiver: heartbeat
    - matchers: ['severity=~"info|none"']
      receiver: nobody
    - matchers: ['team="platform"']
      routes:
        - matchers: ['severity="critical"']
          receiver: pager
          continue: true
        - matchers: ['severity=~"critical|warning"']
          receiver: tickets
inhibit_rules:
  - source_matchers: ['severity="critical"']
    target_matchers: ['severity="warning"']
    equal: [cluster, alertname]
receivers:
  - name: fallback
    slack_configs: [{ channel: "#lost" }]
  - name: heartbeat
    webhook_configs: [{ url_file: /etc/heartbeat }]
  - name: pager
    pagerduty_configs: [{ routing_key_file: /etc/key }]
  - name: tickets
    email_configs: [{ to: tickets@example.com }]
  - name: nobody
`;

/** The rules and the routing of their alerts. */
export function alerting(): FixtureStack {
  return {
    "alertmanager-config": {
      type: TYPES.secret,
      properties: {
        metadata: metadata("alertmanager-config"),
        stringData: { "alertmanager.yaml": ALERTMANAGER_YAML },
      },
    },
    rules: {
      type: TYPES.prometheusRule,
      properties: {
        metadata: metadata("rules"),
        spec: {
          groups: [
            {
              name: "general",
              rules: [
                { alert: "Watchdog", expr: "vector(1)", labels: { severity: "none" }, annotations },
                {
                  alert: "KubeNodeNotReady",
                  expr: "kube_node_status_condition == 0",
                  for: "10m",
                  labels: { severity: "critical", team: "platform" },
                  annotations,
                },
                {
                  alert: "ErrorBudgetBurn",
                  expr: "sum(rate(errors_total[5m])) > 0.1",
                  labels: { severity: "warning", team: "platform" },
                  annotations,
                },
                { record: "job:up:sum", expr: "sum by (job) (up)" },
              ],
            },
          ],
        },
      },
    },
  };
}
