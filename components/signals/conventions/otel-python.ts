import { OTEL_MILLISECONDS } from "../histogram.ts";
import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

/** As long as OTEL_SEMCONV_STABILITY_OPT_IN is not set. */
export const otelPython: Convention = {
  library: "opentelemetry-instrumentation-fastapi 0.66b2",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "http_server_duration_milliseconds_count",
    statusLabel: "http_status_code",
    durations: {
      metric: "http_server_duration_milliseconds",
      unit: "milliseconds",
      boundaries: OTEL_MILLISECONDS,
      byStatus: true,
    },
  },
  counts: { raised: "500", unknownRoute: "404", hangUp: "200", hangUpLasts: "handler", scrapes: false },
  route: { label: "http_target", values: "routes", unknown: "none" },
  marks: {
    labels: ["http_method", "http_status_code", "http_target"],
    others: [{ metric: "target_info", labels: { telemetry_sdk_language: "python" } }],
  },
};
