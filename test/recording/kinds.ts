import { defineService, type Service, type ServiceDefinition } from "../../components/service/model.ts";
import { NAMESPACE } from "./incident.ts";

// One service of each kind, each with the objectives that change what its dashboard shows. Each is recorded as if the incident were its
// own, for the dashboards of services that nobody here runs.

type Kind = Pick<ServiceDefinition, "http" | "grpc" | "worker" | "batch" | "probe" | "objectives">;

const port = "http";
const latency = { threshold: "250ms" } as const;
const freshness = { maxAge: "15m" } as const;
const backlog = { max: 1000 } as const;
const queue = { oldestMessage: "queue_oldest_message_age_seconds", backlog: "queue_lag" } as const;
const counters = { total: "jobs_total", failed: "jobs_failed_total" } as const;
const targets = ["https://example.com/", "https://example.com/help"];

const KINDS: Readonly<Record<string, Kind>> = {
  "http-requests-total": { http: { port, metrics: "http_requests_total" } },
  "http-requests-total-latency": { http: { port, metrics: "http_requests_total" }, objectives: { latency } },
  "http-otel": { http: { port, metrics: "otel" } },
  "http-otel-latency": { http: { port, metrics: "otel" }, objectives: { latency } },
  "http-milliseconds": { http: { port, metrics: "otel-milliseconds" } },
  "http-milliseconds-latency": { http: { port, metrics: "otel-milliseconds" }, objectives: { latency } },
  "grpc-prometheus": { grpc: { port, metrics: "grpc_prometheus" } },
  "grpc-prometheus-latency": { grpc: { port, metrics: "grpc_prometheus" }, objectives: { latency } },
  "grpc-otel": { grpc: { port, metrics: "otel" } },
  "grpc-otel-latency": { grpc: { port, metrics: "otel" }, objectives: { latency } },
  "grpc-beyla": { grpc: { port, metrics: "beyla" } },
  "grpc-beyla-latency": { grpc: { port, metrics: "beyla" }, objectives: { latency } },
  "worker-otel": { worker: { port, metrics: "otel" } },
  "worker-otel-freshness": { worker: { port, metrics: "otel", ...queue }, objectives: { freshness } },
  "worker-otel-backlog": { worker: { port, metrics: "otel", ...queue }, objectives: { backlog } },
  "worker-otel-queue": { worker: { port, metrics: "otel", ...queue }, objectives: { freshness, backlog } },
  "worker-jobs": { worker: { port, metrics: counters } },
  "worker-jobs-queue": { worker: { port, metrics: counters, ...queue }, objectives: { freshness, backlog } },
  batch: { batch: { cronJob: "kind-batch" }, objectives: { freshness: { maxAge: "26h" } } },
  probe: { probe: { targets } },
  "probe-latency": { probe: { targets }, objectives: { latency: { threshold: "1s" } } },
};

/** A service of each kind. */
export const KINDS_OF_SERVICES: readonly Service[] = Object.entries(KINDS).map(([name, kind]) =>
  defineService({
    name: `kind-${name}`,
    owner: NAMESPACE,
    tier: "critical",
    description: "A service of this kind, for the recording",
    namespace: NAMESPACE,
    ...kind,
  }),
);
