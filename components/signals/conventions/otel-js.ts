import { OTEL_SECONDS } from "../histogram.ts";
import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

// The exporter for Prometheus leaves the unit out of the name; through a collector it is `otel`.
export const otelJs: Convention = {
  library: "@opentelemetry/instrumentation-http 0.301.0",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "http_server_request_duration_count",
    statusLabel: "http_response_status_code",
    durations: {
      metric: "http_server_request_duration",
      unit: "seconds",
      boundaries: OTEL_SECONDS,
      byStatus: true,
    },
  },
  counts: { raised: "500", unknownRoute: "404", hangUp: "200", hangUpLasts: "client", scrapes: true },

  marks: { labels: ["http_request_method", "http_response_status_code"] },
};
