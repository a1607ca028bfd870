import { PROMETHEUS_SECONDS } from "../histogram.ts";
import { HTTP } from "../http-statuses.ts";
import { type Convention, UNKNOWN } from "./convention.ts";

/** One controller serves many services: the labels exported_namespace and exported_service, or ingress, tell them apart. */
export const ingressNginx: Convention = {
  library: "ingress-nginx",
  source: "https://kubernetes.github.io/ingress-nginx/user-guide/monitoring/",
  server: {
    ...HTTP,
    counter: "nginx_ingress_controller_requests",
    statusLabel: "status",
    durations: {
      metric: "nginx_ingress_controller_request_duration_seconds",
      unit: "seconds",
      boundaries: PROMETHEUS_SECONDS,
      byStatus: true,
    },
  },
  counts: { raised: UNKNOWN, unknownRoute: UNKNOWN, hangUp: UNKNOWN, hangUpLasts: UNKNOWN, scrapes: false },
  marks: { labels: ["ingress", "method", "status"] },
};
