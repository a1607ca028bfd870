import { PROMETHEUS_PYTHON_SECONDS } from "../histogram.ts";
import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

export const flaskExporter: Convention = {
  library: "prometheus-flask-exporter 0.23.2",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "flask_http_request_total",
    statusLabel: "status",
    durations: {
      metric: "flask_http_request_duration_seconds",
      unit: "seconds",
      boundaries: PROMETHEUS_PYTHON_SECONDS,
      byStatus: true,
    },
  },
  counts: { raised: "500", unknownRoute: "404", hangUp: "200", hangUpLasts: "handler", scrapes: false },
  route: {
    label: "path",
    values: "addresses",
    unknown: "each",
    fix: 'PrometheusMetrics(app, group_by="url_rule")',
  },
  marks: { labels: ["method", "status"] },
};
