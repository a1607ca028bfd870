import { duration, seconds } from "../../core/duration.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  rangeOf,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import { apiServer } from "../exporters.ts";
import { beyond, fires, secondScrape, silent, staged, steady, within } from "../situations.ts";

const HOUR = 3600;

export const CLIENTS: Threshold = {
  default: 168,
  min: 1,
  max: 720,
  unit: "hours",
  comparison: "below",
  means: "hours until client certificates of at least 1% of the API requests expire",
};
/**
 * Hours: a certificate that never has more left may be one that is issued for a day, and its owner renews it again and again. A limit of
 * less than two days is for such certificates.
 */
export function shortLife(limit: number): number {
  return limit >= 48 ? 24 : limit / 4;
}

/** A share of the requests and the hours that are left of their certificates: at most `to`, and more than 95% of it. */
interface Clients {
  readonly share: number;
  readonly to: number;
}

/** A hundred requests a second with client certificates, of which shares have few hours left, at first and from a time on. */
function clients(first: readonly Clients[], parameters: AlertParameters, after = 0, then = first) {
  const bucket = (le: string, share: (of: readonly Clients[]) => number) =>
    staged(
      apiServer("apiserver_client_certificate_expiration_seconds_bucket", { le }),
      [
        { seconds: after, perSecond: 100 * share(first) },
        { seconds: 0, perSecond: 100 * share(then) },
      ],
      parameters,
    );
  // The API server has buckets up to a day and up to 7 days, so that these are counted exactly.
  const exact = [shortLife(parameters.threshold), parameters.threshold];
  const bounds = [...new Set([...exact, ...[...first, ...then].flatMap(({ to }) => [0.95 * to, to])])].sort(
    (a, b) => a - b,
  );
  return [
    bucket("0.0", () => 0),
    ...bounds.map((bound) =>
      bucket(String(Math.round(bound * HOUR)), (of) =>
        of.reduce((sum, { share, to }) => sum + (to <= bound ? share : 0), 0),
      ),
    ),
    bucket("31104000.0", () => 1),
    bucket("+Inf", () => 1),
  ];
}

/** A share of requests slightly above or below 1%. */
const ENOUGH = 0.011;
const TOO_FEW = 0.009;

/** The alert about client certificates of API requests that expire soon. */
export const CLIENT_CERTIFICATE_ALERT: AlertDefinition = {
  name: "KubeClientCertificateExpiring",
  summary: "A client certificate that is used for the Kubernetes API expires soon",
  description: ({ threshold, for: held }) =>
    `For at least ${held}, 1% of the API requests with a client certificate have used one that expires in less than ${shownThreshold(threshold, "hours")}.`,
  impact: "When it expires, its owner cannot access the cluster: a controller, an add-on or a user.",
  // Of the certificates with less than a day left, only those count that had more a day ago: the others are issued for a day.
  expr: (parameters) => {
    const short = shortLife(parameters.threshold) * HOUR;
    const share = (from: number, to: number, offset = "") =>
      `histogram_fraction(${from}, ${to}, sum by (le) (rate(apiserver_client_certificate_expiration_seconds_bucket{job="${JOBS.apiserver}"}[${rangeOf(parameters, "5m")}]${offset})))`;
    return (
      `${share(short, parameters.threshold * HOUR)} >= 0.01` +
      ` or (${share(0, short)} >= 0.01 and ${share(0, short, ` offset ${duration(short)}`)} < 0.01)`
    );
  },
  threshold: CLIENTS,
  for: "15m",
  lookback: { range: "5m", samples: 2 },
  severity: "warning",
  signal: CLUSTER_SIGNALS.clientCertificates,
  jobs: [JOBS.apiserver],
  cases: [
    fires("one percent of the requests use a certificate that expires sooner than the limit", (p) => ({
      series: clients([{ share: ENOUGH, to: beyond(CLIENTS, p) }], p),
      holdsFrom: secondScrape(p),
      alerts: [{ labels: {} }],
    })),
    fires(
      "one percent of the requests use a certificate that expires within a day and had more left",
      (p) => {
        const short = shortLife(p.threshold);
        const step = seconds(p.scrapeInterval);
        const after = Math.ceil((Math.max(1.2 * short, 2) * HOUR) / step) * step;
        const [long, brief] = [1.1 * short, 0.95 * short];
        // A day after the first of these requests, the share of the day before is as large.
        const stop = after + short * HOUR;
        return {
          series: clients(
            [
              { share: ENOUGH, to: long },
              { share: TOO_FEW, to: brief },
            ],
            p,
            after,
            [{ share: ENOUGH, to: brief }],
          ),
          holdsFrom: secondScrape(p),
          stops: { after: stop, by: stop + seconds(rangeOf(p, "5m")) },
          alerts: [{ labels: {} }],
        };
      },
    ),
    ...[CLIENTS.default, shortLife(CLIENTS.default)].map((_, index) =>
      silent(
        `slightly less than one percent of the requests use a certificate that expires ${index === 0 ? "soon" : "within a day"}`,
        (p) => ({
          series: clients(
            [{ share: TOO_FEW, to: index === 0 ? beyond(CLIENTS, p) : 0.95 * shortLife(p.threshold) }],
            p,
          ),
          holdsFrom: 1.1 * shortLife(p.threshold) * HOUR,
        }),
      ),
    ),
    silent(
      "one percent of the requests use a certificate that expires slightly later than the limit",
      (p) => ({
        series: clients([{ share: ENOUGH, to: within(CLIENTS, p) }], p),
      }),
    ),
    silent("clients have used certificates of a day for less than a day", (p) => ({
      series: clients([{ share: ENOUGH, to: 0.95 * shortLife(p.threshold) }], p),
    })),
    silent("clients have used certificates of a day for longer than a day", (p) => ({
      series: clients([{ share: ENOUGH, to: 0.95 * shortLife(p.threshold) }], p),
      holdsFrom: 1.1 * shortLife(p.threshold) * HOUR,
    })),
    silent("no request uses a client certificate", (parameters) => ({
      series: clients([{ share: ENOUGH, to: beyond(CLIENTS, parameters) }], parameters).map(({ series }) =>
        steady(series, 0),
      ),
    })),
  ],
};
