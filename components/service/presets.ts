import { z } from "zod";
import { choice, durationBetween, list, text } from "../core/schema.ts";
import { JOB_LIBRARIES, type JobLibrary } from "../signals/conventions/index.ts";
import { GRPC_CONVENTIONS } from "../signals/grpc.ts";
import { HISTOGRAM_FORMS } from "../signals/histogram.ts";
import { HTTP_CONVENTIONS } from "../signals/http.ts";

// What a service can be, and what its definition has to say of it. What each of them is measured by stands in measures.ts.

/** How long a request or a bucket may be: what a bucket's label can hold exactly, in seconds as in milliseconds. */
export const requestDuration = () => durationBetween("1ms", "15m");

export const portName = () =>
  text(
    /^(?=.*[a-z])[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?$/,
    "the name, not the number, of a port of the Kubernetes Service, at most 15 characters",
  );

export const metricsPath = () => text(/^\/[\w./~-]{0,200}$/, "an absolute path such as /metrics");

/** Where metrics are scraped. */
const endpoint = () => ({
  port: portName().optional().meta({
    description:
      "Name of the port of the Kubernetes Service that exports the metrics. Required, unless scrape says where they are.",
    // A new definition says it here.
    asked: true,
  }),
  path: metricsPath().default("/metrics").meta({ description: "HTTP path of the metrics." }),
});

/** How durations are exposed, for objectives of latency. */
const histogram = () => ({
  histogram: choice(HISTOGRAM_FORMS).default("classic").meta({
    description: "Type of the histogram of durations.",
  }),
  buckets: list(requestDuration(), 1, 100).readonly().optional().meta({
    description: "Upper bounds of the buckets of the classic histogram. Default: those of its convention.",
  }),
});

export const httpPreset = z.strictObject({
  ...endpoint(),
  metrics: choice(HTTP_CONVENTIONS).meta({
    description:
      "otel: http_server_request_duration_seconds with http_response_status_code. " +
      "otel-milliseconds: the older http_server_duration_milliseconds with http_status_code. " +
      "http_requests_total: that counter with the label code. " +
      "The others are libraries: docs/conventions.md has what each of them counts.",
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
      "beyla: rpc_server_duration_seconds with rpc_grpc_status_code. " +
      "The others are libraries: docs/conventions.md has what each of them counts.",
  }),
  ...histogram(),
});

const metricName = (kind: string) =>
  text(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$/, `the name of a ${kind}, without labels`);

const WORKER_CONVENTIONS = ["otel", ...Object.keys(JOB_LIBRARIES)] as ["otel", ...JobLibrary[]];

export const workerPreset = z.strictObject({
  ...endpoint(),
  metrics: z
    .union(
      [
        choice(WORKER_CONVENTIONS),
        z.strictObject({
          total: metricName("counter").meta({ description: "Counter of all finished messages or jobs." }),
          failed: metricName("counter").meta({ description: "Counter of the failed ones." }),
        }),
      ],
      {
        error: `one of ${WORKER_CONVENTIONS.join(", ")}, or a map of total and failed with the names of two counters`,
      },
    )
    .meta({
      description:
        "otel: messaging_process_duration_seconds, with the label error_type on failed messages. " +
        "The others are libraries and exporters: docs/conventions.md has what each of them counts. " +
        "Or the names of two counters of the worker.",
    }),
  ...histogram(),
  oldestMessage: metricName("gauge").optional().meta({
    description:
      "Gauge of the worker: age of the oldest waiting message in seconds. Default: that of its library.",
  }),
  backlog: metricName("gauge").optional().meta({
    description: "Gauge of the worker: number of waiting messages, or its lag. Default: that of its library.",
  }),
});

export const batchPreset = z.union(
  [
    z.strictObject({
      cronJob: text(
        /^[a-z0-9](?:[a-z0-9.-]{0,50}[a-z0-9])?$/,
        "the name of a CronJob: at most 52 lower-case letters, digits, hyphens and dots",
      ).meta({
        description:
          "Name of a CronJob in the service's namespace. kube-state-metrics exports its last success; the job needs no metrics.",
      }),
    }),
    z.strictObject({
      ...endpoint(),
      lastSuccess: metricName("gauge").meta({
        description:
          "Gauge with the Unix time of the last success, in seconds. It must still be exported after the job ends.",
      }),
    }),
  ],
  { error: "a map of cronJob, or of port and lastSuccess" },
);

/** How a target is probed: the modules of the platform's blackbox_exporter, and what their targets look like. */
export const PROBE_TARGETS = {
  https_2xx: { pattern: /^https:\/\/[^\s/@]+(?:\/\S*)?$/, form: "an https URL without credentials" },
  http_2xx: { pattern: /^https?:\/\/[^\s/@]+(?:\/\S*)?$/, form: "an http or https URL without credentials" },
  tcp_connect: { pattern: /^[^\s/@:]+:\d{1,5}$/, form: "a host and a port, such as db.example.com:5432" },
  tls_connect: { pattern: /^[^\s/@:]+:\d{1,5}$/, form: "a host and a port, such as db.example.com:5432" },
  grpc_plain: { pattern: /^[^\s/@:]+:\d{1,5}$/, form: "a host and a port, such as api.shop.svc:9090" },
} as const;
export type ProbeModuleName = keyof typeof PROBE_TARGETS;

export const probePreset = z.strictObject({
  targets: list(text(/^\S{3,300}$/, "an address of 3 to 300 characters without blanks"), 1, 50)
    .readonly()
    .meta({ description: "URLs or addresses to probe from inside the cluster." }),
  module: choice(Object.keys(PROBE_TARGETS) as [ProbeModuleName, ...ProbeModuleName[]])
    .default("https_2xx")
    .meta({
      description:
        "Kind of probe: HTTP status 2xx over https or http, a TCP or TLS connection, or a gRPC health check.",
    }),
});
