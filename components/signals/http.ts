import { HTTP_LIBRARIES, serversOf } from "./conventions/index.ts";
import type { Counters } from "./counters.ts";
import { type HistogramForm, OTEL_MILLISECONDS, OTEL_SECONDS, PROMETHEUS_SECONDS } from "./histogram.ts";
import { HTTP } from "./http-statuses.ts";
import { equal, metric, type Selector } from "./promql.ts";
import type { ExampleSeries, RatioSignal } from "./ratio.ts";
import { availability, availabilityExamples, type RequestServer } from "./request-server.ts";

export type { ExampleSeries, RatioSignal } from "./ratio.ts";

/** The conventions for metrics of HTTP servers: three that many programs share, and those of libraries. */
export type HttpConvention = keyof typeof SHARED | keyof typeof HTTP_LIBRARIES;

const SHARED = {
  // OpenTelemetry's stable semantic conventions, as its SDKs export them to Prometheus. Beyla uses the same names.
  otel: {
    ...HTTP,
    counter: "http_server_request_duration_seconds_count",
    statusLabel: "http_response_status_code",
    durations: {
      metric: "http_server_request_duration_seconds",
      unit: "seconds",
      boundaries: OTEL_SECONDS,
      byStatus: true,
    },
  },
  // The conventions before 1.21, which SDKs export unless OTEL_SEMCONV_STABILITY_OPT_IN is set.
  "otel-milliseconds": {
    ...HTTP,
    counter: "http_server_duration_milliseconds_count",
    statusLabel: "http_status_code",
    durations: {
      metric: "http_server_duration_milliseconds",
      unit: "milliseconds",
      boundaries: OTEL_MILLISECONDS,
      byStatus: true,
    },
  },
  // The convention of the Prometheus client libraries. A histogram without the label `code` is read as one with an empty code. Others use
  // the same name with `status`, as prometheus-fastapi-instrumentator does, or `status_code`. Three digits in either mean nothing else.
  http_requests_total: {
    ...HTTP,
    counter: "http_requests_total",
    statusLabel: "code",
    otherStatusLabels: ["status", "status_code"],
    durations: {
      metric: "http_request_duration_seconds",
      unit: "seconds",
      boundaries: PROMETHEUS_SECONDS,
      byStatus: true,
    },
  },
} as const satisfies Readonly<Record<string, RequestServer>>;

export const HTTP_SERVERS = {
  ...SHARED,
  ...serversOf(HTTP_LIBRARIES),
} as Readonly<Record<HttpConvention, RequestServer>>;

export const HTTP_CONVENTIONS = Object.keys(HTTP_SERVERS) as [HttpConvention, ...HttpConvention[]];

/** The requests to the targets with these labels, and those with a server error. */
export function httpAvailability(
  convention: HttpConvention,
  target: Readonly<Record<string, string>>,
): RatioSignal & { readonly total: Selector; readonly errors: Counters } {
  const signal = availability(HTTP_SERVERS[convention], target, "classic");
  return signal as typeof signal & { readonly total: Selector; readonly errors: Counters };
}

/** The series of a successful and of a failed request, on a target with these labels. */
export function httpExamples(
  convention: HttpConvention,
  labels: Readonly<Record<string, string>>,
  form: HistogramForm = "classic",
): ExampleSeries {
  return availabilityExamples(HTTP_SERVERS[convention], labels, form);
}

/** A series of the counter with a status, as an exporter reports it: input of test cases. */
export function httpSeries(
  convention: HttpConvention,
  status: number,
  labels: Readonly<Record<string, string>>,
): Selector {
  const { counter, statusLabel } = HTTP_SERVERS[convention];
  return metric(counter, ...equal({ ...labels, [statusLabel]: String(status) }));
}
