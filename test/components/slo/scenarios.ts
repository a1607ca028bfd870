import { readFileSync } from "node:fs";
import type { ServiceDefinition } from "../../../components/service/model.ts";
import { parseExposition } from "../../expositions/exposition.ts";

// Services of each convention: what real libraries expose of them, and what the convention does not expect.

type Kind = Pick<ServiceDefinition, "http" | "grpc" | "worker" | "batch" | "probe" | "objectives">;

const http = (metrics: NonNullable<ServiceDefinition["http"]>["metrics"]): Kind => ({
  http: { port: "http", metrics },
});
const grpc = (metrics: NonNullable<ServiceDefinition["grpc"]>["metrics"]): Kind => ({
  grpc: { port: "http", metrics },
});
const otelWorker: Kind = { worker: { port: "http", metrics: "otel" } };
const ownCounters: Kind = {
  worker: { port: "http", metrics: { total: "jobs_total", failed: "jobs_failed_total" } },
};
const queue: Kind = {
  worker: { port: "http", metrics: "otel", oldestMessage: "age_seconds" },
  objectives: { freshness: { maxAge: "15m" } },
};
const backlog: Kind = {
  worker: { port: "http", metrics: "otel", backlog: "waiting" },
  objectives: { backlog: { max: 100 } },
};
const batch: Kind = {
  batch: { port: "http", lastSuccess: "last_success" },
  objectives: { freshness: { maxAge: "26h" } },
};
const probe: Kind = {
  probe: { targets: ["https://example.com"] },
  objectives: { latency: { threshold: "2s" } },
};

/** A service of a kind, and what it exposes: samples without the labels of the target, in promtool's notation. */
export interface Scenario {
  readonly name: string;
  readonly kind: Kind;
  readonly series: readonly (readonly [sample: string, values: string])[];
}

/** From its second scrape on, a counter increases by as much in each. */
const counts = (...samples: readonly string[]) => samples.map((sample) => [sample, "0+30x70"] as const);

export const FOLDER = new URL("../../expositions/services/", import.meta.url);
export const CONVENTIONS: Readonly<Record<string, Kind>> = {
  "beyla.prom": grpc("beyla"),
  "fastapi-instrumentator.prom": http("http_requests_total"),
  "fastapi-instrumentator-ungrouped.prom": http("http_requests_total"),
  "go-grpc-middleware.prom": grpc("grpc_prometheus"),
  "messaging.prom": otelWorker,
  "opentelemetry-fastapi.prom": http("otel"),
  "opentelemetry-fastapi-milliseconds.prom": http("otel-milliseconds"),
  "otelgrpc.prom": grpc("otel"),
  "otelhttp.prom": http("otel"),
  "promhttp.prom": http("http_requests_total"),
  "py-grpc-prometheus.prom": grpc("grpc_prometheus"),
  "rpc-milliseconds.prom": grpc("otel-milliseconds"),
};

/** Everything that the library counted, again in each scrape. */
export const real: readonly Scenario[] = Object.entries(CONVENTIONS).map(([file, kind]) => {
  const { samples, valuesOf } = parseExposition(readFileSync(new URL(file, FOLDER), "utf8"));
  return {
    name: file.replace(".prom", ""),
    kind,
    series: [...samples].flatMap(([metric, labelSets]) =>
      labelSets.map((labels, index) => {
        const text = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
        return [`${metric}{${text.join(",")}}`, `0+${valuesOf(metric)[index]}x70`] as const;
      }),
    ),
  };
});

export const odd: readonly Scenario[] = [
  ...(
    [
      ["http_requests_total", "http_requests_total", "code"],
      ["otel", "http_server_request_duration_seconds_count", "http_response_status_code"],
      ["otel-milliseconds", "http_server_duration_milliseconds_count", "http_status_code"],
    ] as const
  ).flatMap(([convention, counter, label]): Scenario[] => [
    // Prometheus' client for Ruby has http_server_request_duration_seconds without a status.
    {
      name: `${convention} without a label`,
      kind: http(convention),
      series: counts(`${counter}{method="GET"}`),
    },
    {
      name: `${convention} under another label`,
      kind: http(convention),
      series: counts(`${counter}{http_status="500"}`),
    },
    ...["unknown", "0", "InternalServerError", "-1"].map((value) => ({
      name: `${convention} as ${value}`,
      kind: http(convention),
      series: counts(`${counter}{${label}="${value}"}`),
    })),
  ]),
  ...(
    [
      ["grpc_prometheus", "grpc_server_handled_total", "grpc_code", ["13", "internal", "Code(99)"]],
      [
        "otel",
        "rpc_server_call_duration_seconds_count",
        "rpc_response_status_code",
        ["13", "internal", "Internal", "CODE(99)"],
      ],
      [
        "otel-milliseconds",
        "rpc_server_duration_milliseconds_count",
        "rpc_grpc_status_code",
        ["INTERNAL", "99"],
      ],
      ["beyla", "rpc_server_duration_seconds_count", "rpc_grpc_status_code", ["Internal", "-1"]],
    ] as const
  ).flatMap(([convention, counter, label, values]): Scenario[] => [
    {
      name: `gRPC ${convention} without a label`,
      kind: grpc(convention),
      series: counts(`${counter}{grpc_type="unary"}`),
    },
    {
      name: `gRPC ${convention} under another label`,
      kind: grpc(convention),
      series: counts(`${counter}{code="INTERNAL"}`),
    },
    ...values.map((value) => ({
      name: `gRPC ${convention} as ${value}`,
      kind: grpc(convention),
      series: counts(`${counter}{${label}="${value}"}`),
    })),
  ]),
  ...[
    'outcome="failure"',
    'result="error"',
    'status="failed"',
    'state="dead"',
    'otel_status_code="ERROR"',
    'error="true"',
    'exception="TimeoutException"',
    'success="false"',
  ].map(
    (label): Scenario => ({
      name: `a worker with ${label.replaceAll('"', "")}`,
      kind: otelWorker,
      series: counts(`messaging_process_duration_seconds_count{${label}}`),
    }),
  ),
  {
    name: "a worker whose total counts successes only",
    kind: ownCounters,
    series: [["jobs_total{}", "7x70"], ...counts("jobs_failed_total{}")],
  },
  { name: "an age of -1", kind: queue, series: [["age_seconds{}", "-1x70"]] },
  { name: "an age that is not a number", kind: queue, series: [["age_seconds{}", "NaN+0x70"]] },
  { name: "a negative backlog", kind: backlog, series: [["waiting{}", "-1x70"]] },
  // 2026 in milliseconds.
  { name: "a last success in milliseconds", kind: batch, series: [["last_success{}", "1795955400000x70"]] },
  { name: "a probe of a negative duration", kind: probe, series: [["probe_duration_seconds{}", "-1x70"]] },
];

export const fine: readonly Scenario[] = [
  {
    name: "a worker with outcomes that agree",
    kind: otelWorker,
    series: counts(
      'messaging_process_duration_seconds_count{outcome="success",error="false"}',
      'messaging_process_duration_seconds_count{status="ok"}',
      'messaging_process_duration_seconds_count{outcome="failure",error_type="timeout"}',
    ),
  },
  {
    name: "a worker all of whose jobs fail",
    kind: ownCounters,
    series: counts("jobs_total{}", "jobs_failed_total{}"),
  },
  {
    // 1 of 2,000 where 2 may fail.
    name: "a few requests without a status",
    kind: http("http_requests_total"),
    series: [
      ['http_requests_total{code="200"}', "0+1999x70"],
      ['http_requests_total{code="0"}', "0+1x70"],
    ],
  },
  {
    // Ten seconds of no known status in an hour: less than may fail in six hours, and at an end before the alert would fire.
    name: "a burst without a status",
    kind: http("http_requests_total"),
    series: [
      ['http_requests_total{code="200"}', "0+1000x70"],
      ['http_requests_total{code=""}', "0x9 100x60"],
    ],
  },
  // A host whose clock is two minutes fast.
  { name: "a success that is yet to be", kind: batch, series: [["last_success{}", "120+30x70"]] },
];
