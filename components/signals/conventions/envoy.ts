import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

/** The bounds of its histograms. */
export const ENVOY_MILLISECONDS = [
  1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
  3_600_000,
];

/** As it is at /stats/prometheus. Its own pages are counted too, with the prefix `admin`. */
export const envoy: Convention = {
  library: "Envoy 1.39.3",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "envoy_http_downstream_rq_xx",
    statusLabel: "envoy_response_code_class",
    serverErrors: /5/,
    known: { form: /[1-5]/, inWords: "the class of a status, a digit from 1 to 5" },
    statuses: { good: "2", bad: "5" },
    durations: {
      metric: "envoy_http_downstream_rq_time",
      unit: "milliseconds",
      boundaries: ENVOY_MILLISECONDS,
      byStatus: false,
    },
  },
  // What its client gave up is in envoy_http_downstream_rq_rx_reset only.
  counts: {
    raised: "5",
    unknownRoute: "4",
    hangUp: "not counted",
    hangUpLasts: "none",
    scrapes: true,
  },
  marks: { labels: ["envoy_response_code_class", "envoy_http_conn_manager_prefix"] },
};
