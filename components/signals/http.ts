import type { EventCount } from "./event-rate.ts";
import { equal, type Matcher, matching, metric, printSelector, type Selector, where } from "./promql.ts";

/** What a service is judged by: of all events that a counter counts, those that went wrong. */
export interface RatioSignal {
  /** Kebab-case and stable. */
  readonly id: string;
  /** What is counted, in the plural: "requests". */
  readonly unit: string;
  /** Which events count as errors, as a sentence. */
  readonly description: string;
  /** The counts of all events. */
  readonly total: EventCount;
  /** The counts of the events that went wrong. They need not exist before the first one does. */
  readonly errors: EventCount;
}

/** The series that an event adds to, in promtool's notation: one that stands in both lists counts both kinds. */
export interface ExampleSeries {
  readonly good: readonly string[];
  readonly bad: readonly string[];
  /** Those that an exporter reports from its start, at 0, as it does the buckets of a histogram. */
  readonly always?: readonly string[] | undefined;
}

/** How an HTTP server counts its requests. */
export const HTTP_CONVENTIONS = ["otel", "http_requests_total"] as const;
export type HttpConvention = (typeof HTTP_CONVENTIONS)[number];

interface Counting {
  readonly counter: string;
  readonly statusLabel: string;
}

const COUNTINGS: Readonly<Record<HttpConvention, Counting>> = {
  // OpenTelemetry's stable semantic conventions, as its SDKs export them to Prometheus.
  otel: {
    counter: "http_server_request_duration_seconds_count",
    statusLabel: "http_response_status_code",
  },
  // What Prometheus' own client libraries document.
  http_requests_total: { counter: "http_requests_total", statusLabel: "code" },
};

/** The status codes that are the server's own fault. A client's mistake spends nobody's budget. */
const SERVER_ERROR = /5../;

/** The requests that the targets with these labels served, and those that failed by the server's fault. */
export function httpAvailability(
  convention: HttpConvention,
  target: Readonly<Record<string, string>>,
): RatioSignal & { readonly total: Selector; readonly errors: Selector } {
  const { counter, statusLabel } = COUNTINGS[convention];
  const total = metric(counter, ...equal(target));
  return {
    id: "http-availability",
    unit: "requests",
    description: "Requests answered with a status of 500 or above count as errors.",
    total,
    errors: where(total, serverError(statusLabel)),
  };
}

/** What a request that goes well and one that fails are counted by, on a target with these labels. */
export function httpExamples(
  convention: HttpConvention,
  labels: Readonly<Record<string, string>>,
): ExampleSeries {
  const series = (status: number) => printSelector(httpSeries(convention, status, labels));
  return { good: [series(200)], bad: [series(503)] };
}

/** A series of the counter with its status, as an exporter would report it: what test cases feed in. */
export function httpSeries(
  convention: HttpConvention,
  status: number,
  labels: Readonly<Record<string, string>>,
): Selector {
  const { counter, statusLabel } = COUNTINGS[convention];
  return metric(counter, ...equal({ ...labels, [statusLabel]: String(status) }));
}

function serverError(statusLabel: string): Matcher {
  return matching(statusLabel, SERVER_ERROR);
}
