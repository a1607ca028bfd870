import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { MONITORING_SIGNALS } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  rangeOf,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import { thanosRuler } from "../exporters.ts";
import { beyond, counting, fires, secondScrape, silent, steady, within } from "../situations.ts";

const { thanosRuler: RULER } = JOBS;
const POD = { pod: "thanos-ruler-main-0" };
const GROUP = {
  rule_group: "/thanos/data/.tmp-rules/ABORT/etc/thanos/rules/thanos-ruler-main-rulefiles-0/a.yaml;shop.slo",
};
/** Labels of Thanos' own: how it takes a partial answer. */
const RULES = { ...GROUP, strategy: "abort" };

const FAILURES: Threshold = {
  default: 0.1,
  min: 0.001,
  max: 0.9,
  unit: "share",
  comparison: "above",
  means: "share of a ruler's evaluations that fail",
};

/** Ten evaluations a second of one ruler, of which a share fails. */
function evaluations(share: number, parameters: AlertParameters, ruler = 0) {
  return [
    counting(thanosRuler("prometheus_rule_evaluations_total", RULES, ruler), 10, parameters),
    counting(thanosRuler("prometheus_rule_evaluation_failures_total", RULES, ruler), 10 * share, parameters),
  ];
}

/** Alerts that no Alertmanager took, and none that found no room. */
function undelivered(perSecond: number, parameters: AlertParameters) {
  return [
    counting(thanosRuler("thanos_alert_sender_alerts_dropped_total"), perSecond, parameters),
    steady(thanosRuler("thanos_alert_queue_alerts_dropped_total"), 0),
  ];
}

/**
 * Alerts about Thanos Ruler, which Prometheus evaluates. Most of them page: while it does not work, no alert about services and the
 * cluster fires.
 */
export const THANOS_RULER_ALERTS: readonly AlertDefinition[] = [
  {
    name: "ThanosRulerNotEvaluating",
    summary: "No Thanos Ruler evaluates rules",
    description: ({ for: held }) => `No Thanos Ruler has evaluated a rule for at least ${held}.`,
    impact:
      "No alert about services, nodes and workloads can fire, and objectives are not recorded. Only the alerts about the monitoring itself work.",
    expr: (parameters) => `(${MONITORING_SIGNALS.rulerEvaluations.query(rangeOf(parameters, "2m"))}) == 0`,
    for: "5m",
    severity: "critical",
    signal: MONITORING_SIGNALS.rulerEvaluations,
    jobs: [RULER],
    needs: "thanos-ruler",
    cases: [
      fires("the rulers run and evaluate nothing", () => ({
        series: [steady(thanosRuler("prometheus_rule_evaluations_total", RULES), 7)],
        alerts: [{ labels: {} }],
      })),
      fires("no ruler runs", () => ({ series: [], alerts: [{ labels: {} }] })),
      silent("one ruler evaluates rules", (parameters) => ({
        series: evaluations(0, parameters),
      })),
    ],
  },
  {
    name: "ThanosRulerQueriesFailing",
    summary: "Evaluations of every Thanos Ruler fail",
    description: ({ threshold, for: held }) =>
      `Of every Thanos Ruler, at least {{ $value | humanizePercentage }} of the evaluations fail. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact: "Alerts whose evaluations fail cannot fire, and objectives have gaps.",
    expr: (parameters) =>
      `min(${MONITORING_SIGNALS.rulerFailures.query(rangeOf(parameters, "5m"))}) > ${parameters.threshold}`,
    threshold: FAILURES,
    for: "5m",
    lookback: { range: "5m", samples: 2 },
    severity: "critical",
    signal: MONITORING_SIGNALS.rulerFailures,
    jobs: [RULER],
    needs: "thanos-ruler",
    cases: [
      fires("more evaluations of each ruler fail than the limit", (parameters) => ({
        series: [
          ...evaluations(1, parameters, 0),
          ...evaluations(beyond(FAILURES, parameters), parameters, 1),
        ],
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: {}, value: percent(beyond(FAILURES, parameters)) }],
      })),
      silent(
        "all evaluations of one ruler fail, and of the other slightly fewer than the limit",
        (parameters) => ({
          series: [
            ...evaluations(1, parameters, 0),
            ...evaluations(within(FAILURES, parameters), parameters, 1),
          ],
        }),
      ),
    ],
  },
  {
    name: "ThanosRulerReplicaFailing",
    summary: "Evaluations of Thanos Ruler {{ $labels.pod }} fail",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the evaluations of {{ $labels.pod }} fail. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact: "If the other ruler fails as well, no alert about services and the cluster fires.",
    expr: (parameters) =>
      `${MONITORING_SIGNALS.rulerFailures.query(rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: FAILURES,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: MONITORING_SIGNALS.rulerFailures,
    jobs: [RULER],
    needs: "thanos-ruler",
    cases: [
      fires("more evaluations of one ruler fail than the limit", (parameters) => ({
        series: [
          ...evaluations(0, parameters, 0),
          ...evaluations(beyond(FAILURES, parameters), parameters, 1),
        ],
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: { pod: "thanos-ruler-main-1" }, value: percent(beyond(FAILURES, parameters)) }],
      })),
      silent("slightly fewer evaluations of a ruler fail than the limit", (parameters) => ({
        series: evaluations(within(FAILURES, parameters), parameters, 0),
      })),
    ],
  },
  {
    name: "ThanosRulerRuleFailures",
    summary: "Every Thanos Ruler fails to evaluate rules of {{ $labels.rule_group }}",
    description: ({ for: held }) =>
      `For at least ${held}, no Thanos Ruler has evaluated all rules of the rule group {{ $labels.rule_group }}.`,
    impact: "While the rules fail, alerts of this group cannot fire, and its recorded series have gaps.",
    expr: (parameters) =>
      `min by (rule_group) (${MONITORING_SIGNALS.rulerRuleFailures.query(rangeOf(parameters, "5m"))}) > 0`,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "critical",
    signal: MONITORING_SIGNALS.rulerRuleFailures,
    jobs: [RULER],
    needs: "thanos-ruler",
    cases: [
      fires("a rule fails at every evaluation of each ruler", (parameters) => ({
        series: [0, 1].map((ruler) =>
          counting(
            thanosRuler("prometheus_rule_evaluation_failures_total", RULES, ruler),
            1 + ruler,
            parameters,
          ),
        ),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: GROUP }],
      })),
      silent("a rule fails in one ruler alone", (parameters) => ({
        series: [
          counting(thanosRuler("prometheus_rule_evaluation_failures_total", RULES), 1, parameters),
          steady(thanosRuler("prometheus_rule_evaluation_failures_total", RULES, 1), 7),
        ],
      })),
    ],
  },
  {
    name: "ThanosRulerMissingEvaluations",
    summary: "Thanos Ruler {{ $labels.pod }} skips evaluations of {{ $labels.rule_group }}",
    description: ({ for: held }) =>
      `For at least ${held}, {{ $labels.pod }} has skipped evaluations of the rule group {{ $labels.rule_group }}, because they take longer than its interval.`,
    impact: "Alerts of this group are late, and its recorded series have gaps.",
    expr: (parameters) => `${MONITORING_SIGNALS.rulerMissed.query(rangeOf(parameters, "5m"))} > 0`,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: MONITORING_SIGNALS.rulerMissed,
    jobs: [RULER],
    needs: "thanos-ruler",
    cases: [
      fires("evaluations are skipped again and again", (parameters) => ({
        series: [
          counting(thanosRuler("prometheus_rule_group_iterations_missed_total", RULES), 1, parameters),
        ],
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: { ...POD, ...GROUP } }],
      })),
      silent("no evaluation is skipped", () => ({
        series: [steady(thanosRuler("prometheus_rule_group_iterations_missed_total", RULES), 3)],
      })),
    ],
  },
  {
    name: "ThanosRulerAlertsUndelivered",
    summary: "Alertmanager takes no alerts from Thanos Ruler {{ $labels.pod }}",
    description: ({ for: held }) =>
      `For at least ${held}, {{ $labels.pod }} has had alerts that no Alertmanager took, or that its queue had no room for.`,
    impact: "Notifications, including pages, are late or lost, unless another ruler delivers them.",
    expr: (parameters) => `${MONITORING_SIGNALS.rulerAlertsDropped.query(rangeOf(parameters, "5m"))} > 0`,
    for: "10m",
    lookback: { range: "5m", samples: 2 },
    severity: "critical",
    signal: MONITORING_SIGNALS.rulerAlertsDropped,
    jobs: [RULER],
    needs: "thanos-ruler",
    cases: [
      fires("no Alertmanager takes alerts", (parameters) => ({
        series: undelivered(1, parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: POD }],
      })),
      silent("every alert is taken", (parameters) => ({ series: undelivered(0, parameters) })),
    ],
  },
];
