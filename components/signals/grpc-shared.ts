import { GRPC, SERVER_ERRORS, spelled } from "./grpc-codes.ts";
import { OTEL_SECONDS, PROMETHEUS_SECONDS } from "./histogram.ts";
import type { RequestServer } from "./request-server.ts";

// What several libraries for gRPC share.

// The Prometheus provider of go-grpc-middleware and compatible ones. Those for Python and Java write everything in capitals. Its histogram
// is optional and has no codes. The duration of a stream depends on the client.
export const GRPC_PROMETHEUS = {
  ...GRPC,
  counter: "grpc_server_handled_total",
  statusLabel: "grpc_code",
  serverErrors: spelled([0, 1], SERVER_ERRORS),
  known: { form: spelled([0, 1]), inWords: "a name, such as Internal or INTERNAL" },
  statuses: { good: "OK", bad: "Internal" },
  durations: {
    metric: "grpc_server_handling_seconds",
    unit: "seconds",
    boundaries: PROMETHEUS_SECONDS,
    byStatus: false,
    only: { label: "grpc_type", values: /unary|UNARY/, example: "unary" },
  },
} as const satisfies RequestServer;

/** OpenTelemetry's conventions since version 1.38. */
export const GRPC_OTEL = {
  ...GRPC,
  counter: "rpc_server_call_duration_seconds_count",
  statusLabel: "rpc_response_status_code",
  serverErrors: spelled([1], SERVER_ERRORS),
  known: { form: spelled([1]), inWords: "a name in capitals, such as INTERNAL" },
  statuses: { good: "OK", bad: "INTERNAL" },
  durations: {
    metric: "rpc_server_call_duration_seconds",
    unit: "seconds",
    boundaries: OTEL_SECONDS,
    byStatus: true,
  },
} as const satisfies RequestServer;
