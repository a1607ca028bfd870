import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

/**
 * Without a setting it has no buckets, and with percentiles-histogram some whose bounds no threshold can be written for. These are of
 * management.metrics.distribution.slo.http.server.requests=50ms,100ms,250ms,500ms,1s,2500ms,5s,10s
 */
export const springBoot: Convention = {
  library: "Spring Boot 4.0.7 with Micrometer",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "http_server_requests_seconds_count",
    statusLabel: "status",
    durations: {
      metric: "http_server_requests_seconds",
      unit: "seconds",
      boundaries: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      byStatus: true,
    },
  },
  counts: { raised: "500", unknownRoute: "404", hangUp: "200", hangUpLasts: "handler", scrapes: true },
  route: { label: "uri", values: "routes", unknown: "one" },
  marks: { labels: ["exception", "method", "outcome", "status", "uri"] },
};
