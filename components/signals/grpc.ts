import { GRPC_LIBRARIES, serversOf } from "./conventions/index.ts";
import { GRPC } from "./grpc-codes.ts";
import { GRPC_OTEL, GRPC_PROMETHEUS } from "./grpc-shared.ts";
import { OTEL_MILLISECONDS, OTEL_SECONDS } from "./histogram.ts";
import type { RequestServer } from "./request-server.ts";

/** The conventions for metrics of gRPC servers: four that many programs share, and those of libraries. */
export type GrpcConvention = keyof typeof SHARED | keyof typeof GRPC_LIBRARIES;

/** Codes as numbers, as in OpenTelemetry's conventions up to version 1.37 and in Beyla. */
const NUMBERED = {
  ...GRPC,
  statusLabel: "rpc_grpc_status_code",
  serverErrors: /2|4|12|13|14|15/,
  known: { form: /[0-9]|1[0-6]/, inWords: "a number from 0 to 16" },
  statuses: { good: "0", bad: "13" },
} as const;

const SHARED = {
  grpc_prometheus: GRPC_PROMETHEUS,
  otel: GRPC_OTEL,
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
} as const satisfies Readonly<Record<string, RequestServer>>;

export const GRPC_SERVERS = {
  ...SHARED,
  ...serversOf(GRPC_LIBRARIES),
} as Readonly<Record<GrpcConvention, RequestServer>>;

export const GRPC_CONVENTIONS = Object.keys(GRPC_SERVERS) as [GrpcConvention, ...GrpcConvention[]];
