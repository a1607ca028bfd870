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
  means: "seconds by which remote write is behind",
};
const REFUSED: Threshold = {
  default: 0.01,
  min: 0.001,
  max: 0.5,
  unit: "share",
  comparison: "above",
  means: "share of remote-write samples that long-term storage rejects",
};

/** A remote-write queue whose newest sample is some seconds newer than the newest sample that was sent. */
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

/** A hundred remote-write samples a second, of which a share is rejected. */
function refused(share: number, parameters: AlertParameters) {
  return [
    counting(prometheus("prometheus_remote_storage_samples_total", QUEUE), 100, parameters),
    counting(prometheus("prometheus_remote_storage_samples_failed_total", QUEUE), 100 * share, parameters),
  ];
}

/** Alerts about remote write. None of them pages: Prometheus stores all samples itself and evaluates alerts on them. */
export const REMOTE_WRITE_ALERTS: readonly AlertDefinition[] = [
  {
    name: "PrometheusRemoteWriteBehind",
    summary: "Remote write of Prometheus {{ $labels.pod }} is behind",
    description: ({ threshold, for: held }) =>
      `Remote write of {{ $labels.pod }} is {{ $value | humanizeDuration }} behind. The limit of ${shownThreshold(threshold, "seconds")} has been exceeded for at least ${held}.`,
    impact:
      "Long-term storage lacks the newest samples. Samples that are not sent within 2 hours never reach it.",
    expr: ({ threshold }) => `${MONITORING_SIGNALS.remoteWriteDelay.query("")} > ${threshold}`,
    threshold: DELAY,
    for: "15m",
    severity: "warning",
    signal: MONITORING_SIGNALS.remoteWriteDelay,
    jobs: [JOBS.prometheus],
    needs: "remote-write",
    cases: [
      fires("remote write is further behind than the limit", (parameters) => ({
        series: lagging(beyond(DELAY, parameters)),
        alerts: [{ labels: POD, value: spokenSeconds(beyond(DELAY, parameters)) }],
      })),
      silent("remote write is slightly less behind than the limit", (parameters) => ({
        series: lagging(within(DELAY, parameters)),
      })),
    ],
  },
  {
    name: "PrometheusRemoteWriteFailing",
    summary: "Long-term storage rejects samples of Prometheus {{ $labels.pod }}",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the samples that {{ $labels.pod }} sends by remote write are rejected. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact: "These samples never reach long-term storage. Prometheus itself still has them.",
    expr: (parameters) =>
      `${MONITORING_SIGNALS.remoteWriteFailures.query(rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: REFUSED,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: MONITORING_SIGNALS.remoteWriteFailures,
    jobs: [JOBS.prometheus],
    needs: "remote-write",
    cases: [
      fires("more samples are rejected than the limit", (parameters) => ({
        series: refused(beyond(REFUSED, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: POD, value: percent(beyond(REFUSED, parameters)) }],
      })),
      silent("slightly fewer samples are rejected than the limit", (parameters) => ({
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
