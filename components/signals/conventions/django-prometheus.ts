import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

export const djangoPrometheus: Convention = {
  library: "django-prometheus 2.5.0",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "django_http_responses_total_by_status_view_method_total",
    statusLabel: "status",
    // It observes the duration of a request that raises an exception twice.
    durations: {
      metric: "django_http_requests_latency_seconds_by_view_method",
      unit: "seconds",
      boundaries: [0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 25, 50, 75],
      byStatus: false,
    },
  },
  counts: { raised: "500", unknownRoute: "404", hangUp: "200", hangUpLasts: "handler", scrapes: true },
  route: { label: "view", values: "routes", unknown: "one" },
  marks: { labels: ["method", "status", "view"] },
};
