import { PROMETHEUS_SECONDS } from "../histogram.ts";
import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

export const axumPrometheus: Convention = {
  library: "axum-prometheus 0.10.1",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "axum_http_requests_total",
    statusLabel: "status",
    durations: {
      metric: "axum_http_requests_duration_seconds",
      unit: "seconds",
      boundaries: PROMETHEUS_SECONDS,
      byStatus: true,
    },
  },
  counts: {
    raised: "not counted",
    unknownRoute: "404",
    hangUp: "not counted",
    hangUpLasts: "none",
    scrapes: true,
  },
  route: {
    label: "endpoint",
    values: "routes",
    unknown: "each",
    fix: "EndpointLabel::MatchedPathWithFallbackFn",
  },
  marks: { labels: ["endpoint", "method", "status"] },
};
