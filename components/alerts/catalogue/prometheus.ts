import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { MONITORING_SIGNALS } from "../../signals/platform.ts";
import { type AlertDefinition, rangeOf, shownThreshold, type Threshold } from "../definition.ts";
import { prometheus } from "../exporters.ts";
import { counting, fires, secondScrape, silent, steady, within } from "../situations.ts";

const POD = { pod: "prometheus-prometheus-0" };
const GROUP = { ...POD, rule_group: "/etc/prometheus/rules/shop.yaml;shop.slo" };
const RULE_GROUP = { rule_group: GROUP.rule_group };

const GROUP_DURATION: Threshold = {
  default: 0.8,
  min: 0.2,
  max: 1,
  unit: "share",
  comparison: "above",
  means: "evaluation time of a rule group as a share of its interval",
};

function ruleGroup(share: number) {
  return [
    steady(prometheus("prometheus_rule_group_last_duration_seconds", RULE_GROUP), 30 * share),
    steady(prometheus("prometheus_rule_group_interval_seconds", RULE_GROUP), 30),
  ];
}

/** Alerts about Prometheus itself: its configuration and its rules. */
export const PROMETHEUS_ALERTS: readonly AlertDefinition[] = [
  {
    name: "PrometheusConfigReloadFailed",
    summary: "Prometheus {{ $labels.pod }} failed to load its configuration",
    description: ({ for: held }) =>
      `The last configuration reload of {{ $labels.pod }} failed at least ${held} ago, and no reload has succeeded since.`,
    impact:
      "It uses its previous configuration. New targets, rules and alerts of all teams do not take effect.",
    // Both are 0 until the configuration is loaded for the first time, which a start with a long write-ahead log delays.
    expr: () =>
      `min by (pod) (prometheus_config_last_reload_successful{job="${JOBS.prometheus}"}) == 0 unless on (pod)` +
      ` max by (pod) (prometheus_config_last_reload_success_timestamp_seconds{job="${JOBS.prometheus}"}) == 0`,
    for: "10m",
    severity: "critical",
    signal: MONITORING_SIGNALS.configReload,
    jobs: [JOBS.prometheus],
    cases: [
      fires("the last reload failed", () => ({
        series: [
          steady(prometheus("prometheus_config_last_reload_successful"), 0),
          steady(prometheus("prometheus_config_last_reload_success_timestamp_seconds"), 1_800_000_000),
        ],
        alerts: [{ labels: POD }],
      })),
      silent("the write-ahead log is still replayed, and no configuration is loaded yet", () => ({
        series: [
          steady(prometheus("prometheus_config_last_reload_successful"), 0),
          steady(prometheus("prometheus_config_last_reload_success_timestamp_seconds"), 0),
        ],
      })),
      silent("the last reload succeeded", () => ({
        series: [steady(prometheus("prometheus_config_last_reload_successful"), 1)],
      })),
    ],
  },
  {
    name: "PrometheusRuleFailures",
    summary: "Prometheus {{ $labels.pod }} fails to evaluate rules of {{ $labels.rule_group }}",
    description: ({ for: held }) =>
      `For at least ${held}, {{ $labels.pod }} has failed to evaluate rules of the rule group {{ $labels.rule_group }}.`,
    impact: "While the rules fail, alerts of this group cannot fire, and its recorded series have gaps.",
    expr: (parameters) => `${MONITORING_SIGNALS.ruleFailures.query(rangeOf(parameters, "5m"))} > 0`,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "critical",
    signal: MONITORING_SIGNALS.ruleFailures,
    jobs: [JOBS.prometheus],
    cases: [
      fires("a rule fails at every evaluation", (parameters) => ({
        series: [
          counting(prometheus("prometheus_rule_evaluation_failures_total", RULE_GROUP), 1, parameters),
        ],
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: GROUP }],
      })),
      silent("no rule has failed for a long time", () => ({
        series: [steady(prometheus("prometheus_rule_evaluation_failures_total", RULE_GROUP), 7)],
      })),
    ],
  },
  {
    name: "PrometheusMissingRuleEvaluations",
    summary: "Prometheus {{ $labels.pod }} skips evaluations of {{ $labels.rule_group }}",
    description: ({ for: held }) =>
      `For at least ${held}, {{ $labels.pod }} has skipped evaluations of the rule group {{ $labels.rule_group }}, because they take longer than its interval.`,
    impact: "Alerts of this group are late, and its recorded series have gaps.",
    expr: (parameters) => `${MONITORING_SIGNALS.rulesMissed.query(rangeOf(parameters, "5m"))} > 0`,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: MONITORING_SIGNALS.rulesMissed,
    jobs: [JOBS.prometheus],
    cases: [
      fires("evaluations are skipped again and again", (parameters) => ({
        series: [
          counting(prometheus("prometheus_rule_group_iterations_missed_total", RULE_GROUP), 1, parameters),
        ],
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: GROUP }],
      })),
      silent("no evaluation is skipped", () => ({
        series: [steady(prometheus("prometheus_rule_group_iterations_missed_total", RULE_GROUP), 3)],
      })),
    ],
  },
  {
    name: "PrometheusRuleGroupSlow",
    summary: "Rule group {{ $labels.rule_group }} takes almost its whole interval in {{ $labels.pod }}",
    description: ({ threshold, for: held }) =>
      `An evaluation of the rule group {{ $labels.rule_group }} takes {{ $value | humanizePercentage }} of its interval. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact: "Above 100%, evaluations are skipped and alerts are late.",
    expr: ({ threshold }) => `${MONITORING_SIGNALS.ruleDuration.query("")} > ${threshold}`,
    threshold: GROUP_DURATION,
    for: "15m",
    severity: "warning",
    signal: MONITORING_SIGNALS.ruleDuration,
    jobs: [JOBS.prometheus],
    mutedBy: [{ alert: "PrometheusMissingRuleEvaluations", equal: ["pod", "rule_group"] }],
    cases: [
      fires("a group takes longer than the limit", (parameters) => {
        const share = Number((parameters.threshold * 1.1).toPrecision(4));
        return { series: ruleGroup(share), alerts: [{ labels: GROUP, value: percent(share) }] };
      }),
      silent("a group takes slightly less than the limit", (parameters) => ({
        series: ruleGroup(within(GROUP_DURATION, parameters)),
      })),
    ],
  },
];
