import { HTTP } from "../http-statuses.ts";
import { type Convention, UNKNOWN } from "./convention.ts";
import { ENVOY_MILLISECONDS } from "./envoy.ts";

/**
 * Two proxies count a request: that of its client with reporter="source", and that of the service with reporter="destination". One of them
 * must be selected, beside destination_service_name. gRPC calls are counted too, with the HTTP status of their response.
 */
export const istio: Convention = {
  library: "Istio standard metrics",
  source: "https://istio.io/latest/docs/reference/config/metrics/",
  server: {
    ...HTTP,
    counter: "istio_requests_total",
    statusLabel: "response_code",
    durations: {
      metric: "istio_request_duration_milliseconds",
      unit: "milliseconds",
      // Its proxies are Envoy.
      boundaries: ENVOY_MILLISECONDS,
      byStatus: true,
    },
  },
  counts: { raised: UNKNOWN, unknownRoute: UNKNOWN, hangUp: UNKNOWN, hangUpLasts: UNKNOWN, scrapes: false },
  marks: { labels: ["reporter", "response_code", "destination_service_name"] },
};
