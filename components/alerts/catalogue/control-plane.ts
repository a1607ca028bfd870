import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  rangeOf,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import { apiServer, coreDns, kubeScheduler } from "../exporters.ts";
import { beyond, counting, fires, secondScrape, silent, steady, within } from "../situations.ts";
import { API_REQUEST_ALERTS } from "./api-requests.ts";

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
  ...API_REQUEST_ALERTS,
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
    lookback: { range: "5m", samples: 2 },
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
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: CLUSTER_SIGNALS.schedulerErrors,
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
