import { PROMETHEUS_PYTHON_SECONDS } from "../histogram.ts";
import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

export const litestar: Convention = {
  library: "litestar 2.25.0",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "litestar_requests_total",
    statusLabel: "status_code",
    durations: {
      metric: "litestar_request_duration_seconds",
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
  route: { label: "path", values: "addresses", unknown: "none", fix: "PrometheusConfig(group_path=True)" },
  marks: { labels: ["app_name", "method", "path", "status_code"] },
};
