import { duration, seconds } from "../../../core/duration.ts";
import { JOBS } from "../../../signals/jobs.ts";
import { MONITORING_SIGNALS, panelOf } from "../../../signals/platform.ts";
import type { GrafanaAlertDefinition, GrafanaAlertGroup, GrafanaAlertParameters } from "../definition.ts";

/** Scrapes of a case: an hour at every thirty seconds. */
const SCRAPES = 120;

const steady = (series: string, value: number) => `${series} ${value}x${SCRAPES}`;
const target = (job: string) => `up{job="${job}",namespace="monitoring",instance="10.40.11.7:9090"}`;
const WATCHDOG = 'ALERTS{alertname="Watchdog",alertstate="firing",severity="none"}';

/** Time enough for three beats, and never less than an Alertmanager needs to move to another node. */
function threeBeats({ heartbeatInterval }: GrafanaAlertParameters): string {
  return duration(Math.max(3 * seconds(heartbeatInterval), 900));
}

function notifications(kind: "total" | "failed_total"): string {
  return `alertmanager_notifications_${kind}{job="${JOBS.alertmanager}",integration="webhook",instance="10.40.11.8:9093"}`;
}

/** Notifications of an hour, and how many of the newest scrapes saw none. */
function sent(quiet: number): string {
  const busy = SCRAPES - quiet;
  return `${notifications("total")} 0+1x${busy - 1} ${busy - 1}x${quiet}`;
}

const PROMETHEUS_UNREACHABLE: GrafanaAlertDefinition = {
  name: "PrometheusUnreachable",
  summary: "Grafana gets no metrics from Prometheus",
  description: "Prometheus does not answer, or knows of no target that does.",
  impact: "No alert of Prometheus can fire, whatever breaks: nobody is told of anything but this.",
  firstStep:
    "ask whether the cluster itself answers; if it does, look at Prometheus' pods and their volumes.",
  severity: "critical",
  for: "5m",
  queries: { A: { source: "prometheus", expr: () => "count(up == 1)" } },
  reduce: "last",
  limit: { value: 1, bad: "below", means: "1 target that answers" },
  withoutData: "fires",
  withoutAnswer: "fires",
  panel: panelOf(MONITORING_SIGNALS.targetsUp),
  cases: [
    { title: "fires when nobody answers", fires: true, seen: "no answer" },
    {
      title: "fires when no target answers a scrape",
      fires: true,
      seen: { scraped: () => [steady(target("node-exporter"), 0), steady(target("prometheus"), 0)] },
    },
    {
      title: "fires when Prometheus has nothing stored",
      fires: true,
      seen: { scraped: () => [`${target("prometheus")} 1x9 _x${SCRAPES - 10}`] },
    },
    {
      title: "is silent when a single target answers",
      fires: false,
      seen: { scraped: () => [steady(target("node-exporter"), 0), steady(target("prometheus"), 1)] },
    },
  ],
};

const WATCHDOG_MISSING: GrafanaAlertDefinition = {
  name: "WatchdogMissing",
  summary: "The Watchdog does not fire in Prometheus",
  description: "Prometheus answers, and the alert that fires at all times does not: it evaluates no rules.",
  impact: "No alert of Prometheus can fire, whatever breaks.",
  firstStep:
    "read Prometheus' log for rules that it could not load, and take back the latest change of rules.",
  severity: "critical",
  for: "5m",
  queries: {
    A: { source: "prometheus", expr: () => 'count(ALERTS{alertname="Watchdog", alertstate="firing"})' },
  },
  reduce: "last",
  limit: { value: 1, bad: "below", means: "1 Watchdog" },
  withoutData: "fires",
  // PrometheusUnreachable says that, and one page is enough.
  withoutAnswer: "stays as it is",
  panel: { dashboard: "alertQuality", panel: "firing-by-severity" },
  cases: [
    {
      title: "fires when rules have not been evaluated for ten minutes",
      fires: true,
      seen: { scraped: () => [steady(target("prometheus"), 1), `${WATCHDOG} 1x99 _x20`] },
    },
    {
      title: "is silent while the Watchdog fires",
      fires: false,
      seen: { scraped: () => [steady(target("prometheus"), 1), steady(WATCHDOG, 1)] },
    },
    {
      title: "is silent when nobody answers, which another alert tells",
      fires: false,
      seen: "no answer",
    },
  ],
};

const NOTIFICATIONS_STOPPED: GrafanaAlertDefinition = {
  name: "NotificationsStopped",
  summary: "Alertmanager sends nothing, not even the heartbeat",
  description:
    "The Watchdog is sent again and again, and none of Alertmanager's notifications has arrived anywhere for three of its intervals.",
  impact: "Alerts fire and reach nobody.",
  firstStep: "read Alertmanager's log for the answer of its integrations, and see that its pods run.",
  severity: "critical",
  for: "5m",
  queries: {
    A: {
      source: "prometheus",
      expr: (parameters) =>
        `sum(increase(alertmanager_notifications_total{job="${JOBS.alertmanager}"}[${threeBeats(parameters)}]))` +
        ` - (sum(increase(alertmanager_notifications_failed_total{job="${JOBS.alertmanager}"}[${threeBeats(parameters)}])) or vector(0))`,
    },
  },
  reduce: "last",
  // Increases are extrapolated: one notification may count as a little less.
  limit: { value: 0.5, bad: "below", means: "1 notification within three intervals of the heartbeat" },
  withoutData: "fires",
  withoutAnswer: "stays as it is",
  panel: panelOf(MONITORING_SIGNALS.notificationsSent),
  cases: [
    {
      title: "fires when none was sent for three intervals",
      fires: true,
      seen: { scraped: (parameters) => [sent(seconds(threeBeats(parameters)) / 30 + 2)] },
    },
    {
      title: "fires when each one failed",
      fires: true,
      seen: {
        scraped: () => [
          `${notifications("total")} 0+1x${SCRAPES}`,
          `${notifications("failed_total")} 0+1x${SCRAPES}`,
        ],
      },
    },
    {
      title: "fires when no Alertmanager is there to count",
      fires: true,
      seen: { scraped: () => [steady(target("prometheus"), 1)] },
    },
    { title: "is silent while they leave", fires: false, seen: { scraped: () => [sent(0)] } },
    {
      title: "is silent when the newest one is two intervals old",
      fires: false,
      seen: { scraped: ({ heartbeatInterval }) => [sent((2 * seconds(heartbeatInterval)) / 30)] },
    },
  ],
};

/** What Prometheus cannot say of itself. */
export const PROMETHEUS_GROUP: GrafanaAlertGroup = {
  name: "alerting-itself",
  source: "prometheus",
  interval: "1m",
  alerts: [PROMETHEUS_UNREACHABLE, WATCHDOG_MISSING, NOTIFICATIONS_STOPPED],
};
