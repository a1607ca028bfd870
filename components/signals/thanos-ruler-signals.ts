import { signalsOf } from "./platform-signal.ts";
import { THANOS_RULER } from "./selectors.ts";

/** Thanos Ruler: rules that are evaluated over all servers and blocks. Only where a store of kind thanos evaluates the rules. */
export const THANOS_RULER_SIGNALS = signalsOf("prometheus", {
  rulerEvaluations: {
    id: "thanos-ruler-evaluations",
    row: "Thanos Ruler",
    title: "Evaluations of Thanos Ruler",
    unit: "ops",
    description:
      "Evaluations of rules a second, of all rulers. Each ruler evaluates every rule once in its interval. 0 while none runs.",
    legend: "evaluations",
    query: (range) => `sum(rate(prometheus_rule_evaluations_total{${THANOS_RULER}}[${range}])) or vector(0)`,
  },
  rulerFailures: {
    id: "thanos-ruler-failures",
    row: "Thanos Ruler",
    title: "Failed evaluations of Thanos Ruler",
    unit: "percentunit",
    description:
      "Share of a ruler's evaluations that failed. While the replica of Prometheus that it asks does not answer, all of them fail.",
    legend: "{{pod}}",
    query: (range) =>
      `sum by (pod) (rate(prometheus_rule_evaluation_failures_total{${THANOS_RULER}}[${range}]))` +
      ` / (sum by (pod) (rate(prometheus_rule_evaluations_total{${THANOS_RULER}}[${range}])) > 0)`,
    threshold: 0.1,
  },
  rulerRuleFailures: {
    id: "thanos-ruler-rule-failures",
    row: "Thanos Ruler",
    title: "Failed evaluations by rule group",
    unit: "short",
    description: "Evaluations of rules that failed, by ruler and rule group, as a number in the range.",
    legend: "{{pod}} {{rule_group}}",
    query: (range) =>
      `sum by (pod, rule_group) (increase(prometheus_rule_evaluation_failures_total{${THANOS_RULER}}[${range}]))`,
    threshold: 0,
  },
  rulerMissed: {
    id: "thanos-ruler-missed",
    row: "Thanos Ruler",
    title: "Skipped evaluations of rule groups",
    unit: "short",
    description:
      "Evaluations of rule groups that a ruler skipped because the one before had not ended, as a number in the range.",
    legend: "{{pod}} {{rule_group}}",
    query: (range) =>
      `sum by (pod, rule_group) (increase(prometheus_rule_group_iterations_missed_total{${THANOS_RULER}}[${range}]))`,
    threshold: 0,
  },
  rulerAlertsDropped: {
    id: "thanos-ruler-alerts-dropped",
    row: "Thanos Ruler",
    title: "Undelivered alerts of Thanos Ruler",
    unit: "short",
    description:
      "Alerts that a ruler could send to no Alertmanager, or had no room for in its queue, as a number in the range.",
    legend: "{{pod}}",
    query: (range) =>
      `sum by (pod) (increase(thanos_alert_sender_alerts_dropped_total{${THANOS_RULER}}[${range}]))` +
      ` + sum by (pod) (increase(thanos_alert_queue_alerts_dropped_total{${THANOS_RULER}}[${range}]))`,
    threshold: 0,
  },
});
