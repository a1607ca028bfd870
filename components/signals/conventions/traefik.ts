import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

/** With `metrics.prometheus`. The label service tells the programs behind it apart, as orders@file or shop-orders-80@kubernetes. */
export const traefik: Convention = {
  library: "Traefik 3.7.15",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "traefik_service_requests_total",
    statusLabel: "code",
    durations: {
      metric: "traefik_service_request_duration_seconds",
      unit: "seconds",
      boundaries: [0.1, 0.3, 1.2, 5],
      byStatus: true,
    },
  },
  counts: { raised: "502", unknownRoute: "404", hangUp: "499", hangUpLasts: "client", scrapes: false },
  marks: { labels: ["code", "method", "protocol", "service"] },
};
