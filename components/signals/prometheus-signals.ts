import { signalsOf } from "./platform-signal.ts";
import { KSM, OPERATOR, PROMETHEUS } from "./selectors.ts";

/** The sum of several counters, per Prometheus. They are added after the rate, because rate over several metric names is an error. */
function perPod(rate: "rate" | "increase", range: string, counters: readonly string[]): string {
  return counters.map((counter) => `sum by (pod) (${rate}(${counter}{${PROMETHEUS}}[${range}]))`).join(" + ");
}

/** The error ratio of kube-state-metrics' requests of one kind to the API server. */
export function stateMetricsErrors(call: "list" | "watch", range: string): string {
  const counter = `kube_state_metrics_${call}_total`;
  return (
    `sum(rate(${counter}{${KSM}, result="error"}[${range}]))` +
    ` / (sum(rate(${counter}{${KSM}}[${range}])) > 0)`
  );
}

/** Shortens the label rule_group, which is the path of the file and the name of the group, to the name. */
function shortGroups(query: string): string {
  return `label_replace(${query}, "rule_group", "$1", "rule_group", ".+;(.+)")`;
}

/** Scraping, rules, capacity and cost of Prometheus, and its operator and exporters. */
export const PROMETHEUS_SIGNALS = signalsOf("prometheus", {
  targetsUp: {
    id: "targets-up",
    row: "Scraping",
    title: "Targets up",
    unit: "percentunit",
    description:
      "Share of each job's targets whose last scrape succeeded. Alerts on the metrics of a target that is down cannot fire.",
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
    description: "Samples per second that each Prometheus stores. At 0 it scrapes nothing.",
    legend: "{{pod}}",
    query: (range) =>
      `sum by (pod) (rate(prometheus_tsdb_head_samples_appended_total{${PROMETHEUS}}[${range}]))`,
  },
  scrapesRejected: {
    id: "scrapes-rejected",
    row: "Scraping",
    title: "Scrapes rejected",
    unit: "cps",
    description:
      "Scrapes per second that Prometheus discarded because the target exceeded a limit of its monitor.",
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
    title: "Samples rejected",
    unit: "cps",
    description:
      "Samples per second that Prometheus dropped because their timestamp was a duplicate, out of order or too old.",
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
    title: "Head series",
    unit: "short",
    description: "Series in the head block of each Prometheus. They determine its memory usage.",
    legend: "{{pod}}",
    query: () => `max by (pod) (prometheus_tsdb_head_series{${PROMETHEUS}})`,
  },
  seriesCreated: {
    id: "series-created",
    row: "Cardinality",
    title: "Series created",
    unit: "cps",
    description:
      "New series per second in each Prometheus. A high value means that label values keep changing.",
    legend: "{{pod}}",
    query: (range) =>
      `sum by (pod) (rate(prometheus_tsdb_head_series_created_total{${PROMETHEUS}}[${range}]))`,
  },
  seriesByJob: {
    id: "series-by-job",
    row: "Cardinality",
    title: "Series by job",
    unit: "short",
    description: "Series in the last scrapes after relabelling, by job: the ten jobs with the most series.",
    legend: "{{job}}",
    query: () => "sum by (job) (scrape_samples_post_metric_relabeling)",
    drawn: (measured) => `topk(10, ${measured})`,
  },
  prometheusMemory: {
    id: "prometheus-memory",
    row: "Capacity",
    title: "Memory usage of Prometheus",
    unit: "bytes",
    description: "Resident memory of each Prometheus, in bytes. It grows with the number of head series.",
    legend: "{{pod}}",
    query: () => `max by (pod) (process_resident_memory_bytes{${PROMETHEUS}})`,
  },
  prometheusCpu: {
    id: "prometheus-cpu",
    row: "Capacity",
    title: "CPU usage of Prometheus",
    unit: "short",
    description: "CPU cores that each Prometheus uses for scrapes, rules and queries.",
    legend: "{{pod}}",
    query: (range) => `sum by (pod) (rate(process_cpu_seconds_total{${PROMETHEUS}}[${range}]))`,
  },
  storageSize: {
    id: "storage-size",
    row: "Capacity",
    title: "TSDB block size on disk",
    unit: "bytes",
    description: "Size of the persistent blocks of each Prometheus on its volume, in bytes.",
    legend: "{{pod}}",
    query: () => `max by (pod) (prometheus_tsdb_storage_blocks_bytes{${PROMETHEUS}})`,
  },
  tsdbFailures: {
    id: "tsdb-failures",
    row: "Capacity",
    title: "TSDB failures",
    unit: "short",
    description:
      "Failed compactions, block reloads and head truncations, and corruptions of the write-ahead log. Normally 0.",
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
    title: "Query duration, 99th percentile",
    unit: "s",
    description:
      "Time in which 99% of queries passed each stage: waiting in the queue, preparation, evaluation and sorting.",
    legend: "{{slice}}",
    query: () => `max by (slice) (prometheus_engine_query_duration_seconds{${PROMETHEUS}, quantile="0.99"})`,
  },
  ruleDuration: {
    id: "rule-duration",
    row: "Rules",
    title: "Rule group duration (% of interval)",
    unit: "percentunit",
    description:
      "Duration of the last evaluation of each rule group as a share of its interval: the ten highest. Above 100% Prometheus skips evaluations.",
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
    title: "CPU usage of rule groups",
    unit: "percentunit",
    description: "Time that the rules of each group take as a share of one core: the ten highest groups.",
    legend: "{{rule_group}}",
    query: () =>
      `max by (pod, rule_group) (prometheus_rule_group_last_rule_duration_sum_seconds{${PROMETHEUS}})` +
      ` / max by (pod, rule_group) (prometheus_rule_group_interval_seconds{${PROMETHEUS}})`,
    drawn: (measured) => shortGroups(`topk(10, max by (rule_group) (${measured}))`),
  },
  ruleSamples: {
    id: "rule-samples",
    row: "Rules",
    title: "Samples written by rule groups",
    unit: "short",
    description: "Series that the last evaluation of each rule group wrote: the ten groups with the most.",
    legend: "{{rule_group}}",
    query: () => `max by (pod, rule_group) (prometheus_rule_group_last_evaluation_samples{${PROMETHEUS}})`,
    drawn: (measured) => shortGroups(`topk(10, max by (rule_group) (${measured}))`),
  },
  ruleFailures: {
    id: "rule-failures",
    row: "Rules",
    title: "Rule evaluation failures",
    unit: "short",
    description:
      "Rule evaluations that ended with an error, by rule group. An alert cannot fire while its rule fails.",
    legend: "{{pod}} {{rule_group}}",
    query: (range) =>
      `sum by (pod, rule_group) (round(increase(prometheus_rule_evaluation_failures_total{${PROMETHEUS}}[${range}])))`,
  },
  rulesMissed: {
    id: "rules-missed",
    row: "Rules",
    title: "Skipped rule evaluations",
    unit: "short",
    description:
      "Evaluations that a rule group skipped because the previous one took longer than the interval.",
    legend: "{{pod}} {{rule_group}}",
    query: (range) =>
      `sum by (pod, rule_group) (round(increase(prometheus_rule_group_iterations_missed_total{${PROMETHEUS}}[${range}])))`,
  },
  operatorErrors: {
    id: "operator-errors",
    row: "Operator and exporters",
    title: "Operator reconciliation errors",
    unit: "percentunit",
    description: "Share of the reconciliations of prometheus-operator that failed, by controller.",
    legend: "{{controller}}",
    query: (range) =>
      `sum by (controller) (rate(prometheus_operator_reconcile_errors_total{${OPERATOR}}[${range}]))` +
      ` / (sum by (controller) (rate(prometheus_operator_reconcile_operations_total{${OPERATOR}}[${range}])) > 0)`,
    threshold: 0.1,
  },
  operatorRejected: {
    id: "operator-rejected",
    row: "Operator and exporters",
    title: "Resources rejected by the operator",
    unit: "short",
    description:
      "Monitors, rules and probes that prometheus-operator rejected as invalid. They have no effect.",
    legend: "{{controller}} {{resource}}",
    query: () =>
      `max by (controller, resource) (prometheus_operator_managed_resources{${OPERATOR}, state="rejected"})`,
    threshold: 1,
  },
  stateMetricsErrors: {
    id: "state-metrics-errors",
    row: "Operator and exporters",
    title: "API errors of kube-state-metrics",
    unit: "percentunit",
    description:
      "Share of the list and watch requests from kube-state-metrics to the API server that failed.",
    legend: "{{call}}",
    query: (range) =>
      (["list", "watch"] as const)
        .map((call) => `label_replace(${stateMetricsErrors(call, range)}, "call", "${call}", "", "")`)
        .join(" or "),
    threshold: 0.01,
  },
});
