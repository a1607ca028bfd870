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
const QUEUE = {
  remote_name: "amp",
  url: "https://aps-workspaces.eu-central-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write",
};

const DELAY: Threshold = {
  default: 300,
  min: 60,
  max: 3600,
  unit: "seconds",
  comparison: "above",
  means: "seconds that the store of samples lags behind",
};
const REFUSED: Threshold = {
  default: 0.01,
  min: 0.001,
  max: 0.5,
  unit: "share",
  comparison: "above",
  means: "share of the samples sent on that the store refuses",
};

/** A queue whose newest sample is some seconds younger than the newest that was sent. */
function lagging(seconds: number) {
  const newest = 1_800_000_000;
  return [
    steady(prometheus("prometheus_remote_storage_queue_highest_timestamp_seconds", QUEUE), newest),
    steady(
      prometheus("prometheus_remote_storage_queue_highest_sent_timestamp_seconds", QUEUE),
      newest - seconds,
    ),
  ];
}

/** A hundred samples a second that are sent on, of which a share is refused. */
function refused(share: number, parameters: AlertParameters) {
  return [
    counting(prometheus("prometheus_remote_storage_samples_total", QUEUE), 100, parameters),
    counting(prometheus("prometheus_remote_storage_samples_failed_total", QUEUE), 100 * share, parameters),
  ];
}

/** Alerts about the way from Prometheus to a store of samples. Nobody is woken: what is scraped is stored here, and alerts are evaluated here. */
export const REMOTE_WRITE_ALERTS: readonly AlertDefinition[] = [
  {
    name: "PrometheusRemoteWriteBehind",
    summary: "Prometheus {{ $labels.pod }} sends samples on too late",
    description: ({ threshold, for: held }) =>
      `What {{ $labels.pod }} sends on is {{ $value | humanizeDuration }} late; the limit is ${shownThreshold(threshold, "seconds")}, and has been passed for ${held}.`,
    impact: "The store lacks what is newest. From two hours on, what was not sent is lost to it for good.",
    expr: ({ threshold }) => `${MONITORING_SIGNALS.remoteWriteDelay.query("")} > ${threshold}`,
    threshold: DELAY,
    for: "15m",
    severity: "warning",
    signal: MONITORING_SIGNALS.remoteWriteDelay,
    jobs: [JOBS.prometheus],
    needs: "samples-sent-on",
    cases: [
      fires("the newest sample in the store is too old", (parameters) => ({
        series: lagging(beyond(DELAY, parameters)),
        alerts: [{ labels: POD, value: spokenSeconds(beyond(DELAY, parameters)) }],
      })),
      silent("the newest sample in the store is just young enough", (parameters) => ({
        series: lagging(within(DELAY, parameters)),
      })),
    ],
  },
  {
    name: "PrometheusRemoteWriteFailing",
    summary: "The store refuses samples of Prometheus {{ $labels.pod }}",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the samples that {{ $labels.pod }} sends on are refused; the limit is ${shownThreshold(threshold, "share")}, and has been passed for ${held}.`,
    impact: "These samples are missing from the store for good. Prometheus itself has them.",
    expr: (parameters) =>
      `${MONITORING_SIGNALS.remoteWriteFailures.query(rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: REFUSED,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: MONITORING_SIGNALS.remoteWriteFailures,
    jobs: [JOBS.prometheus],
    needs: "samples-sent-on",
    cases: [
      fires("the store refuses more than the limit", (parameters) => ({
        series: refused(beyond(REFUSED, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: POD, value: percent(beyond(REFUSED, parameters)) }],
      })),
      silent("the store refuses a little less than the limit", (parameters) => ({
        series: refused(within(REFUSED, parameters), parameters),
      })),
    ],
  },
];

/** A minute or more as Prometheus' `humanizeDuration` shows it: parts of seconds are cut off. */
function spokenSeconds(value: number): string {
  const whole = Math.floor(value);
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}h ${minutes}m ${seconds}s` : `${minutes}m ${seconds}s`;
}
