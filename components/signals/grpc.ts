import { OTEL_MILLISECONDS, OTEL_SECONDS, PROMETHEUS_SECONDS } from "./histogram.ts";
import type { RequestServer } from "./request-server.ts";

/** How a gRPC server counts its calls. */
export const GRPC_CONVENTIONS = ["grpc_prometheus", "otel", "otel-milliseconds", "beyla"] as const;
export type GrpcConvention = (typeof GRPC_CONVENTIONS)[number];

// The server's own faults: UNKNOWN (2), DEADLINE_EXCEEDED (4), UNIMPLEMENTED (12), INTERNAL (13), UNAVAILABLE (14) and
// DATA_LOSS (15). They are the codes that OpenTelemetry calls errors of a server, and those that google.rpc.Code maps to an HTTP
// status of 500 or above, so that one rule holds for both protocols. RESOURCE_EXHAUSTED is a 429 there: the caller asks too much.

const GRPC = {
  id: "grpc",
  unit: "calls",
  serverErrorsInWords:
    "Calls that end with Unknown, DeadlineExceeded, Unimplemented, Internal, Unavailable or DataLoss",
} as const;

/** Codes by their number, as OpenTelemetry wrote them up to version 1.37 of its conventions, and Beyla does. */
const NUMBERED = {
  ...GRPC,
  statusLabel: "rpc_grpc_status_code",
  serverErrors: /2|4|12|13|14|15/,
  statuses: { good: "0", bad: "13" },
} as const;

export const GRPC_SERVERS: Readonly<Record<GrpcConvention, RequestServer>> = {
  // go-grpc-middleware's provider for Prometheus, and those that follow it. Its histogram, which has to be switched on, knows no
  // codes. Streams last for as long as their client likes.
  grpc_prometheus: {
    ...GRPC,
    counter: "grpc_server_handled_total",
    statusLabel: "grpc_code",
    serverErrors: /Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss/,
    statuses: { good: "OK", bad: "Internal" },
    durations: {
      metric: "grpc_server_handling_seconds",
      unit: "seconds",
      boundaries: PROMETHEUS_SECONDS,
      byStatus: false,
      only: { grpc_type: "unary" },
    },
  },
  otel: {
    ...GRPC,
    counter: "rpc_server_call_duration_seconds_count",
    statusLabel: "rpc_response_status_code",
    serverErrors: /UNKNOWN|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS/,
    statuses: { good: "OK", bad: "INTERNAL" },
    durations: {
      metric: "rpc_server_call_duration_seconds",
      unit: "seconds",
      boundaries: OTEL_SECONDS,
      byStatus: true,
    },
  },
  "otel-milliseconds": {
    ...NUMBERED,
    counter: "rpc_server_duration_milliseconds_count",
    durations: {
      metric: "rpc_server_duration_milliseconds",
      unit: "milliseconds",
      boundaries: OTEL_MILLISECONDS,
      byStatus: true,
    },
  },
  beyla: {
    ...NUMBERED,
    counter: "rpc_server_duration_seconds_count",
    durations: {
      metric: "rpc_server_duration_seconds",
      unit: "seconds",
      boundaries: OTEL_SECONDS,
      byStatus: true,
    },
  },
};
