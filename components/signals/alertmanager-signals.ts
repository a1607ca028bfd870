import { signalsOf } from "./platform-signal.ts";
import { ALERTMANAGER, PROMETHEUS, RELOADER } from "./selectors.ts";

/** The share of notifications that failed over a range, which ends `offset` ago; by integration. */
export function failedNotifications(range: string, offset = ""): string {
  const of = (metric: string) =>
    `sum by (integration) (rate(${metric}{${ALERTMANAGER}}[${range}]${offset === "" ? "" : ` offset ${offset}`}))`;
  return `${of("alertmanager_notifications_failed_total")} / (${of("alertmanager_notifications_total")} > 0)`;
}

/** Alerts from Prometheus through Alertmanager to the receivers. */
export const ALERTMANAGER_SIGNALS = signalsOf("alertmanager", {
  alertmanagersFound: {
    id: "alertmanagers-found",
    row: "Prometheus to Alertmanager",
    title: "Alertmanagers discovered",
    unit: "short",
    description: "Alertmanagers that each Prometheus has discovered. At 0 no alert leaves Prometheus.",
    legend: "{{pod}}",
    query: () => `max by (pod) (prometheus_notifications_alertmanagers_discovered{${PROMETHEUS}})`,
    threshold: 1,
    bad: "below",
  },
  alertsDropped: {
    id: "alerts-dropped",
    row: "Prometheus to Alertmanager",
    title: "Errors sending alerts to Alertmanager",
    unit: "percentunit",
    description:
      "Share of alerts that Prometheus failed to send, by Alertmanager. If it is high for every Alertmanager, notifications are missing.",
    legend: "{{pod}} {{alertmanager}}",
    query: (range) =>
      `sum by (pod, alertmanager) (rate(prometheus_notifications_errors_total{${PROMETHEUS}}[${range}]))` +
      ` / (sum by (pod, alertmanager) (rate(prometheus_notifications_sent_total{${PROMETHEUS}}[${range}])) > 0)`,
    threshold: 0.01,
  },
  alertQueue: {
    id: "alert-queue",
    row: "Prometheus to Alertmanager",
    title: "Alert notification queue usage",
    unit: "percentunit",
    description:
      "Used share of the queue of alerts from Prometheus to Alertmanager. At 100% Prometheus drops alerts.",
    legend: "{{pod}}",
    query: () =>
      `max by (pod) (prometheus_notifications_queue_length{${PROMETHEUS}})` +
      ` / max by (pod) (prometheus_notifications_queue_capacity{${PROMETHEUS}})`,
    threshold: 0.5,
  },
  notificationsSent: {
    id: "notifications-sent",
    row: "Notifications",
    title: "Notification rate",
    unit: "cps",
    description: "Notifications per second that Alertmanager tried to send, by integration.",
    legend: "{{integration}}",
    query: (range) =>
      `sum by (integration) (rate(alertmanager_notifications_total{${ALERTMANAGER}}[${range}]))`,
  },
  notificationsFailed: {
    id: "notifications-failed",
    row: "Notifications",
    title: "Notification failures",
    unit: "percentunit",
    description:
      "Share of notifications that Alertmanager failed to send, by integration. While it is high, receivers are not notified.",
    legend: "{{integration}}",
    query: (range) => failedNotifications(range),
    threshold: 0.01,
  },
  notificationLatency: {
    id: "notification-latency",
    row: "Notifications",
    title: "Notification duration, 99th percentile",
    unit: "s",
    description: "Time in which 99% of notifications were delivered, by integration.",
    legend: "{{integration}}",
    query: (range) =>
      `histogram_quantile(0.99, sum by (integration, le) (rate(alertmanager_notification_latency_seconds_bucket{${ALERTMANAGER}}[${range}])))`,
  },
  alertsHeld: {
    id: "alerts-held",
    row: "Alerts",
    title: "Alerts by state",
    unit: "short",
    description:
      "Alerts in Alertmanager. It sends notifications for active alerts; suppressed alerts are silenced or inhibited.",
    legend: "{{state}}",
    query: () => `max by (state) (alertmanager_alerts{${ALERTMANAGER}})`,
  },
  silences: {
    id: "silences",
    row: "Alerts",
    title: "Silences by state",
    unit: "short",
    description: "Silences in Alertmanager: active, pending (they start later) and expired.",
    legend: "{{state}}",
    query: () => `max by (state) (alertmanager_silences{${ALERTMANAGER}})`,
  },
  alertmanagersUp: {
    id: "alertmanagers-up",
    row: "Cluster",
    title: "Alertmanagers up",
    unit: "short",
    description: "Alertmanagers whose last scrape succeeded. At 0 no notification is sent.",
    legend: "up",
    query: () => `sum(up{${ALERTMANAGER}})`,
  },
  alertmanagerMembers: {
    id: "alertmanager-members",
    row: "Cluster",
    title: "Alertmanager cluster members",
    unit: "short",
    description:
      "Cluster members that each Alertmanager sees. If the values differ, notifications are sent more than once.",
    legend: "{{pod}}",
    query: () => `max by (pod) (alertmanager_cluster_members{${ALERTMANAGER}})`,
  },
  gossipQueue: {
    id: "gossip-queue",
    row: "Cluster",
    title: "Queued gossip messages",
    unit: "short",
    description:
      "Messages that each Alertmanager has not yet sent to the other members. If the number grows, members disagree about which notifications were sent.",
    legend: "{{pod}}",
    query: () => `max by (pod) (alertmanager_cluster_messages_queued{${ALERTMANAGER}})`,
  },
  alertmanagerConfigs: {
    id: "alertmanager-configs",
    row: "Cluster",
    title: "Distinct Alertmanager configurations",
    unit: "short",
    description:
      "Number of different configurations that the Alertmanagers use. It is 1, except for a short time after a change.",
    legend: "configurations",
    query: () => `count(count_values("config_hash", alertmanager_config_hash{${ALERTMANAGER}}))`,
  },
  configHandover: {
    id: "config-handover",
    row: "Cluster",
    title: "Config-reloader failures",
    unit: "short",
    description:
      "1 while the last attempt of a config-reloader to reload Prometheus or Alertmanager has failed.",
    legend: "{{namespace}} {{pod}}",
    query: () => `1 - min by (namespace, pod) (reloader_last_reload_successful{${RELOADER}})`,
    threshold: 1,
  },
  configReload: {
    id: "config-reload",
    row: "Cluster",
    title: "Configuration reload failures",
    unit: "short",
    description:
      "1 while Prometheus or Alertmanager runs with an old configuration because it rejected the new one.",
    legend: "{{pod}}",
    query: () =>
      `1 - min by (job, pod) (prometheus_config_last_reload_successful{${PROMETHEUS}}` +
      ` or alertmanager_config_last_reload_successful{${ALERTMANAGER}})`,
    threshold: 1,
  },
});
