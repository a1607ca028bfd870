import { OTEL_SECONDS } from "../histogram.ts";
import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

export const hono: Convention = {
  library: "@hono/prometheus 1.0.3",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "http_requests_total",
    statusLabel: "status",
    durations: {
      metric: "http_request_duration_seconds",
      unit: "seconds",
      boundaries: OTEL_SECONDS,
      byStatus: true,
    },
  },
  counts: { raised: "500", unknownRoute: "404", hangUp: "200", hangUpLasts: "handler", scrapes: true },
  route: { label: "route", values: "routes", unknown: "one" },
  marks: { labels: ["method", "ok", "route", "status"] },
};
