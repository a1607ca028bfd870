import { signalsOf } from "./platform-signal.ts";
import { KSM, OPERATOR, PROMETHEUS } from "./selectors.ts";

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

/** A group's label is the file that it stands in and its name, of which the name says enough. */
function shortGroups(query: string): string {
  return `label_replace(${query}, "rule_group", "$1", "rule_group", ".+;(.+)")`;
}

/** Prometheus: whether it scrapes and evaluates, and what that costs. */
export const PROMETHEUS_SIGNALS = signalsOf("prometheus", {
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
    bad: "below",
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
  headSeries: {
    id: "head-series",
    row: "Cardinality",
    title: "Series in memory",
    unit: "short",
    description: "Series in the head of each Prometheus: what its memory is sized for.",
    legend: "{{pod}}",
    query: () => `max by (pod) (prometheus_tsdb_head_series{${PROMETHEUS}})`,
  },
  seriesCreated: {
    id: "series-created",
    row: "Cardinality",
    title: "New series",
    unit: "cps",
    description:
      "Series per second that each Prometheus saw for the first time. Labels that never repeat keep it high.",
    legend: "{{pod}}",
    query: (range) =>
      `sum by (pod) (rate(prometheus_tsdb_head_series_created_total{${PROMETHEUS}}[${range}]))`,
  },
  seriesByJob: {
    id: "series-by-job",
    row: "Cardinality",
    title: "Series by job",
    unit: "short",
    description:
      "Series that the last scrapes of each job left after relabelling: the ten jobs with the most.",
    legend: "{{job}}",
    query: () => "sum by (job) (scrape_samples_post_metric_relabeling)",
    drawn: (measured) => `topk(10, ${measured})`,
  },
  prometheusMemory: {
    id: "prometheus-memory",
    row: "Capacity",
    title: "Memory of Prometheus",
    unit: "bytes",
    description: "Memory that each Prometheus holds. It follows the series in memory.",
    legend: "{{pod}}",
    query: () => `max by (pod) (process_resident_memory_bytes{${PROMETHEUS}})`,
  },
  prometheusCpu: {
    id: "prometheus-cpu",
    row: "Capacity",
    title: "Cores of Prometheus",
    unit: "short",
    description: "Cores that each Prometheus keeps busy with scrapes, rules and questions.",
    legend: "{{pod}}",
    query: (range) => `sum by (pod) (rate(process_cpu_seconds_total{${PROMETHEUS}}[${range}]))`,
  },
  storageSize: {
    id: "storage-size",
    row: "Capacity",
    title: "Size of the blocks on disk",
    unit: "bytes",
    description: "What the persistent blocks of each Prometheus take on its volume.",
    legend: "{{pod}}",
    query: () => `max by (pod) (prometheus_tsdb_storage_blocks_bytes{${PROMETHEUS}})`,
  },
  tsdbFailures: {
    id: "tsdb-failures",
    row: "Capacity",
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
  queryDuration: {
    id: "query-duration",
    row: "Capacity",
    title: "Time that questions take",
    unit: "s",
    description: "Time within which each part of the work on 99% of all queries was done.",
    legend: "{{slice}}",
    query: () => `max by (slice) (prometheus_engine_query_duration_seconds{${PROMETHEUS}, quantile="0.99"})`,
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
    drawn: (measured) => shortGroups(`topk(10, max by (rule_group) (${measured}))`),
    threshold: 1,
  },
  ruleCost: {
    id: "rule-cost",
    row: "Rules",
    title: "Cost of rules",
    unit: "percentunit",
    description: "Share of one core's time that the rules of each group take: the ten dearest groups.",
    legend: "{{rule_group}}",
    query: () =>
      `max by (pod, rule_group) (prometheus_rule_group_last_rule_duration_sum_seconds{${PROMETHEUS}})` +
      ` / max by (pod, rule_group) (prometheus_rule_group_interval_seconds{${PROMETHEUS}})`,
    drawn: (measured) => shortGroups(`topk(10, max by (rule_group) (${measured}))`),
  },
  ruleSamples: {
    id: "rule-samples",
    row: "Rules",
    title: "Series that rules write",
    unit: "short",
    description:
      "Series that the last evaluation of each group recorded or alerted on: the ten groups with the most.",
    legend: "{{rule_group}}",
    query: () => `max by (pod, rule_group) (prometheus_rule_group_last_evaluation_samples{${PROMETHEUS}})`,
    drawn: (measured) => shortGroups(`topk(10, max by (rule_group) (${measured}))`),
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
