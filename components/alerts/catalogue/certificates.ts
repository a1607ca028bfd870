import { seconds } from "../../core/duration.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  rangeOf,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import { apiServer, kubelet, probe } from "../exporters.ts";
import { beyond, counting, fires, moving, secondScrape, silent, steady, within } from "../situations.ts";

const HOUR = 3600;

const CLIENTS: Threshold = {
  default: 168,
  min: 1,
  max: 720,
  unit: "hours",
  comparison: "below",
  means: "hours left to the oldest client certificates that the API server is shown",
};
const KUBELETS: Threshold = { ...CLIENTS, means: "hours left to a kubelet's serving certificate" };
const PROBED: Threshold = { ...CLIENTS, default: 336, means: "hours left to a certificate that is probed" };

/** A hundred requests a second with client certificates, of which every hundredth has only so many hours left. */
function clients(hours: number, parameters: AlertParameters) {
  const bucket = (le: string, share: number) =>
    counting(
      apiServer("apiserver_client_certificate_expiration_seconds_bucket", { le }),
      100 * share,
      parameters,
    );
  return [bucket("0.0", 0), bucket(String(hours * HOUR), 0.01), bucket("31104000.0", 1), bucket("+Inf", 1)];
}

/** What a kubelet says of its serving certificate; it counts down with the time, as it stands at the last look. */
function serving(hours: number, parameters: AlertParameters) {
  const step = seconds(parameters.scrapeInterval);
  return moving(
    kubelet("kubelet_certificate_manager_server_ttl_seconds", "ip-10-40-11-23"),
    hours * HOUR,
    -step,
  );
}

/** A kubelet without a serving certificate of its own. */
function unused() {
  const series = kubelet("kubelet_certificate_manager_server_ttl_seconds", "ip-10-40-12-9");
  return {
    series,
    values: (count: number) =>
      Array(count + 1)
        .fill("Inf")
        .join(" "),
  };
}

/** Seconds until after the last look at a case, by which a certificate has grown older. */
function watched(parameters: AlertParameters): number {
  return seconds(parameters.for) + 12 * seconds(parameters.scrapeInterval);
}

/** Certificates that nobody renews: the API's clients', the kubelets', and those that probes see. */
export const CERTIFICATE_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeClientCertificateExpiring",
    summary: "A client certificate for the API server is about to expire",
    description: ({ threshold, for: held }) =>
      `Of the client certificates that the API server was shown for ${held}, one in a hundred requests came with less than ${shownThreshold(threshold, "hours")} left.`,
    impact: "When it expires its owner is locked out of the cluster: a controller, an add-on or a person.",
    expr: (parameters) =>
      `${CLUSTER_SIGNALS.clientCertificates.query(rangeOf(parameters, "5m"))} < ${parameters.threshold * HOUR}`,
    threshold: CLIENTS,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: CLUSTER_SIGNALS.clientCertificates,
    jobs: [JOBS.apiserver],
    cases: [
      fires("one request in a hundred has less time than the limit", (parameters) => ({
        series: clients(beyond(CLIENTS, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: {} }],
      })),
      silent("one request in a hundred has a little more time", (parameters) => ({
        series: clients(within(CLIENTS, parameters), parameters),
      })),
      silent("nobody shows a client certificate", (parameters) => ({
        series: clients(beyond(CLIENTS, parameters), parameters).map(({ series }) => steady(series, 0)),
      })),
    ],
  },
  {
    name: "KubeletCertificateExpiring",
    summary: "The serving certificate of the kubelet on {{ $labels.node }} is about to expire",
    description: ({ threshold, for: held }) =>
      `The certificate that the kubelet of {{ $labels.node }} serves has had less than ${shownThreshold(threshold, "hours")} left for ${held}, and has not been renewed.`,
    impact:
      "When it expires logs, exec and metrics of the node fail: Prometheus and metrics-server lose its containers.",
    expr: ({ threshold }) => `${CLUSTER_SIGNALS.kubeletCertificates.query("")} < ${threshold * HOUR}`,
    threshold: KUBELETS,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.kubeletCertificates,
    jobs: [JOBS.kubelet],
    cases: [
      fires("less time is left than the limit", (parameters) => ({
        series: [serving(beyond(KUBELETS, parameters), parameters), unused()],
        alerts: [{ labels: { node: "ip-10-40-11-23" } }],
      })),
      silent("a little more time is left", (parameters) => ({
        series: [serving(within(KUBELETS, parameters) + watched(parameters) / HOUR, parameters)],
      })),
      silent("the kubelet has no certificate to renew", () => ({ series: [unused()] })),
    ],
  },
  {
    name: "ProbedCertificateExpiring",
    summary: "The certificate of {{ $labels.instance }} is about to expire",
    description: ({ threshold, for: held }) =>
      `The certificate that {{ $labels.instance }} shows to the probe {{ $labels.job }} has had less than ${shownThreshold(threshold, "hours")} left for ${held}.`,
    impact: "When it expires browsers and clients refuse the address altogether.",
    expr: ({ threshold }) => `${CLUSTER_SIGNALS.probedCertificates.query("")} < ${threshold * HOUR}`,
    threshold: PROBED,
    for: "1h",
    severity: "warning",
    signal: CLUSTER_SIGNALS.probedCertificates,
    jobs: [],
    cases: [
      fires("less time is left than the limit", (parameters) => ({
        series: [steady(probe("probe_ssl_earliest_cert_expiry"), beyond(PROBED, parameters) * HOUR)],
        alerts: [{ labels: { job: "probe/shop/storefront", instance: "https://shop.example.com" } }],
      })),
      silent("a little more time is left", (parameters) => ({
        series: [
          steady(
            probe("probe_ssl_earliest_cert_expiry"),
            within(PROBED, parameters) * HOUR + watched(parameters),
          ),
        ],
      })),
    ],
  },
];
