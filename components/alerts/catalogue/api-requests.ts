import { seconds } from "../../core/duration.ts";
import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS, TIMED_REQUESTS } from "../../signals/platform.ts";
import { apiTraffic, lasting, type Pace, requests, timings } from "../api-traffic.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  rangeOf,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import { atScrape, beyond, counting, fires, forgets, secondScrape, silent, within } from "../situations.ts";

const API_ERRORS: Threshold = {
  // A burn rate of 14.4 for the objective 99.9%: one hour of it spends 2% of a 30-day error budget.
  default: 0.0144,
  min: 0.001,
  max: 0.5,
  unit: "share",
  comparison: "above",
  means: "share of API requests that fail, over 5 minutes and over 1 hour",
};
const API_LATENCY: Threshold = {
  default: 1,
  min: 0.1,
  max: 30,
  unit: "seconds",
  comparison: "above",
  means: "99th percentile of the request duration of a verb, in seconds",
};
const HOUR = 3600;
const FIVE_MINUTES = 300;
/** How long the burn rate alert keeps firing after its condition is false. */
const KEEPS_FIRING = "5m";

const PATCH = { verb: "PATCH" };
/** Log requests: they are forwarded to a container and take as long as the client reads. */
const LOG = { ...PATCH, subresource: "log" };

/** A verb that is slow at so many requests a second until the alert is due, and continues at another pace. */
function slowUntil(holdsFrom: number, perSecond: number, next: Pace, parameters: AlertParameters) {
  const latency = beyond(API_LATENCY, parameters);
  const step = seconds(parameters.scrapeInterval);
  const due = Math.ceil((holdsFrom + seconds(parameters.for)) / step);
  const after = atScrape(due, parameters);
  // One scrape more than the range: a bucket that was empty until then counts for less at first.
  const by = forgets(due, rangeOf(parameters, "5m"), parameters).by + step;
  return {
    series: timings(
      PATCH,
      [
        { perSecond, latency },
        { ...next, after },
      ],
      parameters,
    ),
    holdsFrom,
    stops: { after, by },
    alerts: [{ labels: PATCH, value: humanSeconds(latency) }],
  };
}

/**
 * The part of the last hour of which Prometheus has samples. While it is less than 1, after a start with an empty database, the share of
 * failed requests over the hour is that of some minutes, and a short spike would page: the rest of the hour counts as without errors.
 */
function known(parameters: AlertParameters): string {
  const range = rangeOf(parameters, "1h");
  const samples = seconds(range) / seconds(parameters.scrapeInterval);
  return `clamp_max(max(count_over_time(apiserver_request_total{job="${JOBS.apiserver}"}[${range}])) / ${samples}, 1)`;
}

/** Seconds from the start until so large a share of failed requests is above the limit over the whole hour, from an empty database on. */
function knownEnough(share: number, parameters: AlertParameters): number {
  const samples = seconds(rangeOf(parameters, "1h")) / seconds(parameters.scrapeInterval);
  return atScrape(Math.max(1, Math.floor((parameters.threshold / share) * samples)), parameters);
}

/** Alerts about how the API server answers. */
export const API_REQUEST_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeAPIErrorBudgetBurn",
    summary: "Too many requests to the Kubernetes API server fail",
    description: ({ threshold }) =>
      `{{ $value | humanizePercentage }} of the Kubernetes API requests of the last 5 minutes failed. The share over the last hour is above the limit of ${shownThreshold(threshold, "share")}, too.`,
    impact:
      "Deployments, controllers and autoscalers get errors. At an error rate of 1.44%, the 30-day error budget of a 99.9% objective is exhausted in 2 days.",
    expr: (parameters) => {
      const share = (range: "5m" | "1h") => CLUSTER_SIGNALS.apiErrors.query(rangeOf(parameters, range));
      return (
        `(${share("5m")} > ${parameters.threshold}) and` +
        ` ((${share("1h")}) * ${known(parameters)} > ${parameters.threshold})`
      );
    },
    threshold: API_ERRORS,
    // No `for`, which would delay the page in a full outage: the hour filters short spikes, and keep_firing_for prevents flapping.
    for: "0s",
    lookback: { range: "5m", samples: 2 },
    keepFiringFor: KEEPS_FIRING,
    severity: "critical",
    signal: CLUSTER_SIGNALS.apiErrors,
    jobs: [JOBS.apiserver],
    cases: [
      fires("more requests fail than the limit", (parameters) => ({
        series: apiTraffic([{ seconds: 0, share: beyond(API_ERRORS, parameters) }], parameters),
        holdsFrom: knownEnough(beyond(API_ERRORS, parameters), parameters),
        alerts: [{ labels: {}, value: percent(beyond(API_ERRORS, parameters)) }],
      })),
      fires("requests fail for an hour, and resolves a few minutes after they stop failing", (parameters) => {
        const bad = beyond(API_ERRORS, parameters);
        const due = knownEnough(bad, parameters) + seconds(parameters.for);
        const long = Math.max(lasting(HOUR, parameters), lasting(due, parameters));
        return {
          series: apiTraffic(
            [
              { seconds: long, share: bad },
              { seconds: 0, share: within(API_ERRORS, parameters) },
            ],
            parameters,
          ),
          holdsFrom: knownEnough(bad, parameters),
          stops: {
            after: long,
            by: long + seconds(rangeOf(parameters, "5m")) + lasting(seconds(KEEPS_FIRING), parameters),
          },
          alerts: [{ labels: {}, value: percent(bad) }],
        };
      }),
      fires("all requests fail from the first scrapes on", (parameters) => ({
        series: apiTraffic([{ seconds: 0, share: 1 }], parameters),
        holdsFrom: knownEnough(1, parameters),
        alerts: [{ labels: {}, value: "100%" }],
      })),
      silent(
        "requests fail for 2 minutes soon after Prometheus has started with an empty database",
        (parameters) => {
          const before = lasting(FIVE_MINUTES, parameters);
          const burst = lasting(120, parameters);
          // Over a whole hour the share of errors would be slightly below the limit.
          const share = Math.min((within(API_ERRORS, parameters) * HOUR) / (burst + 120), 1);
          return {
            series: apiTraffic(
              [
                { seconds: before, share: 0 },
                { seconds: burst, share },
                { seconds: 0, share: 0 },
              ],
              parameters,
            ),
            holdsFrom: before + burst,
          };
        },
      ),
      silent("slightly fewer requests fail than the limit", (parameters) => ({
        series: apiTraffic([{ seconds: 0, share: within(API_ERRORS, parameters) }], parameters),
      })),
      silent("no request fails", (parameters) => ({
        series: [counting(requests("GET", "200"), 1, parameters)],
      })),
      silent("requests fail for 5 minutes after an hour without errors", (parameters) => {
        const hour = lasting(HOUR, parameters);
        const burst = lasting(FIVE_MINUTES, parameters);
        // The error share over the hour comes close to the limit.
        const share = Math.min((within(API_ERRORS, parameters) * HOUR) / burst, 1);
        return {
          series: apiTraffic(
            [
              { seconds: hour, share: 0 },
              { seconds: burst, share },
              { seconds: 0, share: 0 },
            ],
            parameters,
          ),
          holdsFrom: hour + (4 * burst) / 5,
        };
      }),
    ],
  },
  {
    name: "KubeAPILatencyHigh",
    summary: "The Kubernetes API server answers {{ $labels.verb }} requests slowly",
    description: ({ threshold, for: held }) =>
      `The 99th percentile of the duration of {{ $labels.verb }} requests is {{ $value | humanizeDuration }}. The limit of ${shownThreshold(threshold, "seconds")} has been exceeded for at least ${held}.`,
    impact: "Clients of the API server slow down: kubectl, controllers and the start of pods.",
    // A percentile of a few requests is not reliable: there must be at least one every ten seconds.
    expr: (parameters) => {
      const range = rangeOf(parameters, "5m");
      return (
        `(${CLUSTER_SIGNALS.apiLatency.query(range)} > ${parameters.threshold}) and on (verb)` +
        ` (sum by (verb) (rate(apiserver_request_duration_seconds_count{${TIMED_REQUESTS}}[${range}])) > 0.1)`
      );
    },
    threshold: API_LATENCY,
    for: "10m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: CLUSTER_SIGNALS.apiLatency,
    jobs: [JOBS.apiserver],
    cases: [
      fires("a verb is slower than the limit", (parameters) => {
        const latency = beyond(API_LATENCY, parameters);
        return {
          series: timings(PATCH, [{ perSecond: 100, latency }], parameters),
          holdsFrom: secondScrape(parameters),
          alerts: [{ labels: PATCH, value: humanSeconds(latency) }],
        };
      }),
      fires("a verb is slow, and resolves when it is fast again", (parameters) =>
        slowUntil(
          secondScrape(parameters),
          100,
          { perSecond: 100, latency: 0.1 * parameters.threshold },
          parameters,
        ),
      ),
      fires("a verb is slow, and resolves when there are almost no requests", (parameters) =>
        slowUntil(
          secondScrape(parameters),
          100,
          { perSecond: 0.09, latency: beyond(API_LATENCY, parameters) },
          parameters,
        ),
      ),
      fires("a verb is slow at slightly more than the minimum request rate", (parameters) => {
        // The rate of a counter that appeared within the range is too low, until its samples cover nearly all of the range.
        const step = seconds(parameters.scrapeInterval);
        const scrapes = Math.floor(seconds(rangeOf(parameters, "5m")) / (1.1 * step)) + 1;
        return slowUntil(
          atScrape(scrapes, parameters),
          0.11,
          { perSecond: 0, latency: beyond(API_LATENCY, parameters) },
          parameters,
        );
      }),
      silent("a verb is slightly faster than the limit, and only log requests are slow", (parameters) => ({
        series: [
          ...timings(PATCH, [{ perSecond: 100, latency: within(API_LATENCY, parameters) }], parameters),
          ...timings(LOG, [{ perSecond: 100, latency: 2 * parameters.threshold }], parameters),
        ],
      })),
      silent("only LIST requests are slow", (parameters) => ({
        series: timings(
          { verb: "LIST" },
          [{ perSecond: 100, latency: 2 * parameters.threshold }],
          parameters,
        ),
      })),
      silent("there are almost no requests except for logs", (parameters) => ({
        series: [
          ...timings(PATCH, [{ perSecond: 0.09, latency: 2 * parameters.threshold }], parameters),
          ...timings(LOG, [{ perSecond: 100, latency: 2 * parameters.threshold }], parameters),
        ],
      })),
    ],
  },
];

/** Seconds as Prometheus' `humanizeDuration` shows them. */
function humanSeconds(value: number): string {
  if (value < 1) return `${Number((value * 1000).toPrecision(4))}ms`;
  return `${Number(value.toPrecision(4))}s`;
}
