import { JOBS } from "./jobs.ts";
import { signalsOf } from "./platform-signal.ts";
import { API, KUBELET, SHORT_REQUESTS, TIMED_REQUESTS } from "./selectors.ts";

/** The API server and the certificates of its clients. */
export const API_SERVER_SIGNALS = signalsOf("apiServer", {
  apiServers: {
    id: "apiservers-up",
    row: "Requests",
    title: "API servers, kubelets and CoreDNS up",
    unit: "short",
    description: "Targets of the API server, the kubelets and CoreDNS whose last scrape succeeded.",
    legend: "{{job}}",
    query: () => `sum by (job) (up{job=~"${JOBS.apiserver}|${JOBS.kubelet}|${JOBS.coredns}"})`,
  },
  apiRequests: {
    id: "apiserver-requests",
    row: "Requests",
    title: "API requests",
    unit: "reqps",
    description: "Requests per second to the API server, by verb.",
    legend: "{{verb}}",
    query: (range) => `sum by (verb) (rate(apiserver_request_total{${API}}[${range}]))`,
  },
  apiCodes: {
    id: "apiserver-codes",
    row: "Requests",
    title: "API responses by status code",
    unit: "reqps",
    description:
      "Responses per second of the API server, by status code. Many 429 responses mean that it throttles clients.",
    legend: "{{code}}",
    query: (range) => `sum by (code) (rate(apiserver_request_total{${API}}[${range}]))`,
  },
  apiErrors: {
    id: "apiserver-errors",
    row: "Requests",
    title: "API request errors",
    unit: "percentunit",
    description: "Share of API requests with a 5xx response, without WATCH and CONNECT.",
    legend: "failed",
    query: (range) =>
      `(sum(rate(apiserver_request_total{${SHORT_REQUESTS}, code=~"5.."}[${range}])) or vector(0))` +
      ` / (sum(rate(apiserver_request_total{${SHORT_REQUESTS}}[${range}])) > 0)`,
    threshold: 0.0144,
  },
  apiLatency: {
    id: "apiserver-latency",
    row: "Requests",
    title: "API request duration, 99th percentile",
    unit: "s",
    description:
      "Time in which the API server answers 99% of requests, by verb. LIST is left out: its duration depends on the number of objects.",
    legend: "{{verb}}",
    query: (range) =>
      `histogram_quantile(0.99, sum by (verb, le) (rate(apiserver_request_duration_seconds_bucket{${TIMED_REQUESTS}}[${range}])))`,
    threshold: 1,
  },
  apiInFlight: {
    id: "apiserver-in-flight",
    row: "Requests",
    title: "API requests in flight",
    unit: "short",
    description: "Requests that the API servers process at the moment, mutating and read-only.",
    legend: "{{request_kind}}",
    query: () => `sum by (request_kind) (apiserver_current_inflight_requests{${API}})`,
  },
  aggregatedApis: {
    id: "aggregated-apis",
    row: "Aggregated APIs",
    title: "Unavailable aggregated APIs",
    unit: "short",
    description:
      "1 while the API server cannot reach the service of an aggregated API, such as metrics.k8s.io.",
    legend: "{{name}}",
    query: () => `max by (name) (aggregator_unavailable_apiservice{${API}})`,
    threshold: 1,
  },
  clientCertificates: {
    id: "client-certificates",
    row: "Certificates",
    title: "Client certificate expiry, 1st percentile",
    unit: "s",
    description:
      "Remaining validity of the client certificates of API requests, 1st percentile. Below 7 days a client has stopped renewing its certificate.",
    legend: "1st percentile",
    query: (range) =>
      `histogram_quantile(0.01, sum by (le) (rate(apiserver_client_certificate_expiration_seconds_bucket{${API}}[${range}])))`,
    threshold: 604_800,
    bad: "below",
  },
  kubeletCertificates: {
    id: "kubelet-certificates",
    row: "Certificates",
    title: "Kubelet serving certificate expiry",
    unit: "s",
    description:
      "Remaining validity of each kubelet's serving certificate. Below 7 days the renewal by the kubelet has failed.",
    legend: "{{node}}",
    query: () => `min by (node) (kubelet_certificate_manager_server_ttl_seconds{${KUBELET}} < +Inf)`,
    threshold: 604_800,
    bad: "below",
  },
});
