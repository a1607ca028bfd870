import { JOBS } from "./jobs.ts";
import { signalsOf } from "./platform-signal.ts";

const PROMETHEUS = `job="${JOBS.prometheus}"`;
const ALERTMANAGER = `job="${JOBS.alertmanager}"`;
const OPERATOR = `job="${JOBS.prometheusOperator}"`;
const KSM = `job="${JOBS.kubeStateMetrics}"`;

/** Several counters as one, per Prometheus. They are added after the rate: a rate over several names is an error. */
function perPod(rate: "rate" | "increase", range: string, counters: readonly string[]): string {
  return counters.map((counter) => `sum by (pod) (${rate}(${counter}{${PROMETHEUS}}[${range}]))`).join(" + ");
}

/** The share of one kind of kube-state-metrics' calls of the API server that failed. */
export function stateMetricsErrors(call: "list" | "watch", range: string): string {
  const counter = `kube_state_metrics_${call}_total`;
  return (
    `sum(rate(${counter}{${KSM}, result="error"}[${range}]))` +
    ` / (sum(rate(${counter}{${KSM}}[${range}])) > 0)`
  );
}

/** The signals of monitoring itself: what watches the cluster has to be watched as well. */
export const MONITORING_SIGNALS = signalsOf("monitoringHealth", {
  targetsUp: {
    id: "targets-up",
    row: "Scraping",
    title: "Targets that answer",
    unit: "percentunit",
    description:
      "Share of each job's targets whose last scrape succeeded. Below 90% for ten minutes is an alert.",
    legend: "{{namespace}} {{job}}",
    query: () => "avg by (namespace, job) (up)",
    threshold: 0.9,
  },
  samplesIngested: {
    id: "samples-ingested",
    row: "Scraping",
    title: "Samples ingested",
    unit: "cps",
    description: "Samples per second that each Prometheus stores. 0 means that it watches nothing.",
    legend: "{{pod}}",
    query: (range) =>
      `sum by (pod) (rate(prometheus_tsdb_head_samples_appended_total{${PROMETHEUS}}[${range}]))`,
  },
  headSeries: {
    id: "head-series",
    row: "Scraping",
    title: "Series in memory",
    unit: "short",
    description: "Series in the head of each Prometheus: what its memory is sized for.",
    legend: "{{pod}}",
    query: () => `max by (pod) (prometheus_tsdb_head_series{${PROMETHEUS}})`,
  },
  scrapesRejected: {
    id: "scrapes-rejected",
    row: "Scraping",
    title: "Scrapes that were rejected",
    unit: "cps",
    description:
      "Scrapes per second that were thrown away whole, because a target broke a limit of its monitor.",
    legend: "{{pod}}",
    query: (range) =>
      perPod("rate", range, [
        "prometheus_target_scrapes_exceeded_sample_limit_total",
        "prometheus_target_scrapes_exceeded_body_size_limit_total",
        "prometheus_target_scrape_pool_exceeded_target_limit_total",
        "prometheus_target_scrape_pool_exceeded_label_limits_total",
      ]),
  },
  samplesRejected: {
    id: "samples-rejected",
    row: "Scraping",
    title: "Samples that were rejected",
    unit: "cps",
    description: "Samples per second that were dropped because their time was a duplicate or too old.",
    legend: "{{pod}}",
    query: (range) =>
      perPod("rate", range, [
        "prometheus_target_scrapes_sample_duplicate_timestamp_total",
        "prometheus_target_scrapes_sample_out_of_order_total",
        "prometheus_target_scrapes_sample_out_of_bounds_total",
      ]),
  },
  ruleDuration: {
    id: "rule-duration",
    row: "Rules",
    title: "Time that rule groups take",
    unit: "percentunit",
    description:
      "How long the last evaluation of each group took, as a share of its interval. From 100% it skips.",
    legend: "{{rule_group}}",
    query: () =>
      `max by (pod, rule_group) (prometheus_rule_group_last_duration_seconds{${PROMETHEUS}})` +
      ` / max by (pod, rule_group) (prometheus_rule_group_interval_seconds{${PROMETHEUS}})`,
    drawn: (measured) => `topk(10, max by (rule_group) (${measured}))`,
    threshold: 1,
  },
  ruleFailures: {
    id: "rule-failures",
    row: "Rules",
    title: "Rules that fail",
    unit: "short",
    description: "Evaluations of rules that ended in an error. An alert whose rule fails is blind.",
    legend: "{{pod}} {{rule_group}}",
    query: (range) =>
      `sum by (pod, rule_group) (round(increase(prometheus_rule_evaluation_failures_total{${PROMETHEUS}}[${range}])))`,
  },
  rulesMissed: {
    id: "rules-missed",
    row: "Rules",
    title: "Evaluations that were skipped",
    unit: "short",
    description: "Rounds that a rule group missed because the round before took longer than the interval.",
    legend: "{{pod}} {{rule_group}}",
    query: (range) =>
      `sum by (pod, rule_group) (round(increase(prometheus_rule_group_iterations_missed_total{${PROMETHEUS}}[${range}])))`,
  },
  alertmanagersFound: {
    id: "alertmanagers-found",
    row: "Notifications",
    title: "Alertmanagers that Prometheus sends to",
    unit: "short",
    description: "Alertmanagers that each Prometheus knows. 0 means that no alert can leave.",
    legend: "{{pod}}",
    query: () => `max by (pod) (prometheus_notifications_alertmanagers_discovered{${PROMETHEUS}})`,
    threshold: 1,
  },
  alertsDropped: {
    id: "alerts-dropped",
    row: "Notifications",
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
    row: "Notifications",
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
  alertmanagerMembers: {
    id: "alertmanager-members",
    row: "Alertmanager",
    title: "Members of the Alertmanager cluster",
    unit: "short",
    description: "How many members each Alertmanager sees. All must agree, or pages are sent twice.",
    legend: "{{pod}}",
    query: () => `max by (pod) (alertmanager_cluster_members{${ALERTMANAGER}})`,
  },
  configReload: {
    id: "config-reload",
    row: "Alertmanager",
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
  tsdbFailures: {
    id: "tsdb-failures",
    row: "Storage",
    title: "Failures of the time-series database",
    unit: "short",
    description: "Compactions and reloads of blocks that failed, and corruptions of the write-ahead log.",
    legend: "{{pod}}",
    query: (range) =>
      perPod("increase", range, [
        "prometheus_tsdb_compactions_failed_total",
        "prometheus_tsdb_reloads_failures_total",
        "prometheus_tsdb_wal_corruptions_total",
        "prometheus_tsdb_head_truncations_failed_total",
      ]),
  },
  storageSize: {
    id: "storage-size",
    row: "Storage",
    title: "Size of the blocks on disk",
    unit: "bytes",
    description: "What the persistent blocks of each Prometheus take on its volume.",
    legend: "{{pod}}",
    query: () => `max by (pod) (prometheus_tsdb_storage_blocks_bytes{${PROMETHEUS}})`,
  },
  operatorErrors: {
    id: "operator-errors",
    row: "Operator and exporters",
    title: "Reconciliations that failed",
    unit: "percentunit",
    description: "Share of the operator's reconciliations that failed, by controller.",
    legend: "{{controller}}",
    query: (range) =>
      `sum by (controller) (rate(prometheus_operator_reconcile_errors_total{${OPERATOR}}[${range}]))` +
      ` / (sum by (controller) (rate(prometheus_operator_reconcile_operations_total{${OPERATOR}}[${range}])) > 0)`,
    threshold: 0.1,
  },
  operatorRejected: {
    id: "operator-rejected",
    row: "Operator and exporters",
    title: "Resources that the operator refused",
    unit: "short",
    description: "Monitors, rules and probes that are written wrongly. They exist and do nothing.",
    legend: "{{controller}} {{resource}}",
    query: () =>
      `max by (controller, resource) (prometheus_operator_managed_resources{${OPERATOR}, state="rejected"})`,
    threshold: 1,
  },
  stateMetricsErrors: {
    id: "state-metrics-errors",
    row: "Operator and exporters",
    title: "Errors of kube-state-metrics",
    unit: "percentunit",
    description: "Share of kube-state-metrics' lists and watches of the API server that failed.",
    legend: "{{call}}",
    query: (range) =>
      (["list", "watch"] as const)
        .map((call) => `label_replace(${stateMetricsErrors(call, range)}, "call", "${call}", "", "")`)
        .join(" or "),
    threshold: 0.01,
  },
});
