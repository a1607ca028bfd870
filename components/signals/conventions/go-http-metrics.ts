import { PROMETHEUS_SECONDS } from "../histogram.ts";
import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

// A handler that panics before it has written a status is counted as 200.
export const goHttpMetrics: Convention = {
  library: "github.com/slok/go-http-metrics 0.13.0",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "http_request_duration_seconds_count",
    statusLabel: "code",
    durations: {
      metric: "http_request_duration_seconds",
      unit: "seconds",
      boundaries: PROMETHEUS_SECONDS,
      byStatus: true,
    },
  },
  counts: { raised: "200", unknownRoute: "404", hangUp: "200", hangUpLasts: "handler", scrapes: false },
  route: {
    label: "handler",
    values: "addresses",
    unknown: "each",
    fix: "a handler id for each route, instead of an empty one",
  },
  marks: { labels: ["code", "handler", "method"], others: [{ metric: "http_requests_inflight" }] },
};
