import { PROMETHEUS_SECONDS } from "../histogram.ts";
import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

/** The names are those that its documentation chooses for InstrumentHandlerCounter and InstrumentHandlerDuration. */
export const promhttp: Convention = {
  library: "github.com/prometheus/client_golang 1.25.0",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "http_requests_total",
    statusLabel: "code",
    durations: {
      metric: "http_request_duration_seconds",
      unit: "seconds",
      boundaries: PROMETHEUS_SECONDS,
      byStatus: true,
    },
  },
  counts: {
    raised: "not counted",
    unknownRoute: "404",
    hangUp: "200",
    hangUpLasts: "handler",
    scrapes: false,
  },

  marks: { labels: ["code", "method"], others: [{ metric: "go_info" }] },
};
