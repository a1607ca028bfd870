import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { MONITORING_SIGNALS, stateMetricsErrors } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  rangeOf,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import {
  configReloader,
  kubeStateMetrics,
  kubeStateMetricsItself,
  prometheusOperator,
} from "../exporters.ts";
import { beyond, counting, fires, secondScrape, silent, steady, within } from "../situations.ts";

const CALLS: Threshold = {
  default: 0.01,
  min: 0.001,
  max: 0.5,
  unit: "share",
  comparison: "above",
  means: "share of kube-state-metrics' calls of the API server that fail",
};
const RECONCILIATIONS: Threshold = {
  default: 0.1,
  min: 0.01,
  max: 0.9,
  unit: "share",
  comparison: "above",
  means: "share of the operator's reconciliations that fail",
};

/** Two kinds of calls; only the given one fails, in the given share. */
function calls(kind: "list" | "watch", failed: number, parameters: AlertParameters) {
  return (["list", "watch"] as const).flatMap((each) => {
    const of = (result: string) =>
      kubeStateMetricsItself(`kube_state_metrics_${each}_total`, { resource: "*v1.Node", result });
    const share = each === kind ? failed : 0;
    return [
      counting(of("success"), 10 * (1 - share), parameters),
      counting(of("error"), 10 * share, parameters),
    ];
  });
}

function callErrors(kind: "list" | "watch", words: string): AlertDefinition {
  return {
    name: kind === "list" ? "KubeStateMetricsListErrors" : "KubeStateMetricsWatchErrors",
    summary: `kube-state-metrics fails to ${words}`,
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of kube-state-metrics' ${kind} calls fail; the limit is ${shownThreshold(threshold, "share")}, and has been passed for ${held}.`,
    impact:
      "What it says of pods, deployments and nodes is old or missing, and alerts that rest on it are blind.",
    expr: (parameters) => `${stateMetricsErrors(kind, rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: CALLS,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "critical",
    signal: MONITORING_SIGNALS.stateMetricsErrors,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("calls fail beyond the limit", (parameters) => ({
        series: calls(kind, beyond(CALLS, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: {}, value: percent(beyond(CALLS, parameters)) }],
      })),
      silent("calls fail just below the limit", (parameters) => ({
        series: calls(kind, within(CALLS, parameters), parameters),
      })),
      silent("only the other kind of calls fails", (parameters) => ({
        series: calls(kind === "list" ? "watch" : "list", beyond(CALLS, parameters), parameters),
      })),
    ],
  };
}

function reconciliations(failed: number, parameters: AlertParameters) {
  const labels = { controller: "prometheus" };
  return [
    counting(prometheusOperator("prometheus_operator_reconcile_operations_total", labels), 1, parameters),
    counting(prometheusOperator("prometheus_operator_reconcile_errors_total", labels), failed, parameters),
  ];
}

function managed(rejected: number) {
  return Object.entries({ selected: 40, rejected }).map(([state, count]) =>
    steady(
      prometheusOperator("prometheus_operator_managed_resources", {
        controller: "prometheus",
        resource: "ServiceMonitor",
        state,
      }),
      count,
    ),
  );
}

export const EXPORTER_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeStateMetricsDown",
    summary: "kube-state-metrics cannot be scraped",
    description: ({ for: held }) => `Prometheus has not reached kube-state-metrics for ${held}.`,
    impact: "Every alert about nodes' readiness, pods, deployments and jobs is blind.",
    expr: () => `absent(up{job="${JOBS.kubeStateMetrics}"} == 1)`,
    for: "15m",
    severity: "critical",
    signal: MONITORING_SIGNALS.targetsUp,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("it refuses", () => ({
        series: [steady(kubeStateMetrics("up", {}), 0)],
        alerts: [{ labels: {} }],
      })),
      fires("it is no longer discovered", () => ({ series: [], alerts: [{ labels: {} }] })),
      silent("it answers", () => ({ series: [steady(kubeStateMetrics("up", {}), 1)] })),
    ],
  },
  callErrors("list", "list objects"),
  callErrors("watch", "watch objects"),
  {
    name: "PrometheusOperatorReconcileErrors",
    summary: "The operator fails to reconcile {{ $labels.controller }}",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the reconciliations of {{ $labels.controller }} fail; the limit is ${shownThreshold(threshold, "share")}, and has been passed for ${held}.`,
    impact: "Changes of monitors, rules and of Prometheus itself do not take effect.",
    expr: (parameters) =>
      `${MONITORING_SIGNALS.operatorErrors.query(rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: RECONCILIATIONS,
    for: "10m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: MONITORING_SIGNALS.operatorErrors,
    jobs: [JOBS.prometheusOperator],
    cases: [
      fires("reconciliations fail beyond the limit", (parameters) => ({
        series: reconciliations(beyond(RECONCILIATIONS, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [
          { labels: { controller: "prometheus" }, value: percent(beyond(RECONCILIATIONS, parameters)) },
        ],
      })),
      silent("reconciliations fail just below the limit", (parameters) => ({
        series: reconciliations(within(RECONCILIATIONS, parameters), parameters),
      })),
    ],
  },
  {
    name: "PrometheusOperatorRejectedResources",
    summary: "The operator refuses a {{ $labels.resource }}",
    description: ({ for: held }) =>
      `For ${held} the controller {{ $labels.controller }} has refused {{ $value }} objects of the kind {{ $labels.resource }}, because they are written wrongly.`,
    impact: "Somebody's targets are not scraped or their rules not evaluated, and they may not know.",
    expr: () => `${MONITORING_SIGNALS.operatorRejected.query("")} > 0`,
    for: "5m",
    severity: "warning",
    signal: MONITORING_SIGNALS.operatorRejected,
    jobs: [JOBS.prometheusOperator],
    cases: [
      fires("one object is refused", () => ({
        series: managed(1),
        alerts: [{ labels: { controller: "prometheus", resource: "ServiceMonitor" }, value: "1" }],
      })),
      silent("every object is taken", () => ({ series: managed(0) })),
    ],
  },
  {
    name: "ConfigReloaderFailing",
    summary: "Sidecar of {{ $labels.pod }} fails to hand over its configuration",
    description: ({ for: held }) =>
      `The config-reloader of {{ $labels.namespace }}/{{ $labels.pod }} failed at its last try, and for ${held} no later one has succeeded.`,
    impact: "The pod goes on with an old configuration or old rules, and may not report so itself.",
    expr: () =>
      `min by (namespace, pod) (reloader_last_reload_successful{job="${JOBS.configReloader}"}) == 0`,
    for: "10m",
    severity: "warning",
    signal: MONITORING_SIGNALS.configHandover,
    jobs: [JOBS.configReloader],
    mutedBy: [
      { alert: "PrometheusConfigReloadFailed", equal: ["pod"] },
      { alert: "AlertmanagerFailedReload", equal: ["pod"] },
    ],
    cases: [
      fires("the last try failed", () => ({
        series: [steady(configReloader("reloader_last_reload_successful"), 0)],
        alerts: [{ labels: { namespace: "monitoring", pod: "prometheus-prometheus-0" } }],
      })),
      silent("the last try succeeded", () => ({
        series: [steady(configReloader("reloader_last_reload_successful"), 1)],
      })),
    ],
  },
];
