import { duration, seconds } from "../../core/duration.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  KEEP_FIRING_WITHOUT_OBJECTS,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import { kubelet, probe } from "../exporters.ts";
import {
  atScrape,
  beyond,
  coursed,
  fires,
  jump,
  kept,
  moving,
  silent,
  steady,
  within,
} from "../situations.ts";
import { CLIENT_CERTIFICATE_ALERT, CLIENTS, shortLife } from "./client-certificates.ts";

const HOUR = 3600;

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

/** The remaining lifetime of a kubelet's serving certificate, which decreases by the time that passes. */
function serving(hours: number, parameters: AlertParameters) {
  const step = seconds(parameters.scrapeInterval);
  return moving(
    kubelet("kubelet_certificate_manager_server_ttl_seconds", "ip-10-40-11-23"),
    hours * HOUR,
    -step,
  );
}

/** Seconds: with less left, a certificate counts however short its life is. At 90% of the life of one for a day, 2.4 hours are left. */
const LAST_HOURS = 7200;

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

/** The life of the shortest certificates that public authorities issue is 160 hours. They are renewed more than a day before its end. */
const RENEWALS = "6d";

/** When a certificate expires, which is later from the second scrape on. */
function renewedTo(expiry: number) {
  return jump(probe("probe_ssl_earliest_cert_expiry"), expiry - 86_400, expiry, 1);
}

/** Seconds until after the last check of a case: a certificate has so much less time left then. */
function watched(parameters: AlertParameters): number {
  return seconds(parameters.for) + 12 * seconds(parameters.scrapeInterval);
}

/** Alerts about certificates that expire soon: of API clients, of kubelets and of probed URLs. */
export const CERTIFICATE_ALERTS: readonly AlertDefinition[] = [
  CLIENT_CERTIFICATE_ALERT,
  {
    name: "KubeletCertificateExpiring",
    summary: "The serving certificate of the kubelet on {{ $labels.node }} expires soon",
    description: ({ threshold, for: held }) =>
      `The serving certificate of the kubelet on node {{ $labels.node }} expires in less than ${shownThreshold(threshold, "hours")}. This has been true for at least ${held}, and the kubelet has not renewed it.`,
    impact:
      "When it expires, kubectl logs, kubectl exec and metrics of the node fail: Prometheus and metrics-server get no data of its containers.",
    // A certificate that never had more than a day left may be issued for a day; it counts in its last 2 hours.
    expr: ({ threshold }) => {
      const left = CLUSTER_SIGNALS.kubeletCertificates.query("");
      const short = shortLife(threshold) * HOUR;
      const most = `max by (node) (max_over_time(kubelet_certificate_manager_server_ttl_seconds{job="${JOBS.kubelet}"}[${duration(short)}]))`;
      return `${left} < ${threshold * HOUR} and on (node) (${most} >= ${short} or ${left} < ${LAST_HOURS})`;
    },
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
      fires("the certificate is issued for a day, and less than 2 hours are left", (p) => ({
        series: [serving(0.95 * Math.min(2, p.threshold), p)],
        alerts: [{ labels: { node: "ip-10-40-11-23" } }],
      })),
      fires(
        "less than a day of a certificate is left that was issued for longer, and resolves when it is renewed",
        (p) => {
          const step = seconds(p.scrapeInterval);
          const short = shortLife(p.threshold) * HOUR;
          const until = Math.max(Math.ceil((0.8 * short) / step), Math.ceil(seconds(p.for) / step) + 2);
          const renewed = {
            after: atScrape(until - 1, p),
            by: atScrape(until, p),
          };
          return {
            series: [
              coursed(
                kubelet("kubelet_certificate_manager_server_ttl_seconds", "ip-10-40-11-23"),
                1.1 * short,
                [
                  [until - 1, -step],
                  [1, 45 * 24 * HOUR],
                  [1, -step],
                ],
                p,
              ),
            ],
            stops: kept(renewed, KEEP_FIRING_WITHOUT_OBJECTS, p),
            alerts: [{ labels: { node: "ip-10-40-11-23" } }],
          };
        },
      ),
      silent("the certificate is issued for a day", (p) => ({ series: [serving(23.9, p)] })),
      silent("the certificate is issued for a day, and more than 2 hours are left", (p) => ({
        series: [serving(2.02 + watched(p) / HOUR, p)],
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
    // A certificate that was renewed within six days is one that is issued for a short time; it counts on its last day.
    expr: ({ threshold }) => {
      const left = CLUSTER_SIGNALS.probedCertificates.query("");
      const expiry = "probe_ssl_earliest_cert_expiry";
      return (
        `${left} < ${threshold * HOUR} unless on (job, instance)` +
        ` (min by (job, instance) (${expiry}) > min by (job, instance) (min_over_time(${expiry}[${RENEWALS}]))` +
        ` unless on (job, instance) ${left} < ${24 * HOUR})`
      );
    },
    threshold: PROBED,
    for: "1h",
    keepFiringFor: KEEP_FIRING_WITHOUT_OBJECTS,
    severity: "warning",
    signal: CLUSTER_SIGNALS.probedCertificates,
    jobs: [],
    cases: [
      fires("the certificate expires sooner than the limit", (parameters) => ({
        series: [steady(probe("probe_ssl_earliest_cert_expiry"), beyond(PROBED, parameters) * HOUR)],
        alerts: [{ labels: { job: "probe/shop/storefront", instance: "https://shop.example.com" } }],
      })),
      fires("the certificate was renewed, and less than a day is left of it", (parameters) => ({
        series: [renewedTo(0.95 * Math.min(24, parameters.threshold) * HOUR)],
        alerts: [{ labels: { job: "probe/shop/storefront", instance: "https://shop.example.com" } }],
      })),
      silent("the certificate is issued for six days and was renewed", (parameters) => ({
        series: [renewedTo(26 * HOUR + watched(parameters))],
        holdsFrom: seconds(parameters.scrapeInterval),
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
