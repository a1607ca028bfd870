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
import { prometheus } from "../exporters.ts";
import { beyond, counting, fires, secondScrape, silent, steady, within } from "../situations.ts";

const POD = { pod: "prometheus-prometheus-0" };

const UNDELIVERED: Threshold = {
  default: 0.03,
  min: 0.001,
  max: 0.5,
  unit: "share",
  comparison: "above",
  means: "share of alerts that fail to reach any Alertmanager",
};
const UNDELIVERED_TO_SOME: Threshold = {
  ...UNDELIVERED,
  default: 0.01,
  means: "share of alerts that fail to reach one Alertmanager",
};
const QUEUE: Threshold = {
  default: 0.5,
  min: 0.1,
  max: 0.95,
  unit: "share",
  comparison: "above",
  means: "share of the queue to Alertmanager that is taken",
};

/** Alerts that are sent to two Alertmanagers, ten a second to each; of each, a share fails. */
function deliveries(failed: readonly [number, number], parameters: AlertParameters) {
  return failed.flatMap((share, index) => {
    const labels = { alertmanager: `http://10.40.11.${index}:9093/api/v2/alerts` };
    return [
      counting(prometheus("prometheus_notifications_sent_total", labels), 10, parameters),
      counting(prometheus("prometheus_notifications_errors_total", labels), 10 * share, parameters),
    ];
  });
}

function queue(share: number) {
  const labels = { alertmanager: "http://10.40.11.0:9093/api/v2/alerts" };
  return [
    steady(prometheus("prometheus_notifications_queue_length", labels), Math.round(share * 10_000)),
    steady(prometheus("prometheus_notifications_queue_capacity"), 10_000),
  ];
}

/** Alerts about the way from Prometheus to Alertmanager. */
export const NOTIFICATION_ALERTS: readonly AlertDefinition[] = [
  {
    name: "PrometheusNotConnectedToAlertmanagers",
    summary: "Prometheus {{ $labels.pod }} knows no Alertmanager",
    description: ({ for: held }) => `{{ $labels.pod }} has discovered no Alertmanager for ${held}.`,
    impact: "None of its alerts reaches anybody. If this one does, another replica sent it.",
    expr: () => `${MONITORING_SIGNALS.alertmanagersFound.query("")} < 1`,
    for: "10m",
    severity: "critical",
    signal: MONITORING_SIGNALS.alertmanagersFound,
    jobs: [JOBS.prometheus],
    cases: [
      fires("none is discovered", () => ({
        series: [steady(prometheus("prometheus_notifications_alertmanagers_discovered"), 0)],
        alerts: [{ labels: POD }],
      })),
      silent("one is discovered", () => ({
        series: [steady(prometheus("prometheus_notifications_alertmanagers_discovered"), 1)],
      })),
    ],
  },
  {
    name: "PrometheusAlertsUndelivered",
    summary: "Alerts of {{ $labels.pod }} do not reach any Alertmanager",
    description: ({ threshold, for: held }) =>
      `{{ $labels.pod }} fails to hand over at least {{ $value | humanizePercentage }} of its alerts to every Alertmanager; the limit is ${shownThreshold(threshold, "share")}, and has been passed for ${held}.`,
    impact: "Pages are late or lost.",
    expr: (parameters) =>
      `min by (pod) (${MONITORING_SIGNALS.alertsDropped.query(rangeOf(parameters, "5m"))}) > ${parameters.threshold}`,
    threshold: UNDELIVERED,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "critical",
    signal: MONITORING_SIGNALS.alertsDropped,
    jobs: [JOBS.prometheus],
    cases: [
      fires("every Alertmanager misses more than the limit", (parameters) => ({
        series: deliveries([1, beyond(UNDELIVERED, parameters)], parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: POD, value: percent(beyond(UNDELIVERED, parameters)) }],
      })),
      silent("one Alertmanager misses a little less", (parameters) => ({
        series: deliveries([1, within(UNDELIVERED, parameters)], parameters),
      })),
    ],
  },
  {
    name: "PrometheusErrorSendingAlerts",
    summary: "Alerts of {{ $labels.pod }} do not reach one Alertmanager",
    description: ({ threshold, for: held }) =>
      `{{ $labels.pod }} fails to hand over {{ $value | humanizePercentage }} of its alerts to {{ $labels.alertmanager }}; the limit is ${shownThreshold(threshold, "share")}, and has been passed for ${held}.`,
    impact: "Alerts still leave through the other members. If these fail as well, nobody is told.",
    expr: (parameters) =>
      `${MONITORING_SIGNALS.alertsDropped.query(rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: UNDELIVERED_TO_SOME,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: MONITORING_SIGNALS.alertsDropped,
    jobs: [JOBS.prometheus],
    mutedBy: [{ alert: "PrometheusAlertsUndelivered", equal: ["pod"] }],
    cases: [
      fires("one Alertmanager misses more than the limit", (parameters) => ({
        series: deliveries([0, beyond(UNDELIVERED_TO_SOME, parameters)], parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [
          {
            labels: { ...POD, alertmanager: "http://10.40.11.1:9093/api/v2/alerts" },
            value: percent(beyond(UNDELIVERED_TO_SOME, parameters)),
          },
        ],
      })),
      silent("no Alertmanager misses as much as the limit", (parameters) => {
        const share = within(UNDELIVERED_TO_SOME, parameters);
        return { series: deliveries([share, share], parameters) };
      }),
    ],
  },
  {
    name: "PrometheusNotificationQueueFull",
    summary: "Alerts pile up in Prometheus {{ $labels.pod }}",
    description: ({ threshold, for: held }) =>
      `The queue of {{ $labels.pod }} to Alertmanager is {{ $value | humanizePercentage }} full; the limit is ${shownThreshold(threshold, "share")}, and has been passed for ${held}.`,
    impact: "Notifications are late. When it is full the oldest alerts are dropped.",
    expr: ({ threshold }) => `${MONITORING_SIGNALS.alertQueue.query("")} > ${threshold}`,
    threshold: QUEUE,
    for: "15m",
    severity: "warning",
    signal: MONITORING_SIGNALS.alertQueue,
    jobs: [JOBS.prometheus],
    cases: [
      fires("the queue is fuller than the limit", (parameters) => ({
        series: queue(beyond(QUEUE, parameters)),
        alerts: [{ labels: POD, value: percent(beyond(QUEUE, parameters)) }],
      })),
      silent("the queue is just less full than the limit", (parameters) => ({
        series: queue(within(QUEUE, parameters)),
      })),
    ],
  },
];
