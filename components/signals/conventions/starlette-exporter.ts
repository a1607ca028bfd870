import { PROMETHEUS_PYTHON_SECONDS } from "../histogram.ts";
import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

export const starletteExporter: Convention = {
  library: "starlette_exporter 0.24.0",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "starlette_requests_total",
    statusLabel: "status_code",
    durations: {
      metric: "starlette_request_duration_seconds",
      unit: "seconds",
      boundaries: PROMETHEUS_PYTHON_SECONDS,
      byStatus: true,
    },
  },
  counts: {
    raised: "500",
    unknownRoute: "not counted",
    hangUp: "200",
    hangUpLasts: "handler",
    scrapes: true,
  },
  route: { label: "path", values: "routes", unknown: "none" },
  marks: { labels: ["app_name", "method", "path", "status_code"] },
};
