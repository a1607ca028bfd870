import { OTEL_SECONDS } from "../histogram.ts";
import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

/** With OTEL_SEMCONV_STABILITY_OPT_IN=http. */
export const otelPythonStable: Convention = {
  library: "opentelemetry-instrumentation-fastapi 0.66b2",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "http_server_request_duration_seconds_count",
    statusLabel: "http_response_status_code",
    durations: {
      metric: "http_server_request_duration_seconds",
      unit: "seconds",
      boundaries: OTEL_SECONDS,
      byStatus: true,
    },
  },
  counts: { raised: "500", unknownRoute: "404", hangUp: "200", hangUpLasts: "handler", scrapes: false },
  route: { label: "http_route", values: "routes", unknown: "none" },
  marks: {
    labels: ["http_request_method", "http_response_status_code"],
    others: [{ metric: "target_info", labels: { telemetry_sdk_language: "python" } }],
  },
};
