import { GRPC_SERVERS } from "../signals/grpc.ts";
import { type HistogramForm, inUnitOf } from "../signals/histogram.ts";
import { HTTP_SERVERS } from "../signals/http.ts";
import type { RequestServer } from "../signals/request-server.ts";
import { OTEL_WORKER } from "../signals/worker.ts";
import type { Service } from "./definition.ts";

/** The server that a service is, and how its histogram is exposed. A worker serves messages. */
export interface ServedRequests {
  readonly preset: "http" | "grpc" | "worker";
  readonly server: RequestServer;
  /** The objective that its failures spend. */
  readonly succeeds: "availability" | "success";
  readonly form: HistogramForm;
  /** Where the buckets end that a threshold may lie on, in the histogram's unit; none for a native histogram. */
  readonly boundaries: readonly number[] | undefined;
}

/** What a service serves; `undefined` where nothing of it is counted by the conventions of a server. */
export function servedRequests({ http, grpc, worker }: Service): ServedRequests | undefined {
  if (http) return served("http", HTTP_SERVERS[http.metrics], http);
  if (grpc) return served("grpc", GRPC_SERVERS[grpc.metrics], grpc);
  return worker?.metrics === "otel" ? served("worker", OTEL_WORKER, worker) : undefined;
}

function served(
  preset: ServedRequests["preset"],
  server: RequestServer,
  { histogram, buckets }: NonNullable<Service["http"] | Service["grpc"] | Service["worker"]>,
): ServedRequests {
  const own = buckets?.map((length) => inUnitOf(server.durations, length)).sort((a, b) => a - b);
  return {
    preset,
    server,
    succeeds: preset === "worker" ? "success" : "availability",
    form: histogram,
    boundaries: histogram === "native" ? undefined : (own ?? server.durations.boundaries),
  };
}
