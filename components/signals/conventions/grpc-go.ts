import { GRPC, SERVER_ERRORS, spelled } from "../grpc-codes.ts";
import type { Convention } from "./convention.ts";

/** Its package stats/opentelemetry, with the names of gRPC's proposal A66, which the libraries for C++, Java and Python have too. */
export const grpcGo: Convention = {
  library: "grpc-go 1.85.0",
  source: "recorded",
  server: {
    ...GRPC,
    counter: "grpc_server_call_duration_seconds_count",
    statusLabel: "grpc_status",
    serverErrors: spelled([1], SERVER_ERRORS),
    known: { form: spelled([1]), inWords: "a name in capitals, such as INTERNAL" },
    statuses: { good: "OK", bad: "INTERNAL" },
    durations: {
      metric: "grpc_server_call_duration_seconds",
      unit: "seconds",
      boundaries: [
        0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01, 0.013, 0.016, 0.02, 0.025, 0.03, 0.04, 0.05,
        0.065, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8, 1, 2, 5, 10, 20, 50, 100,
      ],
      byStatus: true,
    },
  },
  counts: {
    raised: "not known",
    unknownRoute: "not counted",
    hangUp: "CANCELLED",
    hangUpLasts: "handler",
    scrapes: false,
  },
  marks: { labels: ["grpc_method", "grpc_status"] },
};
