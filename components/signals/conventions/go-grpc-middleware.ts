import { GRPC_PROMETHEUS } from "../grpc-shared.ts";
import type { Convention } from "./convention.ts";

export const goGrpcMiddleware: Convention = {
  library: "Prometheus provider 1.1.1 of go-grpc-middleware",
  source: "recorded",
  server: { ...GRPC_PROMETHEUS },
  counts: {
    raised: "not known",
    unknownRoute: "not counted",
    hangUp: "OK",
    hangUpLasts: "handler",
    scrapes: false,
  },
  marks: {
    labels: ["grpc_code", "grpc_method", "grpc_service", "grpc_type"],
    others: [{ metric: "grpc_server_handled_total", labels: { grpc_type: "unary" } }],
  },
};
