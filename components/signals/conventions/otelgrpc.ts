import { GRPC_OTEL } from "../grpc-shared.ts";
import type { Convention } from "./convention.ts";

export const otelgrpc: Convention = {
  library: "otelgrpc 0.72.0",
  source: "recorded",
  server: { ...GRPC_OTEL },
  counts: {
    raised: "not known",
    unknownRoute: "not counted",
    hangUp: "CANCELLED",
    hangUpLasts: "handler",
    scrapes: false,
  },
  marks: {
    labels: ["rpc_method", "rpc_response_status_code"],
    others: [{ metric: "target_info", labels: { telemetry_sdk_language: "go" } }],
  },
};
