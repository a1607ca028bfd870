import { GRPC_PROMETHEUS } from "../grpc-shared.ts";
import { PROMETHEUS_PYTHON_SECONDS } from "../histogram.ts";
import type { Convention } from "./convention.ts";

export const pyGrpcPrometheus: Convention = {
  library: "py-grpc-prometheus 0.8.0",
  source: "recorded",
  server: {
    ...GRPC_PROMETHEUS,
    statuses: { good: "OK", bad: "INTERNAL" },
    durations: {
      ...GRPC_PROMETHEUS.durations,
      boundaries: PROMETHEUS_PYTHON_SECONDS,
      only: { ...GRPC_PROMETHEUS.durations.only, example: "UNARY" },
    },
  },
  counts: {
    raised: "UNKNOWN",
    unknownRoute: "not counted",
    hangUp: "CANCELLED",
    hangUpLasts: "handler",
    scrapes: false,
  },
  marks: {
    labels: ["grpc_code", "grpc_method", "grpc_service", "grpc_type"],
    others: [{ metric: "grpc_server_handled_total", labels: { grpc_type: "UNARY" } }],
  },
};
