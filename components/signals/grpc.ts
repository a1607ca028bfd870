import { OTEL_MILLISECONDS, OTEL_SECONDS, PROMETHEUS_SECONDS } from "./histogram.ts";
import type { RequestServer } from "./request-server.ts";

/** The conventions for metrics of gRPC servers. */
export const GRPC_CONVENTIONS = ["grpc_prometheus", "otel", "otel-milliseconds", "beyla"] as const;
export type GrpcConvention = (typeof GRPC_CONVENTIONS)[number];

// Errors of the server: UNKNOWN (2), DEADLINE_EXCEEDED (4), UNIMPLEMENTED (12), INTERNAL (13), UNAVAILABLE (14) and
// DATA_LOSS (15). They are the codes that OpenTelemetry calls errors of a server, and those that google.rpc.Code maps to an HTTP
// status of 500 or above, so that HTTP and gRPC have the same rule. RESOURCE_EXHAUSTED maps to 429, an error of the client.

/** A code in the spelling of Go, in that of the protocol, and as the number that is its place. */
const CODES = [
  ["OK", "OK"],
  ["Canceled", "CANCELLED"],
  ["Unknown", "UNKNOWN"],
  ["InvalidArgument", "INVALID_ARGUMENT"],
  ["DeadlineExceeded", "DEADLINE_EXCEEDED"],
  ["NotFound", "NOT_FOUND"],
  ["AlreadyExists", "ALREADY_EXISTS"],
  ["PermissionDenied", "PERMISSION_DENIED"],
  ["ResourceExhausted", "RESOURCE_EXHAUSTED"],
  ["FailedPrecondition", "FAILED_PRECONDITION"],
  ["Aborted", "ABORTED"],
  ["OutOfRange", "OUT_OF_RANGE"],
  ["Unimplemented", "UNIMPLEMENTED"],
  ["Internal", "INTERNAL"],
  ["Unavailable", "UNAVAILABLE"],
  ["DataLoss", "DATA_LOSS"],
  ["Unauthenticated", "UNAUTHENTICATED"],
] as const;

const SERVER_ERRORS = [2, 4, 12, 13, 14, 15];

/** The codes with these numbers in some spellings. */
function spelled(spellings: readonly (0 | 1)[], numbers: readonly number[] = [...CODES.keys()]): RegExp {
  const names = numbers.flatMap((number) => spellings.map((spelling) => CODES[number]?.[spelling]));
  return new RegExp([...new Set(names)].join("|"));
}

const GRPC = {
  id: "grpc",
  unit: "calls",
  serverErrorsInWords:
    "Calls that end with Unknown, DeadlineExceeded, Unimplemented, Internal, Unavailable or DataLoss",
} as const;

/** Codes as numbers, as in OpenTelemetry's conventions up to version 1.37 and in Beyla. */
const NUMBERED = {
  ...GRPC,
  statusLabel: "rpc_grpc_status_code",
  serverErrors: /2|4|12|13|14|15/,
  known: { form: /[0-9]|1[0-6]/, inWords: "a number from 0 to 16" },
  statuses: { good: "0", bad: "13" },
} as const;

export const GRPC_SERVERS: Readonly<Record<GrpcConvention, RequestServer>> = {
  // The Prometheus provider of go-grpc-middleware and compatible ones. Those for Python and Java write everything in capitals. Its histogram
  // is optional and has no codes. The duration of a stream depends on the client.
  grpc_prometheus: {
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
  },
  otel: {
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
