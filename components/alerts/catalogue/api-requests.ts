import { seconds } from "../../core/duration.ts";
import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS, TIMED_REQUESTS } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  rangeOf,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import { apiServer } from "../exporters.ts";
import {
  atScrape,
  beyond,
  counting,
  dueScrape,
  fires,
  forgets,
  secondScrape,
  silent,
  staged,
  within,
} from "../situations.ts";

const API_ERRORS: Threshold = {
  // An hour at 14.4 times the pace that a month's budget allows spends 2% of it; the objective is 99.9% of requests.
  default: 0.0144,
  min: 0.001,
  max: 0.5,
  unit: "share",
  comparison: "above",
  means: "share of API requests that fail, over five minutes and over an hour",
};
const API_LATENCY: Threshold = {
  default: 1,
  min: 0.1,
  max: 30,
  unit: "seconds",
  comparison: "above",
  means: "seconds within which 99% of a verb's requests are answered",
};
const HOUR = 3600;
const FIVE_MINUTES = 300;
/** How long the page for a burnt budget goes on after its condition is gone. */
const HELD_TOGETHER = "5m";

/** Requests for one pod each, answered by the API server itself. */
const PODS = { component: "apiserver", resource: "pods", scope: "resource", version: "v1" };

function requests(verb: string, code: string): string {
  return apiServer("apiserver_request_total", { ...PODS, verb, code });
}

/** Shares of failed requests one after the other, each for some seconds; the last for as long as one looks. */
type Failing = readonly [
  { readonly seconds: number; readonly share: number },
  ...{ readonly seconds: number; readonly share: number }[],
];

/** A hundred requests a second, of which a share fails. Broken WATCH requests are ordinary and must not count. */
function apiTraffic([first, ...later]: Failing, parameters: AlertParameters) {
  const at = (pace: (share: number) => number) => {
    const stage = (each: Failing[0]) => ({ seconds: each.seconds, perSecond: pace(each.share) });
    return [stage(first), ...later.map(stage)] as const;
  };
  return [
    staged(
      requests("GET", "200"),
      at((share) => 100 * (1 - share)),
      parameters,
    ),
    staged(
      requests("GET", "503"),
      at((share) => 100 * share),
      parameters,
    ),
    counting(requests("WATCH", "500"), 50, parameters),
  ];
}

/** As many whole scrapes as make at least so many seconds: how long a stage really lasts. */
function lasting(least: number, { scrapeInterval }: AlertParameters): number {
  const step = seconds(scrapeInterval);
  return Math.ceil(least / step) * step;
}

/** How requests go: so many a second, of which 99% take up to `latency` seconds and none more than twice that. */
interface Pace {
  readonly perSecond: number;
  readonly latency: number;
}

/** A verb's requests as the API server times them: at one pace for some seconds, and then at another if there is one. */
function timings(
  labels: Readonly<Record<string, string>>,
  paces: readonly [Pace, ...(Pace & { readonly after: number })[]],
  parameters: AlertParameters,
) {
  const bounds = [...new Set(paces.flatMap(({ latency }) => [latency, 2 * latency]))].sort((a, b) => a - b);
  const [first, next] = paces;
  const growing = (metric: string, own: Readonly<Record<string, string>>, of: (pace: Pace) => number) =>
    staged(
      apiServer(`apiserver_request_duration_seconds_${metric}`, { ...PODS, ...labels, ...own }),
      [
        { seconds: next?.after ?? 0, perSecond: of(first) },
        ...(next === undefined ? [] : [{ seconds: 0, perSecond: of(next) }]),
      ],
      parameters,
    );
  const within = (bound: number) => (pace: Pace) =>
    pace.perSecond * (bound >= 2 * pace.latency ? 1 : bound >= pace.latency ? 0.99 : 0);
  return [
    ...bounds.map((bound) => growing("bucket", { le: String(bound) }, within(bound))),
    growing("bucket", { le: "+Inf" }, ({ perSecond }) => perSecond),
    growing("count", {}, ({ perSecond }) => perSecond),
  ];
}

const PATCH = { verb: "PATCH" };
/** What is passed on to a container, and takes as long as somebody reads along. */
const LOG = { ...PATCH, subresource: "log" };

/** A verb that is slow at so many requests a second until the alert is due, and then goes on at another pace. */
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

/** Alerts about how the API server answers. */
export const API_REQUEST_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeAPIErrorBudgetBurn",
    summary: "The API server fails too many requests",
    description: ({ threshold }) =>
      `{{ $value | humanizePercentage }} of API requests failed in the last five minutes, and in the last hour, too, they were more than ${shownThreshold(threshold, "share")}.`,
    impact:
      "Deployments, controllers and autoscalers meet errors; at this pace a month's error budget is gone in two days.",
    expr: (parameters) =>
      ["5m", "1h"]
        .map(
          (range) =>
            `(${CLUSTER_SIGNALS.apiErrors.query(rangeOf(parameters, range as "5m"))} > ${parameters.threshold})`,
        )
        .join(" and "),
    threshold: API_ERRORS,
    // A `for` would cost budget in a full outage; the hour keeps short spikes out, and flapping is held together afterwards.
    for: "0s",
    lookback: { range: "5m", samples: 2 },
    keepFiringFor: HELD_TOGETHER,
    severity: "critical",
    signal: CLUSTER_SIGNALS.apiErrors,
    jobs: [JOBS.apiserver],
    cases: [
      fires("requests fail beyond the limit", (parameters) => ({
        series: apiTraffic([{ seconds: 0, share: beyond(API_ERRORS, parameters) }], parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: {}, value: percent(beyond(API_ERRORS, parameters)) }],
      })),
      fires("a bad hour goes on, and no longer when its last five minutes are good", (parameters) => {
        const bad = beyond(API_ERRORS, parameters);
        const long = Math.max(lasting(HOUR, parameters), atScrape(dueScrape(parameters), parameters));
        return {
          series: apiTraffic(
            [
              { seconds: long, share: bad },
              { seconds: 0, share: within(API_ERRORS, parameters) },
            ],
            parameters,
          ),
          holdsFrom: secondScrape(parameters),
          stops: {
            after: long,
            by: long + seconds(rangeOf(parameters, "5m")) + lasting(seconds(HELD_TOGETHER), parameters),
          },
          alerts: [{ labels: {}, value: percent(bad) }],
        };
      }),
      silent("requests fail just below the limit", (parameters) => ({
        series: apiTraffic([{ seconds: 0, share: within(API_ERRORS, parameters) }], parameters),
      })),
      silent("no request fails", (parameters) => ({
        series: [counting(requests("GET", "200"), 1, parameters)],
      })),
      silent("five bad minutes follow a good hour", (parameters) => {
        const hour = lasting(HOUR, parameters);
        const burst = lasting(FIVE_MINUTES, parameters);
        // So bad that the hour comes just near the limit.
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
    summary: "The API server answers {{ $labels.verb }} slowly",
    description: ({ threshold, for: held }) =>
      `99% of {{ $labels.verb }} requests take up to {{ $value | humanizeDuration }}; the limit is ${shownThreshold(threshold, "seconds")}, and has been passed for ${held}.`,
    impact: "Everything that talks to the cluster slows down: kubectl, controllers, the start of pods.",
    // A percentile of a handful of requests says nothing: there must be one every ten seconds.
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
      fires("a verb is slow, until it is fast again", (parameters) =>
        slowUntil(
          secondScrape(parameters),
          100,
          { perSecond: 100, latency: 0.1 * parameters.threshold },
          parameters,
        ),
      ),
      fires("a verb is slow, until hardly anybody asks", (parameters) =>
        slowUntil(
          secondScrape(parameters),
          100,
          { perSecond: 0.09, latency: beyond(API_LATENCY, parameters) },
          parameters,
        ),
      ),
      fires("a verb is slow, and is asked just often enough", (parameters) => {
        // A counter that was born within the range counts for less, until the requests fill nearly all of it.
        const step = seconds(parameters.scrapeInterval);
        const scrapes = Math.floor(seconds(rangeOf(parameters, "5m")) / (1.1 * step)) + 1;
        return slowUntil(
          atScrape(scrapes, parameters),
          0.11,
          { perSecond: 0, latency: beyond(API_LATENCY, parameters) },
          parameters,
        );
      }),
      silent("a verb is just faster than the limit, and only logs take long", (parameters) => ({
        series: [
          ...timings(PATCH, [{ perSecond: 100, latency: within(API_LATENCY, parameters) }], parameters),
          ...timings(LOG, [{ perSecond: 100, latency: 2 * parameters.threshold }], parameters),
        ],
      })),
      silent("lists are slow", (parameters) => ({
        series: timings(
          { verb: "LIST" },
          [{ perSecond: 100, latency: 2 * parameters.threshold }],
          parameters,
        ),
      })),
      silent("there is hardly a request but for logs", (parameters) => ({
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
