import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

export const expressPromBundle: Convention = {
  library: "express-prom-bundle 8.0.0",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "http_request_duration_seconds_count",
    statusLabel: "status_code",
    durations: {
      metric: "http_request_duration_seconds",
      unit: "seconds",
      boundaries: [0.003, 0.03, 0.1, 0.3, 1.5, 10],
      byStatus: true,
    },
  },
  counts: { raised: "500", unknownRoute: "404", hangUp: "499", hangUpLasts: "client", scrapes: false },
  // It replaces numbers and UUIDs by #val, and nothing else.
  route: { label: "path", values: "routes", unknown: "each", fix: "urlValueParser or normalizePath" },
  marks: { labels: ["status_code"], others: [{ metric: "up" }] },
};
