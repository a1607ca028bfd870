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
  means: "time that a rule group takes as a share of its interval",
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
    summary: "Prometheus {{ $labels.pod }} refuses its configuration",
    description: ({ for: held }) =>
      `The last reload of {{ $labels.pod }} failed, and for ${held} no later one has succeeded.`,
    impact:
      "It runs on its old configuration: new targets, rules and alerts of every team do not take effect.",
    expr: () => `min by (pod) (prometheus_config_last_reload_successful{job="${JOBS.prometheus}"}) == 0`,
    for: "10m",
    severity: "critical",
    signal: MONITORING_SIGNALS.configReload,
    jobs: [JOBS.prometheus],
    cases: [
      fires("the last reload failed", () => ({
        series: [steady(prometheus("prometheus_config_last_reload_successful"), 0)],
        alerts: [{ labels: POD }],
      })),
      silent("the last reload succeeded", () => ({
        series: [steady(prometheus("prometheus_config_last_reload_successful"), 1)],
      })),
    ],
  },
  {
    name: "PrometheusRuleFailures",
    summary: "Rules of {{ $labels.rule_group }} fail in {{ $labels.pod }}",
    description: ({ for: held }) =>
      `For ${held} evaluations of rules of {{ $labels.rule_group }} have failed in {{ $labels.pod }}.`,
    impact: "Alerts and objectives of that group are blind while their rules fail.",
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
      `{{ $labels.pod }} has skipped evaluations of {{ $labels.rule_group }} for ${held}, because each takes longer than its interval.`,
    impact: "Its alerts are late, and its recorded series have gaps.",
    expr: (parameters) => `${MONITORING_SIGNALS.rulesMissed.query(rangeOf(parameters, "5m"))} > 0`,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: MONITORING_SIGNALS.rulesMissed,
    jobs: [JOBS.prometheus],
    cases: [
      fires("evaluations are skipped all the time", (parameters) => ({
        series: [
          counting(prometheus("prometheus_rule_group_iterations_missed_total", RULE_GROUP), 1, parameters),
        ],
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: GROUP }],
      })),
      silent("none is skipped", () => ({
        series: [steady(prometheus("prometheus_rule_group_iterations_missed_total", RULE_GROUP), 3)],
      })),
    ],
  },
  {
    name: "PrometheusRuleGroupSlow",
    summary: "Rule group {{ $labels.rule_group }} is nearly too slow in {{ $labels.pod }}",
    description: ({ threshold, for: held }) =>
      `An evaluation of {{ $labels.rule_group }} takes {{ $value | humanizePercentage }} of its interval; the limit is ${shownThreshold(threshold, "share")}, and has been passed for ${held}.`,
    impact: "From 100% on evaluations are skipped and alerts are late.",
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
      silent("a group takes just less than the limit", (parameters) => ({
        series: ruleGroup(within(GROUP_DURATION, parameters)),
      })),
    ],
  },
];
