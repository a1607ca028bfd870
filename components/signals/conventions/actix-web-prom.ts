import { PROMETHEUS_SECONDS } from "../histogram.ts";
import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

/** With `PrometheusMetricsBuilder::new("")`: another name is the beginning of its metrics. */
export const actixWebProm: Convention = {
  library: "actix-web-prom 0.10.0",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "http_requests_total",
    statusLabel: "status",
    durations: {
      metric: "http_requests_duration_seconds",
      unit: "seconds",
      boundaries: PROMETHEUS_SECONDS,
      byStatus: true,
    },
  },
  counts: {
    raised: "not counted",
    unknownRoute: "404",
    hangUp: "200",
    hangUpLasts: "handler",
    scrapes: true,
  },
  route: {
    label: "endpoint",
    values: "routes",
    unknown: "each",
    fix: "PrometheusMetricsBuilder::mask_unmatched_patterns",
  },
  marks: {
    labels: ["endpoint", "method", "status"],
    others: [{ metric: "http_requests_duration_seconds_count" }],
  },
};
