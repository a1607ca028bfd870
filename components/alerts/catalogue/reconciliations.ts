import { seconds } from "../../core/duration.ts";
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
import { prometheusOperator } from "../exporters.ts";
import { bothRanges, firesForRare } from "../rare-failures.ts";
import {
  atScrape,
  beyond,
  counting,
  dueScrape,
  fires,
  inBursts,
  secondScrape,
  silent,
  staged,
  within,
} from "../situations.ts";

const RECONCILIATIONS: Threshold = {
  default: 0.1,
  min: 0.01,
  max: 0.9,
  unit: "share",
  comparison: "above",
  means: "share of failed reconciliations of the operator",
};

/** A reconciliation a second, of which a share fails until a time. */
function reconciliations(failed: number, parameters: AlertParameters, until = 86_400) {
  const labels = { controller: "prometheus" };
  return [
    counting(prometheusOperator("prometheus_operator_reconcile_operations_total", labels), 1, parameters),
    staged(
      prometheusOperator("prometheus_operator_reconcile_errors_total", labels),
      [
        { seconds: until, perSecond: failed },
        { seconds: 0, perSecond: 0 },
      ],
      parameters,
    ),
  ];
}

/**
 * A range with at least one attempt: the operator repeats a failed reconciliation after a delay that doubles up to 1000 seconds. A rate over
 * 5 minutes sees such a failure for 5 minutes only, so it can never hold for 10 minutes.
 */
const RETRY = "20m";
const LONGEST_DELAY = 1000;

function failing(offset = ""): string {
  return MONITORING_SIGNALS.operatorErrors.query(RETRY).replaceAll(`[${RETRY}]`, `[${RETRY}]${offset}`);
}

/** So many reconciliations at once, every 1000 seconds. Of the n-th ones a share fails. */
function retried(of: number, failed: (n: number) => number, parameters: AlertParameters) {
  const labels = { controller: "prometheus" };
  return [
    inBursts(
      prometheusOperator("prometheus_operator_reconcile_operations_total", labels),
      LONGEST_DELAY,
      () => of,
      parameters,
    ),
    inBursts(
      prometheusOperator("prometheus_operator_reconcile_errors_total", labels),
      LONGEST_DELAY,
      (n) => of * failed(n),
      parameters,
    ),
  ];
}

/** What all cases of rare reconciliations share. */
const RARE = { every: LONGEST_DELAY, range: RETRY, labels: { controller: "prometheus" } } as const;

/** The alert about reconciliations of Prometheus Operator that fail. */
export const RECONCILIATION_ALERT: AlertDefinition = {
  name: "PrometheusOperatorReconcileErrors",
  summary: "Prometheus Operator fails to reconcile {{ $labels.controller }} objects",
  description: ({ threshold, for: held }) =>
    `{{ $value | humanizePercentage }} of the reconciliations of the controller {{ $labels.controller }} fail. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
  impact: "Changes to monitors, rules, Prometheus and Alertmanager objects do not take effect.",
  expr: (parameters) =>
    `(${MONITORING_SIGNALS.operatorErrors.query(rangeOf(parameters, "5m"))} > ${parameters.threshold})` +
    ` or (${failing()} > ${parameters.threshold} and ${failing(` offset ${RETRY}`)} > ${parameters.threshold})`,
  threshold: RECONCILIATIONS,
  for: "10m",
  lookback: { range: "5m", samples: 2 },
  severity: "warning",
  signal: MONITORING_SIGNALS.operatorErrors,
  jobs: [JOBS.prometheusOperator],
  cases: [
    fires("more reconciliations fail than the limit", (parameters) => {
      const end = Math.max(atScrape(dueScrape(parameters), parameters), bothRanges(RETRY, parameters));
      return {
        series: reconciliations(beyond(RECONCILIATIONS, parameters), parameters, end),
        holdsFrom: secondScrape(parameters),
        stops: { after: end, by: end + 3 * seconds(RETRY) },
        alerts: [
          { labels: { controller: "prometheus" }, value: percent(beyond(RECONCILIATIONS, parameters)) },
        ],
      };
    }),
    firesForRare("every reconciliation fails, and there is only one in 1000 seconds", {
      ...RARE,
      share: () => 1,
      series: (failed, p) => retried(1, failed, p),
    }),
    firesForRare("reconciliations run every 1000 seconds, and more of them fail than the limit", {
      ...RARE,
      share: (p) => beyond(RECONCILIATIONS, p),
      series: (failed, p) => retried(1000, failed, p),
    }),
    silent(
      "in the last 20 minutes fewer reconciliations failed than the limit, and before that more did",
      (p) => ({
        series: retried(1000, (n) => (n <= 3 ? beyond : within)(RECONCILIATIONS, p), p),
        holdsFrom: 3 * LONGEST_DELAY + seconds(RETRY),
      }),
    ),
    silent("more reconciliations fail than the limit only once", (p) => ({
      series: retried(1000, (n) => (n === 4 ? beyond : within)(RECONCILIATIONS, p), p),
      holdsFrom: 4 * LONGEST_DELAY + seconds(rangeOf(p, "5m")),
    })),
    silent("slightly fewer reconciliations fail than the limit", (parameters) => ({
      series: reconciliations(within(RECONCILIATIONS, parameters), parameters),
      holdsFrom: bothRanges(RETRY, parameters),
    })),
    silent("one reconciliation has failed, and later ones do not", (parameters) => ({
      series: retried(1, (n) => (n === 1 ? 1 : 0), parameters),
      holdsFrom: LONGEST_DELAY + seconds(rangeOf(parameters, "5m")),
    })),
  ],
};
