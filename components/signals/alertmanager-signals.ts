import { signalsOf } from "./platform-signal.ts";
import { ALERTMANAGER, PROMETHEUS, RELOADER } from "./selectors.ts";

/** The way of an alert from Prometheus through Alertmanager to people. */
export const ALERTMANAGER_SIGNALS = signalsOf("alertmanager", {
  alertmanagersFound: {
    id: "alertmanagers-found",
    row: "From Prometheus",
    title: "Alertmanagers that Prometheus sends to",
    unit: "short",
    description: "Alertmanagers that each Prometheus knows. 0 means that no alert can leave.",
    legend: "{{pod}}",
    query: () => `max by (pod) (prometheus_notifications_alertmanagers_discovered{${PROMETHEUS}})`,
    threshold: 1,
    bad: "below",
  },
  alertsDropped: {
    id: "alerts-dropped",
    row: "From Prometheus",
    title: "Alerts that did not reach Alertmanager",
    unit: "percentunit",
    description: "Share of alerts that Prometheus failed to hand to an Alertmanager.",
    legend: "{{pod}} {{alertmanager}}",
    query: (range) =>
      `sum by (pod, alertmanager) (rate(prometheus_notifications_errors_total{${PROMETHEUS}}[${range}]))` +
      ` / (sum by (pod, alertmanager) (rate(prometheus_notifications_sent_total{${PROMETHEUS}}[${range}])) > 0)`,
    threshold: 0.01,
  },
  alertQueue: {
    id: "alert-queue",
    row: "From Prometheus",
    title: "Queue of alerts to be sent",
    unit: "percentunit",
    description: "How full the queue from Prometheus to Alertmanager is. What does not fit is dropped.",
    legend: "{{pod}}",
    query: () =>
      `max by (pod) (prometheus_notifications_queue_length{${PROMETHEUS}})` +
      ` / max by (pod) (prometheus_notifications_queue_capacity{${PROMETHEUS}})`,
    threshold: 0.5,
  },
  notificationsSent: {
    id: "notifications-sent",
    row: "Notifications",
    title: "Notifications that were tried",
    unit: "cps",
    description: "Notifications per second that Alertmanager tried to send, by integration.",
    legend: "{{integration}}",
    query: (range) =>
      `sum by (integration) (rate(alertmanager_notifications_total{${ALERTMANAGER}}[${range}]))`,
  },
  notificationsFailed: {
    id: "notifications-failed",
    row: "Notifications",
    title: "Notifications that failed",
    unit: "percentunit",
    description:
      "Share of notifications that every Alertmanager failed to deliver, by integration. Above 1% is bad.",
    legend: "{{integration}}",
    query: (range) =>
      `sum by (integration) (rate(alertmanager_notifications_failed_total{${ALERTMANAGER}}[${range}]))` +
      ` / (sum by (integration) (rate(alertmanager_notifications_total{${ALERTMANAGER}}[${range}])) > 0)`,
    threshold: 0.01,
  },
  notificationLatency: {
    id: "notification-latency",
    row: "Notifications",
    title: "Time that notifications take",
    unit: "s",
    description: "Time within which 99% of the notifications of each integration were handed over.",
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
      "Alerts that Alertmanager holds: active ones are notified, suppressed ones are silenced or inhibited.",
    legend: "{{state}}",
    query: () => `max by (state) (alertmanager_alerts{${ALERTMANAGER}})`,
  },
  silences: {
    id: "silences",
    row: "Alerts",
    title: "Silences by state",
    unit: "short",
    description: "Silences that hold now, that are to come, and that are over.",
    legend: "{{state}}",
    query: () => `max by (state) (alertmanager_silences{${ALERTMANAGER}})`,
  },
  alertmanagersUp: {
    id: "alertmanagers-up",
    row: "Cluster",
    title: "Alertmanagers that answer",
    unit: "short",
    description: "Alertmanagers whose last scrape succeeded. Without one, nobody is told of anything.",
    legend: "answering",
    query: () => `sum(up{${ALERTMANAGER}})`,
  },
  alertmanagerMembers: {
    id: "alertmanager-members",
    row: "Cluster",
    title: "Members of the Alertmanager cluster",
    unit: "short",
    description: "How many members each Alertmanager sees. All must agree, or pages are sent twice.",
    legend: "{{pod}}",
    query: () => `max by (pod) (alertmanager_cluster_members{${ALERTMANAGER}})`,
  },
  gossipQueue: {
    id: "gossip-queue",
    row: "Cluster",
    title: "Messages between members that wait",
    unit: "short",
    description:
      "Messages that each Alertmanager still has to pass on. When it grows, members disagree on what was sent.",
    legend: "{{pod}}",
    query: () => `max by (pod) (alertmanager_cluster_messages_queued{${ALERTMANAGER}})`,
  },
  alertmanagerConfigs: {
    id: "alertmanager-configs",
    row: "Cluster",
    title: "Configurations in use",
    unit: "short",
    description:
      "Different configurations that Alertmanagers run on. With two, it depends on chance who is told.",
    legend: "configurations",
    query: () => `count(count_values("config_hash", alertmanager_config_hash{${ALERTMANAGER}}))`,
  },
  configHandover: {
    id: "config-handover",
    row: "Cluster",
    title: "Last hand-over of the configuration failed",
    unit: "short",
    description: "1 while a config-reloader could not hand a changed configuration to the program beside it.",
    legend: "{{namespace}} {{pod}}",
    query: () => `1 - min by (namespace, pod) (reloader_last_reload_successful{${RELOADER}})`,
    threshold: 1,
  },
  configReload: {
    id: "config-reload",
    row: "Cluster",
    title: "Last reload of the configuration failed",
    unit: "short",
    description:
      "1 while Prometheus or Alertmanager runs on an old configuration, because the new one was refused.",
    legend: "{{pod}}",
    query: () =>
      `1 - min by (job, pod) (prometheus_config_last_reload_successful{${PROMETHEUS}}` +
      ` or alertmanager_config_last_reload_successful{${ALERTMANAGER}})`,
    threshold: 1,
  },
});
