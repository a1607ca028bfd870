import { JOBS } from "./jobs.ts";
import { signalsOf } from "./platform-signal.ts";
import { API, KUBELET, SHORT_REQUESTS, TIMED_REQUESTS } from "./selectors.ts";

/** The API server, and the certificates that it is spoken to with. */
export const API_SERVER_SIGNALS = signalsOf("apiServer", {
  apiServers: {
    id: "apiservers-up",
    row: "Requests",
    title: "API servers and kubelets that answer",
    unit: "short",
    description: "Targets of the API server and of the kubelets whose last scrape succeeded.",
    legend: "{{job}}",
    query: () => `sum by (job) (up{job=~"${JOBS.apiserver}|${JOBS.kubelet}|${JOBS.coredns}"})`,
  },
  apiRequests: {
    id: "apiserver-requests",
    row: "Requests",
    title: "API requests",
    unit: "reqps",
    description: "Requests per second that the API server answers, by verb.",
    legend: "{{verb}}",
    query: (range) => `sum by (verb) (rate(apiserver_request_total{${API}}[${range}]))`,
  },
  apiCodes: {
    id: "apiserver-codes",
    row: "Requests",
    title: "Answers by status",
    unit: "reqps",
    description:
      "Answers per second by their status code. Many of 429 mean that the server holds clients back.",
    legend: "{{code}}",
    query: (range) => `sum by (code) (rate(apiserver_request_total{${API}}[${range}]))`,
  },
  apiErrors: {
    id: "apiserver-errors",
    row: "Requests",
    title: "Failed API requests",
    unit: "percentunit",
    description: "Share of API requests that the server answered with 5xx. WATCH and CONNECT are left out.",
    legend: "failed",
    query: (range) =>
      `(sum(rate(apiserver_request_total{${SHORT_REQUESTS}, code=~"5.."}[${range}])) or vector(0))` +
      ` / (sum(rate(apiserver_request_total{${SHORT_REQUESTS}}[${range}])) > 0)`,
    threshold: 0.0144,
  },
  apiLatency: {
    id: "apiserver-latency",
    row: "Requests",
    title: "API latency, 99th percentile",
    unit: "s",
    description:
      "Time within which the API server answers 99% of requests, by verb. A LIST takes as long as there is to list, and is left out.",
    legend: "{{verb}}",
    query: (range) =>
      `histogram_quantile(0.99, sum by (verb, le) (rate(apiserver_request_duration_seconds_bucket{${TIMED_REQUESTS}}[${range}])))`,
    threshold: 1,
  },
  apiInFlight: {
    id: "apiserver-in-flight",
    row: "Requests",
    title: "Requests in flight",
    unit: "short",
    description:
      "Requests that the API servers work on at this moment, those that read and those that write.",
    legend: "{{request_kind}}",
    query: () => `sum by (request_kind) (apiserver_current_inflight_requests{${API}})`,
  },
  aggregatedApis: {
    id: "aggregated-apis",
    row: "Extensions",
    title: "Aggregated APIs that are unavailable",
    unit: "short",
    description: "1 while the API server cannot reach what serves an extension API, such as metrics.k8s.io.",
    legend: "{{name}}",
    query: () => `max by (name) (aggregator_unavailable_apiservice{${API}})`,
    threshold: 1,
  },
  clientCertificates: {
    id: "client-certificates",
    row: "Certificates",
    title: "Life of the API's client certificates",
    unit: "s",
    description:
      "Time that was left to the oldest hundredth of the client certificates that the API server was shown. Below a week somebody has stopped renewing theirs.",
    legend: "1st percentile",
    query: (range) =>
      `histogram_quantile(0.01, sum by (le) (rate(apiserver_client_certificate_expiration_seconds_bucket{${API}}[${range}])))`,
    threshold: 604_800,
    bad: "below",
  },
  kubeletCertificates: {
    id: "kubelet-certificates",
    row: "Certificates",
    title: "Life of the kubelets' serving certificates",
    unit: "s",
    description:
      "Time left to the certificate that each kubelet serves. A kubelet renews its own long before.",
    legend: "{{node}}",
    query: () => `min by (node) (kubelet_certificate_manager_server_ttl_seconds{${KUBELET}} < +Inf)`,
    threshold: 604_800,
    bad: "below",
  },
});
