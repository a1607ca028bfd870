import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

/** By default it writes the class of a status; with `should_group_status_codes=False` three digits. */
export const fastapiInstrumentator: Convention = {
  library: "prometheus-fastapi-instrumentator 8.1.0",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "http_requests_total",
    statusLabel: "status",
    statuses: { good: "2xx", bad: "5xx" },
    // It has no label at all; http_request_duration_seconds has the handler, and only the buckets 0.1, 0.5 and 1.
    durations: {
      metric: "http_request_duration_highr_seconds",
      unit: "seconds",
      boundaries: [
        0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 7.5, 10, 30, 60,
      ],
      byStatus: false,
    },
  },
  counts: { raised: "5xx", unknownRoute: "4xx", hangUp: "2xx", hangUpLasts: "handler", scrapes: true },
  route: { label: "handler", values: "routes", unknown: "one" },
  marks: {
    labels: ["handler", "method", "status"],
    others: [{ metric: "http_request_duration_highr_seconds_count" }],
  },
};
