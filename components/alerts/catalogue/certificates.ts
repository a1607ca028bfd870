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
  means: "hours until client certificates of API requests expire (1st percentile of the requests)",
};
/**
 * A kubelet renews its certificate when 70% to 90% of its life is over (client-go's certificate manager). EKS issues it for 45 days,
 * so 108 hours can be left when it is renewed on time.
 */
const KUBELETS: Threshold = {
  ...CLIENTS,
  default: 96,
  means: "hours until a kubelet's serving certificate expires",
};
const PROBED: Threshold = {
  ...CLIENTS,
  default: 336,
  means: "hours until the certificate of a probed URL expires",
};

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

/** The remaining lifetime of a kubelet's serving certificate, which decreases by the time that passes. */
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

/** Seconds until after the last check of a case: a certificate has so much less time left then. */
function watched(parameters: AlertParameters): number {
  return seconds(parameters.for) + 12 * seconds(parameters.scrapeInterval);
}

/** Alerts about certificates that expire soon: of API clients, of kubelets and of probed URLs. */
export const CERTIFICATE_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeClientCertificateExpiring",
    summary: "A client certificate that is used for the Kubernetes API expires soon",
    description: ({ threshold, for: held }) =>
      `For at least ${held}, 1% of the API requests with a client certificate have used one that expires in less than ${shownThreshold(threshold, "hours")}.`,
    impact: "When it expires, its owner cannot access the cluster: a controller, an add-on or a user.",
    expr: (parameters) =>
      `${CLUSTER_SIGNALS.clientCertificates.query(rangeOf(parameters, "5m"))} < ${parameters.threshold * HOUR}`,
    threshold: CLIENTS,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: CLUSTER_SIGNALS.clientCertificates,
    jobs: [JOBS.apiserver],
    cases: [
      fires(
        "one percent of the requests use a certificate that expires sooner than the limit",
        (parameters) => ({
          series: clients(beyond(CLIENTS, parameters), parameters),
          holdsFrom: secondScrape(parameters),
          alerts: [{ labels: {} }],
        }),
      ),
      silent(
        "one percent of the requests use a certificate that expires slightly later than the limit",
        (parameters) => ({
          series: clients(within(CLIENTS, parameters), parameters),
        }),
      ),
      silent("no request uses a client certificate", (parameters) => ({
        series: clients(beyond(CLIENTS, parameters), parameters).map(({ series }) => steady(series, 0)),
      })),
    ],
  },
  {
    name: "KubeletCertificateExpiring",
    summary: "The serving certificate of the kubelet on {{ $labels.node }} expires soon",
    description: ({ threshold, for: held }) =>
      `The serving certificate of the kubelet on node {{ $labels.node }} expires in less than ${shownThreshold(threshold, "hours")}. This has been true for at least ${held}, and the kubelet has not renewed it.`,
    impact:
      "When it expires, kubectl logs, kubectl exec and metrics of the node fail: Prometheus and metrics-server get no data of its containers.",
    expr: ({ threshold }) => `${CLUSTER_SIGNALS.kubeletCertificates.query("")} < ${threshold * HOUR}`,
    threshold: KUBELETS,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.kubeletCertificates,
    jobs: [JOBS.kubelet],
    cases: [
      fires("the certificate expires sooner than the limit", (parameters) => ({
        series: [serving(beyond(KUBELETS, parameters), parameters), unused()],
        alerts: [{ labels: { node: "ip-10-40-11-23" } }],
      })),
      silent("the certificate expires slightly later than the limit", (parameters) => ({
        series: [serving(within(KUBELETS, parameters) + watched(parameters) / HOUR, parameters)],
      })),
      silent("the kubelet has no serving certificate of its own", () => ({ series: [unused()] })),
    ],
  },
  {
    name: "ProbedCertificateExpiring",
    summary: "The TLS certificate of {{ $labels.instance }} expires soon",
    description: ({ threshold, for: held }) =>
      `The certificate that {{ $labels.instance }} presents to the probe {{ $labels.job }} expires in less than ${shownThreshold(threshold, "hours")}. This has been true for at least ${held}.`,
    impact: "When it expires, browsers and other clients reject connections to this address.",
    expr: ({ threshold }) => `${CLUSTER_SIGNALS.probedCertificates.query("")} < ${threshold * HOUR}`,
    threshold: PROBED,
    for: "1h",
    severity: "warning",
    signal: CLUSTER_SIGNALS.probedCertificates,
    jobs: [],
    cases: [
      fires("the certificate expires sooner than the limit", (parameters) => ({
        series: [steady(probe("probe_ssl_earliest_cert_expiry"), beyond(PROBED, parameters) * HOUR)],
        alerts: [{ labels: { job: "probe/shop/storefront", instance: "https://shop.example.com" } }],
      })),
      silent("the certificate expires slightly later than the limit", (parameters) => ({
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
