import { PROMETHEUS_SECONDS } from "../histogram.ts";
import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

/** With the global option `metrics`. The label server tells its sites apart, one of which may serve the metrics. */
export const caddy: Convention = {
  library: "Caddy 2.11.7",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "caddy_http_request_duration_seconds_count",
    statusLabel: "code",
    durations: {
      metric: "caddy_http_request_duration_seconds",
      unit: "seconds",
      boundaries: PROMETHEUS_SECONDS,
      byStatus: true,
    },
  },
  counts: {
    raised: "502",
    unknownRoute: "404",
    hangUp: "499",
    hangUpLasts: "client",
    scrapes: true,
  },
  marks: { labels: ["code", "handler", "method", "server"] },
};
