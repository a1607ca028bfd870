import { jobConvention } from "../signals/conventions/index.ts";
import { GRPC_SERVERS } from "../signals/grpc.ts";
import { type HistogramForm, inUnitOf } from "../signals/histogram.ts";
import { HTTP_SERVERS } from "../signals/http.ts";
import type { Gauge, JobServer } from "../signals/job-server.ts";
import { isTimed, type RequestServer, type TimedServer } from "../signals/request-server.ts";
import { OTEL_WORKER } from "../signals/worker.ts";
import type { Service } from "./definition.ts";

/** The server that a service is, and how its histogram is exposed. A worker serves messages or jobs. */
export interface ServedRequests {
  readonly preset: "http" | "grpc" | "worker";
  readonly server: RequestServer | JobServer;
  /** The objective that its failures spend. */
  readonly succeeds: "availability" | "success";
  readonly form: HistogramForm;
  /** The server, if a latency can be measured of it. */
  readonly timed: TimedServer | undefined;
  /** Where the buckets end that a threshold may lie on, in the histogram's unit; none for a native histogram. */
  readonly boundaries: readonly number[] | undefined;
}

/** What a service serves; `undefined` where nothing of it is counted by the conventions of a server. */
export function servedRequests(service: Service): ServedRequests | undefined {
  const scraped = scrapedRequests(service);
  if (scraped?.timed === undefined || service.scrape?.kind !== "push") return scraped;
  const { timed } = scraped;
  const pushed = { ...timed, durations: { ...timed.durations, pushed: true as const } };
  return { ...scraped, server: pushed as typeof scraped.server, timed: pushed as typeof timed };
}

function scrapedRequests({ http, grpc, worker }: Service): ServedRequests | undefined {
  if (http) return served("http", HTTP_SERVERS[http.metrics], http);
  if (grpc) return served("grpc", GRPC_SERVERS[grpc.metrics], grpc);
  const server = worker?.metrics === "otel" ? OTEL_WORKER : jobConvention(worker?.metrics)?.server;
  return worker && server && served("worker", server, worker);
}

function served(
  preset: ServedRequests["preset"],
  server: RequestServer | JobServer,
  { histogram, buckets }: NonNullable<Service["http"] | Service["grpc"] | Service["worker"]>,
): ServedRequests {
  const timed = isTimed(server) ? server : undefined;
  const own = timed && buckets?.map((length) => inUnitOf(timed.durations, length)).sort((a, b) => a - b);
  return {
    preset,
    server,
    succeeds: preset === "worker" ? "success" : "availability",
    form: histogram,
    timed,
    boundaries: histogram === "native" ? undefined : (own ?? timed?.durations.boundaries),
  };
}

/** The gauges of a worker's queue: those that it names, or those of its library. */
export function queueGauges({ worker }: Pick<Service, "worker">): {
  readonly backlog?: Gauge | undefined;
  readonly oldestMessage?: Gauge | undefined;
} {
  const { backlog, oldestMessage, metrics } = worker ?? {};
  const library = jobConvention(metrics);
  return {
    backlog: backlog === undefined ? library?.backlog : { metric: backlog },
    oldestMessage: oldestMessage === undefined ? library?.oldestMessage : { metric: oldestMessage },
  };
}
