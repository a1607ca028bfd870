import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS, TIMED_REQUESTS } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  percent,
  rangeOf,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import { apiServer, coreDns, kubeScheduler } from "../exporters.ts";
import {
  beyond,
  burst,
  counting,
  DURING_BURST,
  fires,
  secondScrape,
  silent,
  steady,
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
const DNS_ERRORS: Threshold = {
  default: 0.03,
  min: 0.001,
  max: 0.5,
  unit: "share",
  comparison: "above",
  means: "share of DNS answers that say SERVFAIL",
};
const SCHEDULER_ERRORS: Threshold = {
  default: 0.1,
  min: 0.01,
  max: 0.9,
  unit: "share",
  comparison: "above",
  means: "share of the scheduler's attempts that end in an error",
};

/** Requests for one pod each, answered by the API server itself. */
const PODS = { component: "apiserver", resource: "pods", scope: "resource", version: "v1" };

function requests(verb: string, code: string): string {
  return apiServer("apiserver_request_total", { ...PODS, verb, code });
}

/** A hundred requests a second, of which a share fails. Broken WATCH requests are ordinary and must not count. */
function apiTraffic(failed: number, parameters: AlertParameters) {
  return [
    counting(requests("GET", "200"), 100 * (1 - failed), parameters),
    counting(requests("GET", "503"), 100 * failed, parameters),
    counting(requests("WATCH", "500"), 50, parameters),
  ];
}

/** Requests of which 99% take up to `latency` seconds and none more than twice that. */
function timings(verb: string, latency: number, perSecond: number, parameters: AlertParameters) {
  const labels = { ...PODS, verb };
  const bucket = (le: string, share: number) =>
    counting(
      apiServer("apiserver_request_duration_seconds_bucket", { ...labels, le }),
      share * perSecond,
      parameters,
    );
  return [
    bucket(String(latency), 0.99),
    bucket(String(2 * latency), 1),
    bucket("+Inf", 1),
    counting(apiServer("apiserver_request_duration_seconds_count", labels), perSecond, parameters),
  ];
}

function answers(rcode: string): string {
  return coreDns("coredns_dns_responses_total", {
    rcode,
    server: "dns://:53",
    zone: ".",
    plugin: "kubernetes",
  });
}

function dnsTraffic(failed: number, parameters: AlertParameters) {
  return [
    counting(answers("NOERROR"), 100 * (1 - failed), parameters),
    counting(answers("SERVFAIL"), 100 * failed, parameters),
  ];
}

function attempts(failed: number, parameters: AlertParameters) {
  const of = (result: string) =>
    kubeScheduler("scheduler_schedule_attempts_total", { result, profile: "default-scheduler" });
  return [
    counting(of("scheduled"), 10 * (1 - failed), parameters),
    counting(of("error"), 10 * failed, parameters),
  ];
}

export const CONTROL_PLANE_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeAPIDown",
    summary: "No API server can be scraped",
    description: ({ for: held }) => `Prometheus has reached no API server for ${held}.`,
    impact: "Running pods go on, but nothing can be deployed, scaled, moved or healed.",
    // A series that has vanished compares with nothing: only absent() notices.
    expr: () => `absent(up{job="${JOBS.apiserver}"} == 1)`,
    for: "15m",
    severity: "critical",
    signal: CLUSTER_SIGNALS.apiServers,
    jobs: [JOBS.apiserver],
    cases: [
      fires("every API server refuses", () => ({
        series: [steady(apiServer("up"), 0)],
        alerts: [{ labels: {} }],
      })),
      fires("the API servers are no longer discovered", () => ({ series: [], alerts: [{ labels: {} }] })),
      silent("one API server of two answers", () => ({
        series: [steady(apiServer("up"), 0), steady(apiServer("up", {}, "10.40.2.20:443"), 1)],
      })),
    ],
  },
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
    looksBack: { range: "5m", samples: 2 },
    keepFiringFor: "5m",
    severity: "critical",
    signal: CLUSTER_SIGNALS.apiErrors,
    jobs: [JOBS.apiserver],
    cases: [
      fires("requests fail beyond the limit", (parameters) => ({
        series: apiTraffic(beyond(API_ERRORS, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: {}, value: percent(beyond(API_ERRORS, parameters)) }],
      })),
      silent("requests fail just below the limit", (parameters) => ({
        series: apiTraffic(within(API_ERRORS, parameters), parameters),
      })),
      silent("no request fails", (parameters) => ({
        series: [counting(requests("GET", "200"), 1, parameters)],
      })),
      silent("five bad minutes follow a good hour", (parameters) => {
        const share = Math.min(3 * parameters.threshold, 1);
        return {
          series: [
            burst(requests("GET", "200"), 100, 100 * (1 - share), parameters),
            burst(requests("GET", "503"), 0, 100 * share, parameters),
          ],
          holdsFrom: DURING_BURST,
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
    looksBack: { range: "5m", samples: 2 },
    severity: "warning",
    signal: CLUSTER_SIGNALS.apiLatency,
    jobs: [JOBS.apiserver],
    cases: [
      fires("a verb is slower than the limit", (parameters) => {
        const latency = beyond(API_LATENCY, parameters);
        return {
          series: timings("PATCH", latency, 100, parameters),
          holdsFrom: secondScrape(parameters),
          alerts: [{ labels: { verb: "PATCH" }, value: humanSeconds(latency) }],
        };
      }),
      silent("a verb is just faster than the limit", (parameters) => ({
        series: timings("PATCH", within(API_LATENCY, parameters), 100, parameters),
      })),
      silent("lists are slow", (parameters) => ({
        series: timings("LIST", 2 * parameters.threshold, 100, parameters),
      })),
      silent("there is hardly a request", (parameters) => ({
        series: timings("PATCH", 2 * parameters.threshold, 0.09, parameters),
      })),
    ],
  },
  {
    name: "KubeAggregatedAPIDown",
    summary: "Aggregated API {{ $labels.name }} is unavailable",
    description: ({ for: held }) =>
      `The API server has not reached what serves {{ $labels.name }} for ${held}.`,
    impact: "Whoever needs it meets errors: without metrics.k8s.io nothing autoscales and kubectl top fails.",
    expr: () => `${CLUSTER_SIGNALS.aggregatedApis.query("")} == 1`,
    for: "10m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.aggregatedApis,
    jobs: [JOBS.apiserver],
    cases: [
      fires("one API server cannot reach it", () => ({
        series: [
          steady(apiServer("aggregator_unavailable_apiservice", { name: "v1beta1.metrics.k8s.io" }), 1),
          steady(
            apiServer(
              "aggregator_unavailable_apiservice",
              { name: "v1beta1.metrics.k8s.io" },
              "10.40.2.20:443",
            ),
            0,
          ),
        ],
        alerts: [{ labels: { name: "v1beta1.metrics.k8s.io" } }],
      })),
      silent("it is available", () => ({
        series: [
          steady(apiServer("aggregator_unavailable_apiservice", { name: "v1beta1.metrics.k8s.io" }), 0),
        ],
      })),
    ],
  },
  {
    name: "CoreDNSDown",
    summary: "No CoreDNS can be scraped",
    description: ({ for: held }) => `Prometheus has reached no CoreDNS pod for ${held}.`,
    impact: "If CoreDNS is down, no pod resolves a name, and nearly every service fails soon after.",
    expr: () => `absent(up{job="${JOBS.coredns}"} == 1)`,
    for: "5m",
    severity: "critical",
    signal: CLUSTER_SIGNALS.apiServers,
    jobs: [JOBS.coredns],
    cases: [
      fires("every pod refuses", () => ({ series: [steady(coreDns("up"), 0)], alerts: [{ labels: {} }] })),
      fires("the pods are no longer discovered", () => ({ series: [], alerts: [{ labels: {} }] })),
      silent("one pod of two answers", () => ({
        series: [steady(coreDns("up"), 0), steady(coreDns("up", {}, "coredns-5d78c9869d-zz9w2"), 1)],
      })),
    ],
  },
  {
    name: "CoreDNSErrorsHigh",
    summary: "CoreDNS fails to answer",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of CoreDNS's answers say SERVFAIL; the limit is ${shownThreshold(threshold, "share")}, and has been passed for ${held}.`,
    impact: "Names that should resolve do not, so that calls between services and to the outside fail.",
    expr: (parameters) =>
      `${CLUSTER_SIGNALS.dnsErrors.query(rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: DNS_ERRORS,
    for: "10m",
    looksBack: { range: "5m", samples: 2 },
    severity: "warning",
    signal: CLUSTER_SIGNALS.dnsErrors,
    jobs: [JOBS.coredns],
    cases: [
      fires("answers fail beyond the limit", (parameters) => ({
        series: dnsTraffic(beyond(DNS_ERRORS, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: {}, value: percent(beyond(DNS_ERRORS, parameters)) }],
      })),
      silent("answers fail just below the limit", (parameters) => ({
        series: dnsTraffic(within(DNS_ERRORS, parameters), parameters),
      })),
      silent("no answer fails", (parameters) => ({
        series: [counting(answers("NOERROR"), 1, parameters)],
      })),
    ],
  },
  {
    name: "KubeSchedulerFailing",
    summary: "The scheduler fails to place pods",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the scheduler's attempts end in an error of its own; the limit is ${shownThreshold(threshold, "share")}, and has been passed for ${held}.`,
    impact: "Pods stay pending although there is room for them.",
    expr: (parameters) => {
      const rate = (selector: string) =>
        `sum(rate(scheduler_schedule_attempts_total{job="${JOBS.kubeScheduler}"${selector}}[${rangeOf(parameters, "5m")}]))`;
      return `${rate(', result="error"')} / (${rate("")} > 0) > ${parameters.threshold}`;
    },
    threshold: SCHEDULER_ERRORS,
    for: "15m",
    looksBack: { range: "5m", samples: 2 },
    severity: "warning",
    signal: CLUSTER_SIGNALS.podsNotReady,
    jobs: [JOBS.kubeScheduler],
    cases: [
      fires("attempts fail beyond the limit", (parameters) => ({
        series: attempts(beyond(SCHEDULER_ERRORS, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: {}, value: percent(beyond(SCHEDULER_ERRORS, parameters)) }],
      })),
      silent("attempts fail just below the limit", (parameters) => ({
        series: attempts(within(SCHEDULER_ERRORS, parameters), parameters),
      })),
    ],
  },
];

/** Seconds as Prometheus' `humanizeDuration` shows them. */
function humanSeconds(value: number): string {
  if (value < 1) return `${Number((value * 1000).toPrecision(4))}ms`;
  return `${Number(value.toPrecision(4))}s`;
}
