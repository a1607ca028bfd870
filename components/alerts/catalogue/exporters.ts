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
import { RECONCILIATION_ALERT } from "./reconciliations.ts";

const CALLS: Threshold = {
  default: 0.01,
  min: 0.001,
  max: 0.5,
  unit: "share",
  comparison: "above",
  means: "share of failed API server calls of kube-state-metrics",
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

function callErrors(kind: "list" | "watch"): AlertDefinition {
  return {
    name: kind === "list" ? "KubeStateMetricsListErrors" : "KubeStateMetricsWatchErrors",
    summary: `kube-state-metrics fails to ${kind} Kubernetes objects`,
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the ${kind} calls of kube-state-metrics to the API server fail. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact:
      "Its metrics of pods, deployments and nodes are outdated or missing, so alerts that use them may not fire.",
    expr: (parameters) => `${stateMetricsErrors(kind, rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: CALLS,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "critical",
    signal: MONITORING_SIGNALS.stateMetricsErrors,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("more calls fail than the limit", (parameters) => ({
        series: calls(kind, beyond(CALLS, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: {}, value: percent(beyond(CALLS, parameters)) }],
      })),
      silent("slightly fewer calls fail than the limit", (parameters) => ({
        series: calls(kind, within(CALLS, parameters), parameters),
      })),
      silent("only the other kind of calls fails", (parameters) => ({
        series: calls(kind === "list" ? "watch" : "list", beyond(CALLS, parameters), parameters),
      })),
    ],
  };
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
    summary: "Prometheus cannot scrape kube-state-metrics",
    description: ({ for: held }) =>
      `Prometheus has not been able to scrape kube-state-metrics for at least ${held}.`,
    impact: "Alerts about the readiness of nodes, and about pods, deployments and jobs, cannot fire.",
    // Its own metrics come from a second port, which can answer while the port with the metrics of objects does not.
    expr: () => `absent(up{job="${JOBS.kubeStateMetrics}", endpoint!="telemetry"} == 1)`,
    for: "15m",
    severity: "critical",
    signal: MONITORING_SIGNALS.targetsUp,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("it cannot be scraped", () => ({
        series: [steady(kubeStateMetrics("up", {}), 0)],
        alerts: [{ labels: {} }],
      })),
      fires("it is not discovered", () => ({ series: [], alerts: [{ labels: {} }] })),
      fires("only the port with its own metrics can be scraped", () => ({
        series: [steady(kubeStateMetrics("up", {}), 0), steady(kubeStateMetricsItself("up", {}), 1)],
        alerts: [{ labels: {} }],
      })),
      silent("it can be scraped", () => ({ series: [steady(kubeStateMetrics("up", {}), 1)] })),
    ],
  },
  callErrors("list"),
  callErrors("watch"),
  RECONCILIATION_ALERT,
  {
    name: "PrometheusOperatorRejectedResources",
    summary: "Prometheus Operator rejects objects of kind {{ $labels.resource }}",
    description: ({ for: held }) =>
      `The controller {{ $labels.controller }} has rejected {{ $value }} objects of kind {{ $labels.resource }} as invalid for at least ${held}.`,
    impact:
      "Targets of these objects are not scraped, or their rules are not evaluated. Their owners may not know it.",
    expr: () => `${MONITORING_SIGNALS.operatorRejected.query("")} > 0`,
    for: "5m",
    severity: "warning",
    signal: MONITORING_SIGNALS.operatorRejected,
    jobs: [JOBS.prometheusOperator],
    cases: [
      fires("one object is rejected", () => ({
        series: managed(1),
        alerts: [{ labels: { controller: "prometheus", resource: "ServiceMonitor" }, value: "1" }],
      })),
      silent("no object is rejected", () => ({ series: managed(0) })),
    ],
  },
  {
    name: "ConfigReloaderFailing",
    summary: "The config-reloader of pod {{ $labels.pod }} fails to load the new configuration",
    description: ({ for: held }) =>
      `The last reload by the config-reloader of {{ $labels.namespace }}/{{ $labels.pod }} failed at least ${held} ago, and no reload has succeeded since.`,
    impact: "The pod uses an old configuration or old rules, and may not report this itself.",
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
      fires("the last reload failed", () => ({
        series: [steady(configReloader("reloader_last_reload_successful"), 0)],
        alerts: [{ labels: { namespace: "monitoring", pod: "prometheus-prometheus-0" } }],
      })),
      silent("the last reload succeeded", () => ({
        series: [steady(configReloader("reloader_last_reload_successful"), 1)],
      })),
    ],
  },
];
