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
  means: "share of DNS responses that are SERVFAIL",
};
const SCHEDULER_ERRORS: Threshold = {
  default: 0.1,
  min: 0.01,
  max: 0.9,
  unit: "share",
  comparison: "above",
  means: "share of scheduling attempts that end with an error",
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
    summary: "Prometheus cannot scrape any Kubernetes API server",
    description: ({ for: held }) =>
      `Prometheus has not been able to scrape any Kubernetes API server for at least ${held}.`,
    impact:
      "If the API is down, running pods continue, but nothing can be deployed, scaled or moved to another node.",
    // A comparison with a series that has disappeared returns nothing: only absent() detects it.
    expr: () => `absent(up{job="${JOBS.apiserver}"} == 1)`,
    for: "15m",
    severity: "critical",
    signal: CLUSTER_SIGNALS.apiServers,
    jobs: [JOBS.apiserver],
    cases: [
      fires("no API server can be scraped", () => ({
        series: [steady(apiServer("up"), 0)],
        alerts: [{ labels: {} }],
      })),
      fires("no API server is discovered", () => ({ series: [], alerts: [{ labels: {} }] })),
      silent("one of two API servers can be scraped", () => ({
        series: [steady(apiServer("up"), 0), steady(apiServer("up", {}, "10.40.2.20:443"), 1)],
      })),
    ],
  },
  ...API_REQUEST_ALERTS,
  {
    name: "KubeAggregatedAPIDown",
    summary: "Aggregated API {{ $labels.name }} is unavailable",
    description: ({ for: held }) =>
      `The API server has not reached the service behind the aggregated API {{ $labels.name }} for at least ${held}.`,
    impact:
      "Clients of this API get errors. Without metrics.k8s.io, HorizontalPodAutoscalers and kubectl top do not work.",
    expr: () => `${CLUSTER_SIGNALS.aggregatedApis.query("")} == 1`,
    for: "10m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.aggregatedApis,
    jobs: [JOBS.apiserver],
    cases: [
      fires("one of two API servers cannot reach it", () => ({
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
    summary: "Prometheus cannot scrape any CoreDNS pod",
    description: ({ for: held }) =>
      `Prometheus has not been able to scrape any CoreDNS pod for at least ${held}.`,
    impact:
      "If CoreDNS is down, pods cannot resolve DNS names, and nearly every service fails within a minute.",
    expr: () => `absent(up{job="${JOBS.coredns}"} == 1)`,
    for: "5m",
    severity: "critical",
    signal: CLUSTER_SIGNALS.apiServers,
    jobs: [JOBS.coredns],
    cases: [
      fires("no CoreDNS pod can be scraped", () => ({
        series: [steady(coreDns("up"), 0)],
        alerts: [{ labels: {} }],
      })),
      fires("no CoreDNS pod is discovered", () => ({ series: [], alerts: [{ labels: {} }] })),
      silent("one of two CoreDNS pods can be scraped", () => ({
        series: [steady(coreDns("up"), 0), steady(coreDns("up", {}, "coredns-5d78c9869d-zz9w2"), 1)],
      })),
    ],
  },
  {
    name: "CoreDNSErrorsHigh",
    summary: "CoreDNS answers too many queries with SERVFAIL",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the responses of CoreDNS are SERVFAIL. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact: "DNS names do not resolve, so calls between services and to external hosts fail.",
    expr: (parameters) =>
      `${CLUSTER_SIGNALS.dnsErrors.query(rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: DNS_ERRORS,
    for: "10m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: CLUSTER_SIGNALS.dnsErrors,
    jobs: [JOBS.coredns],
    cases: [
      fires("more responses are SERVFAIL than the limit", (parameters) => ({
        series: dnsTraffic(beyond(DNS_ERRORS, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: {}, value: percent(beyond(DNS_ERRORS, parameters)) }],
      })),
      silent("slightly fewer responses are SERVFAIL than the limit", (parameters) => ({
        series: dnsTraffic(within(DNS_ERRORS, parameters), parameters),
      })),
      silent("no response is SERVFAIL", (parameters) => ({
        series: [counting(answers("NOERROR"), 1, parameters)],
      })),
    ],
  },
  {
    name: "KubeSchedulerFailing",
    summary: "The Kubernetes scheduler fails to schedule pods",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the scheduling attempts end with an internal error of the scheduler. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact: "Pods stay Pending although nodes have room for them.",
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
      fires("more scheduling attempts fail than the limit", (parameters) => ({
        series: attempts(beyond(SCHEDULER_ERRORS, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: {}, value: percent(beyond(SCHEDULER_ERRORS, parameters)) }],
      })),
      silent("slightly fewer scheduling attempts fail than the limit", (parameters) => ({
        series: attempts(within(SCHEDULER_ERRORS, parameters), parameters),
      })),
    ],
  },
];
