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
  means: "share of alerts that Prometheus fails to send, at every Alertmanager",
};
const UNDELIVERED_TO_SOME: Threshold = {
  ...UNDELIVERED,
  default: 0.01,
  means: "share of alerts that Prometheus fails to send to one Alertmanager",
};
const QUEUE: Threshold = {
  default: 0.5,
  min: 0.1,
  max: 0.95,
  unit: "share",
  comparison: "above",
  means: "share of the alert queue's capacity in use",
};

/** Alerts that are sent to two Alertmanagers, ten a second to each; a share of each fails. */
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

/** Alerts about the delivery of alerts from Prometheus to Alertmanager. */
export const NOTIFICATION_ALERTS: readonly AlertDefinition[] = [
  {
    name: "PrometheusNotConnectedToAlertmanagers",
    summary: "Prometheus {{ $labels.pod }} discovers no Alertmanager",
    description: ({ for: held }) => `{{ $labels.pod }} has discovered no Alertmanager for at least ${held}.`,
    impact:
      "Alerts of this replica are not delivered. If you received this notification, another replica sent the alert.",
    expr: () => `${MONITORING_SIGNALS.alertmanagersFound.query("")} < 1`,
    for: "10m",
    severity: "critical",
    signal: MONITORING_SIGNALS.alertmanagersFound,
    jobs: [JOBS.prometheus],
    cases: [
      fires("no Alertmanager is discovered", () => ({
        series: [steady(prometheus("prometheus_notifications_alertmanagers_discovered"), 0)],
        alerts: [{ labels: POD }],
      })),
      silent("one Alertmanager is discovered", () => ({
        series: [steady(prometheus("prometheus_notifications_alertmanagers_discovered"), 1)],
      })),
    ],
  },
  {
    name: "PrometheusAlertsUndelivered",
    summary: "Prometheus {{ $labels.pod }} fails to send alerts to every Alertmanager",
    description: ({ threshold, for: held }) =>
      `At every Alertmanager, at least {{ $value | humanizePercentage }} of the alerts that {{ $labels.pod }} sends fail. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact: "Notifications, including pages, are late or lost.",
    expr: (parameters) =>
      `min by (pod) (${MONITORING_SIGNALS.alertsDropped.query(rangeOf(parameters, "5m"))}) > ${parameters.threshold}`,
    threshold: UNDELIVERED,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "critical",
    signal: MONITORING_SIGNALS.alertsDropped,
    jobs: [JOBS.prometheus],
    cases: [
      fires("more alerts fail at every Alertmanager than the limit", (parameters) => ({
        series: deliveries([1, beyond(UNDELIVERED, parameters)], parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: POD, value: percent(beyond(UNDELIVERED, parameters)) }],
      })),
      silent(
        "slightly fewer alerts fail at one Alertmanager than the limit, and all at the other",
        (parameters) => ({
          series: deliveries([1, within(UNDELIVERED, parameters)], parameters),
        }),
      ),
    ],
  },
  {
    name: "PrometheusErrorSendingAlerts",
    summary: "Prometheus {{ $labels.pod }} fails to send alerts to one Alertmanager",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the alerts that {{ $labels.pod }} sends to {{ $labels.alertmanager }} fail. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact: "Alerts still reach the other Alertmanager pods. If those fail as well, no notification is sent.",
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
      fires("more alerts fail at one Alertmanager than the limit", (parameters) => ({
        series: deliveries([0, beyond(UNDELIVERED_TO_SOME, parameters)], parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [
          {
            labels: { ...POD, alertmanager: "http://10.40.11.1:9093/api/v2/alerts" },
            value: percent(beyond(UNDELIVERED_TO_SOME, parameters)),
          },
        ],
      })),
      silent("slightly fewer alerts fail at every Alertmanager than the limit", (parameters) => {
        const share = within(UNDELIVERED_TO_SOME, parameters);
        return { series: deliveries([share, share], parameters) };
      }),
    ],
  },
  {
    name: "PrometheusNotificationQueueFull",
    summary: "The alert queue of Prometheus {{ $labels.pod }} is filling up",
    description: ({ threshold, for: held }) =>
      `The queue in which {{ $labels.pod }} holds alerts for Alertmanager is {{ $value | humanizePercentage }} full. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact: "Notifications are late. When the queue is full, Prometheus drops the oldest alerts.",
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
      silent("the queue is slightly less full than the limit", (parameters) => ({
        series: queue(within(QUEUE, parameters)),
      })),
    ],
  },
];
