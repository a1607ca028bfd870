import { PROMETHEUS_SECONDS } from "../histogram.ts";
import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

export const fastifyMetrics: Convention = {
  library: "fastify-metrics 14.1.0",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "http_request_duration_seconds_count",
    statusLabel: "status_code",
    durations: {
      metric: "http_request_duration_seconds",
      unit: "seconds",
      boundaries: PROMETHEUS_SECONDS,
      byStatus: true,
    },
  },
  counts: {
    raised: "500",
    unknownRoute: "not counted",
    hangUp: "not counted",
    hangUpLasts: "none",
    scrapes: true,
  },
  route: { label: "route", values: "routes", unknown: "none" },
  marks: { labels: ["method", "route", "status_code"] },
};
