import { duration, seconds } from "../../../core/duration.ts";
import { JOBS } from "../../../signals/jobs.ts";
import { MONITORING_SIGNALS, panelOf } from "../../../signals/platform.ts";
import type { GrafanaAlertDefinition, GrafanaAlertGroup, GrafanaAlertParameters } from "../definition.ts";

/** Scrapes of a case: one hour at intervals of 30 s. */
const SCRAPES = 120;

const steady = (series: string, value: number) => `${series} ${value}x${SCRAPES}`;
const target = (job: string) => `up{job="${job}",namespace="monitoring",instance="10.40.11.7:9090"}`;
const WATCHDOG = 'ALERTS{alertname="Watchdog",alertstate="firing",severity="none"}';

/** Three heartbeat intervals, and at least the time that an Alertmanager needs to move to another node. */
function threeIntervals({ heartbeatInterval }: GrafanaAlertParameters): string {
  return duration(Math.max(3 * seconds(heartbeatInterval), 900));
}

function notifications(kind: "total" | "failed_total"): string {
  return `alertmanager_notifications_${kind}{job="${JOBS.alertmanager}",integration="webhook",instance="10.40.11.8:9093"}`;
}

/** One notification per scrape for an hour, and none in the newest `quiet` scrapes. */
function sent(quiet: number): string {
  const busy = SCRAPES - quiet;
  return `${notifications("total")} 0+1x${busy - 1} ${busy - 1}x${quiet}`;
}

const PROMETHEUS_UNREACHABLE: GrafanaAlertDefinition = {
  name: "PrometheusUnreachable",
  summary: "Grafana gets no metrics from Prometheus",
  description: "Prometheus does not respond, or none of its targets is up.",
  impact: "No alert of Prometheus can fire: there are no notifications about other problems.",
  firstStep: "check whether the cluster responds; if it does, check the Prometheus pods and their volumes.",
  severity: "critical",
  for: "5m",
  queries: { A: { source: "prometheus", expr: () => "count(up == 1)" } },
  reduce: "last",
  limit: { value: 1, bad: "below", means: "1 target that is up" },
  noData: "fires",
  onError: "fires",
  panel: panelOf(MONITORING_SIGNALS.targetsUp),
  cases: [
    { title: "fires when Prometheus does not respond", fires: true, seen: "no answer" },
    {
      title: "fires when no target is up",
      fires: true,
      seen: { scraped: () => [steady(target("node-exporter"), 0), steady(target("prometheus"), 0)] },
    },
    {
      title: "fires when Prometheus has no samples",
      fires: true,
      seen: { scraped: () => [`${target("prometheus")} 1x9 _x${SCRAPES - 10}`] },
    },
    {
      title: "does not fire when one target is up",
      fires: false,
      seen: { scraped: () => [steady(target("node-exporter"), 0), steady(target("prometheus"), 1)] },
    },
  ],
};

const WATCHDOG_MISSING: GrafanaAlertDefinition = {
  name: "WatchdogMissing",
  summary: "The Watchdog does not fire in Prometheus",
  description:
    "Prometheus responds, and the alert Watchdog, which always fires, does not fire: Prometheus evaluates no rules.",
  impact: "No alert of Prometheus can fire.",
  firstStep:
    "read the Prometheus log for rules that it could not load, and revert the latest change of rules.",
  severity: "critical",
  for: "5m",
  queries: {
    A: { source: "prometheus", expr: () => 'count(ALERTS{alertname="Watchdog", alertstate="firing"})' },
  },
  reduce: "last",
  limit: { value: 1, bad: "below", means: "1 firing Watchdog" },
  noData: "fires",
  // PrometheusUnreachable fires in this case.
  onError: "keeps its state",
  panel: { dashboard: "alertQuality", panel: "firing-by-severity" },
  cases: [
    {
      title: "fires when rules have not been evaluated for ten minutes",
      fires: true,
      seen: { scraped: () => [steady(target("prometheus"), 1), `${WATCHDOG} 1x99 _x20`] },
    },
    {
      title: "does not fire while the Watchdog fires",
      fires: false,
      seen: { scraped: () => [steady(target("prometheus"), 1), steady(WATCHDOG, 1)] },
    },
    {
      title: "does not fire when Prometheus does not respond: PrometheusUnreachable fires then",
      fires: false,
      seen: "no answer",
    },
  ],
};

const NOTIFICATIONS_STOPPED: GrafanaAlertDefinition = {
  name: "NotificationsStopped",
  summary: "Alertmanager delivers no notifications, not even the heartbeat",
  description:
    "Alertmanager repeats the heartbeat at a fixed interval, and has delivered no notification for three intervals.",
  impact: "Alerts fire, and no receiver is notified.",
  firstStep: "read the Alertmanager log for errors of its integrations, and check that its pods run.",
  severity: "critical",
  for: "5m",
  queries: {
    A: {
      source: "prometheus",
      expr: (parameters) =>
        `sum(increase(alertmanager_notifications_total{job="${JOBS.alertmanager}"}[${threeIntervals(parameters)}]))` +
        ` - (sum(increase(alertmanager_notifications_failed_total{job="${JOBS.alertmanager}"}[${threeIntervals(parameters)}])) or vector(0))`,
    },
  },
  reduce: "last",
  // increase() extrapolates: one notification can have a value slightly below 1.
  limit: { value: 0.5, bad: "below", means: "1 notification within three heartbeat intervals" },
  noData: "fires",
  onError: "keeps its state",
  panel: panelOf(MONITORING_SIGNALS.notificationsSent),
  cases: [
    {
      title: "fires when no notification was sent for three heartbeat intervals",
      fires: true,
      seen: { scraped: (parameters) => [sent(seconds(threeIntervals(parameters)) / 30 + 2)] },
    },
    {
      title: "fires when every notification failed",
      fires: true,
      seen: {
        scraped: () => [
          `${notifications("total")} 0+1x${SCRAPES}`,
          `${notifications("failed_total")} 0+1x${SCRAPES}`,
        ],
      },
    },
    {
      title: "fires when there is no Alertmanager",
      fires: true,
      seen: { scraped: () => [steady(target("prometheus"), 1)] },
    },
    {
      title: "does not fire while notifications are delivered",
      fires: false,
      seen: { scraped: () => [sent(0)] },
    },
    {
      title: "does not fire when the newest notification is two heartbeat intervals old",
      fires: false,
      seen: { scraped: ({ heartbeatInterval }) => [sent((2 * seconds(heartbeatInterval)) / 30)] },
    },
  ],
};

/** Failures of Prometheus and Alertmanager that Prometheus cannot report itself. */
export const PROMETHEUS_GROUP: GrafanaAlertGroup = {
  name: "alerting-itself",
  source: "prometheus",
  interval: "1m",
  alerts: [PROMETHEUS_UNREACHABLE, WATCHDOG_MISSING, NOTIFICATIONS_STOPPED],
};
