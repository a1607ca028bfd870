import { ALERTMANAGER_YAML } from "../compliant-stack/alerting.ts";
import { DASHBOARD_QUERY, dashboardText, GRAFANA_FILES } from "../compliant-stack/grafana.ts";
import { type Break, removed, set } from "./break.ts";

const CRITICAL = ["spec", "groups", 0, "rules", 1] as const;
const GRAFANA_RULE = ["rules", 0] as const;
const WATCHDOG = ["spec", "groups", 0, "rules", 0] as const;

function routing(policy: string, when: string, from: string, to: string, says: string, at: string): Break {
  if (!ALERTMANAGER_YAML.includes(from)) throw new Error(`the routing has no ${from}`);
  const text = ALERTMANAGER_YAML.replace(from, to);
  return set(policy, when, "alertmanager-config", ["stringData", "alertmanager.yaml"], text, says, at);
}

/** What breaks the policies of alerts and dashboards. */
export const ALERTING_BREAKS: readonly Break[] = [
  set(
    "alert-severity",
    "a severity is a word of somebody else's",
    "rules",
    [...CRITICAL, "labels", "severity"],
    "page",
    "KubeNodeNotReady has a severity that no route matches",
  ),
  set(
    "alert-severity",
    "there is no severity",
    "rules",
    [...CRITICAL, "labels", "severity"],
    undefined,
    "KubeNodeNotReady has no severity",
  ),
  set(
    "alert-annotations",
    "there is no runbook",
    "rules",
    [...CRITICAL, "annotations", "runbook_url"],
    undefined,
    "KubeNodeNotReady has no runbook_url",
  ),
  set(
    "alert-annotations",
    "the runbook is no URL",
    "rules",
    [...CRITICAL, "annotations", "runbook_url"],
    "see wiki",
    "is no URL",
  ),
  set(
    "alert-annotations",
    "the summary is empty",
    "rules",
    [...CRITICAL, "annotations", "summary"],
    " ",
    "no summary",
  ),
  set("alert-duration", "a page waits for two hours", "rules", [...CRITICAL, "for"], "2h", "longer than 15m"),
  set("alert-duration", "one sample is enough", "rules", [...CRITICAL, "for"], undefined, "a single sample"),
  set(
    "rule-lint",
    "a limit can never be reached",
    "rules",
    [...CRITICAL, "expr"],
    "kube_node_status_condition == 2",
    "KubeNodeNotReady compares == 2 what lies between 0 and 1",
  ),
  set(
    "rule-lint",
    "a query reads samples that are older than the retention",
    "rules",
    [...CRITICAL, "expr"],
    "avg_over_time(kube_node_status_condition[31d]) < 0.5",
    "reads samples of the last 31d, and the retention is 30d",
  ),
  set(
    "rule-lint",
    "everything is scraped too rarely for a rate",
    "prometheus",
    ["spec", "scrapeInterval"],
    "2m",
    "ErrorBudgetBurn has a rate over 5m of errors_total, which has a sample every 2m",
    "rules",
  ),
  set(
    "rule-lint",
    "a query is no PromQL",
    "rules",
    [...CRITICAL, "expr"],
    "sum(kube_node_status_condition == 0",
    "has a query that is no PromQL",
  ),
  set(
    "dashboard-lint",
    "a panel of a dashboard in a ConfigMap shows a counter as it is",
    "dashboard",
    ["data", "nodes.json"],
    dashboardText("nodes", 'sum by (job) (errors_total{job="kube-state-metrics"})'),
    "bellwether-nodes-test, panel Panel one, shows the counter errors_total without rate or increase (target-counter-agg)",
  ),
  set(
    "dashboard-lint",
    "a query of a dashboard that is delivered by API is no PromQL",
    "dashboard-by-api",
    ["configJson"],
    dashboardText("pods", DASHBOARD_QUERY).replace("sum by (job) (", "sum by (job) (("),
    "(target-promql)",
  ),
  set(
    "dashboard-lint",
    "a dashboard is no JSON",
    "dashboard",
    ["data", "nodes.json"],
    "{",
    "nodes.json is no JSON",
  ),
  set(
    "dashboard-lint",
    "a dashboard has another schema",
    "dashboard-by-api",
    ["configJson"],
    '{"apiVersion": "dashboard.grafana.app/v2beta1", "kind": "Dashboard", "spec": {}}',
    "configJson is no dashboard of Grafana's classic schema",
  ),
  set(
    "alert-owner",
    "nobody owns it",
    "rules",
    [...CRITICAL, "labels"],
    { severity: "info" },
    "alert KubeNodeNotReady has no label team",
  ),
  set(
    "alert-routes",
    "a team has no route",
    "rules",
    [...CRITICAL, "labels", "team"],
    "checkout",
    "no route below the root",
  ),
  routing(
    "alert-routes",
    "a receiver is not defined",
    "  - name: pager\n    pagerduty_configs: [{ routing_key_file: /etc/key }]\n",
    "",
    "which is not defined",
    "rules",
  ),
  routing(
    "alert-routes",
    "a receiver notifies nobody",
    "    pagerduty_configs: [{ routing_key_file: /etc/key }]\n",
    "",
    "which sends no notifications",
    "rules",
  ),
  removed(
    "alert-routes",
    "there is no configuration",
    ["alertmanager-config"],
    "alertmanager",
    "no Secret of this stack",
  ),
  set("heartbeat", "it has a condition", "rules", [...WATCHDOG, "expr"], "up == 0", "does not always fire"),
  set(
    "heartbeat",
    "it is gone",
    "rules",
    [...WATCHDOG, "alert"],
    "Watchdogg",
    "no rule defines",
    "alertmanager",
  ),
  routing(
    "heartbeat",
    "it goes to nobody",
    "receiver: heartbeat",
    "receiver: nobody",
    "the alert Watchdog has no route of its own to a receiver",
    "alertmanager",
  ),
  ...(
    [
      [
        "has no severity",
        [...GRAFANA_RULE, "labels", "severity"],
        "info",
        "has no severity critical or warning",
      ],
      ["has no owner", [...GRAFANA_RULE, "labels", "team"], "", "PrometheusGone has no label team"],
      ["has no runbook", [...GRAFANA_RULE, "annotations", "runbook_url"], undefined, "has no runbook_url"],
      [
        "asks nonsense",
        [...GRAFANA_RULE, "datas", 0, "model"],
        '{"expr":"count(up"}',
        "a query that is not PromQL",
      ],
      [
        "names a stranger",
        [...GRAFANA_RULE, "notificationSettings", "contactPoint"],
        "Nobody",
        "a contact point without receivers",
      ],
    ] as const
  ).map(([when, path, value, says]) =>
    set("grafana-alerts", `an alert of its API ${when}`, "grafana-rules", path, value, says),
  ),
  set(
    "grafana-alerts",
    "a contact point tells nobody",
    "grafana-pager",
    ["pagerduties"],
    [],
    "Grafana's alert PrometheusGone has a contact point without receivers",
    "grafana-rules",
  ),
  set(
    "grafana-alerts",
    "an alert of a file has no summary",
    "grafana-files",
    ["data", "alerting-rules.json"],
    (GRAFANA_FILES["alerting-rules.json"] ?? "").replace("The Watchdog is gone", " "),
    "Grafana's alert WatchdogGone has no summary",
  ),
  set(
    "grafana-alerts",
    "no policy says whom an alert is told to",
    "grafana-files",
    ["data", "alerting-notification-policy.json"],
    undefined,
    "Grafana's alert WatchdogGone has no contact point, and the stack has no notification policy",
  ),
];
