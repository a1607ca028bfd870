import { z } from "zod";
import { choice, durationBetween, list, text } from "../core/schema.ts";
import { GRPC_CONVENTIONS } from "../signals/grpc.ts";
import { HISTOGRAM_FORMS } from "../signals/histogram.ts";
import { HTTP_CONVENTIONS } from "../signals/http.ts";

// What a service can be, and what its definition has to say of it. What each of them is measured by stands in measures.ts.

/** How long a request or a bucket may be: what a bucket's label can hold exactly, in seconds as in milliseconds. */
export const requestDuration = () => durationBetween("1ms", "15m");

/** Where metrics are scraped. */
const endpoint = () => ({
  port: text(
    /^(?=.*[a-z])[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?$/,
    "the name, not the number, of a port of the Kubernetes Service, at most 15 characters",
  ).meta({ description: "Name of the Service's port that serves the metrics." }),
  path: text(/^\/[\w./~-]{0,200}$/, "an absolute path such as /metrics")
    .default("/metrics")
    .meta({ description: "Path of the metrics." }),
});

/** How durations are exposed, for objectives of latency. */
const histogram = () => ({
  histogram: choice(HISTOGRAM_FORMS).default("classic").meta({
    description: "Whether durations are exposed as a classic histogram or as a native one.",
  }),
  buckets: list(requestDuration(), 1, 100).readonly().optional().meta({
    description: "Where the buckets of the classic histogram end, if not where its convention says.",
  }),
});

export const httpPreset = z.strictObject({
  ...endpoint(),
  metrics: choice(HTTP_CONVENTIONS).meta({
    description:
      "otel: http_server_request_duration_seconds with http_response_status_code. " +
      "otel-milliseconds: the older http_server_duration_milliseconds with http_status_code. " +
      "http_requests_total: that counter with the label code.",
  }),
  ...histogram(),
});

export const grpcPreset = z.strictObject({
  ...endpoint(),
  metrics: choice(GRPC_CONVENTIONS).meta({
    description:
      "grpc_prometheus: grpc_server_handled_total with grpc_code. " +
      "otel: rpc_server_call_duration_seconds with rpc_response_status_code. " +
      "otel-milliseconds: the older rpc_server_duration_milliseconds with rpc_grpc_status_code. " +
      "beyla: rpc_server_duration_seconds with rpc_grpc_status_code.",
  }),
  ...histogram(),
});
