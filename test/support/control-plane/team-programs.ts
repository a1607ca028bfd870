import type { Fault, Scraped } from "./fault.ts";
import { GRPC_DURATION, histogramFamily, PROTOBUF } from "./native-histogram.ts";

// The programs of the team `shop` that stacks/services defines, as far as their objectives look at them.

/** Requests a second of one pod of the storefront, calls a second of pricing, messages a second of invoices. */
export const REQUESTS = 100;

/** Seconds that a call to pricing takes, within its objective and beyond it. */
export const CALL = { fast: 0.02, slow: 0.2 } as const;

/** Series and their values. */
export type Samples = readonly (readonly [series: string, value: number])[];

/** For how long there has been anything, and for how long of that a fault, in whole milliseconds. */
export interface Lengths {
  readonly all: number;
  readonly of: (fault: Fault) => number;
}

/**
 * What a counter counts in whole milliseconds. It must never fall, not by one for the sake of rounding: Prometheus would take that for a
 * restart, count everything anew, and in so many requests no outage would be seen. Hence no fractions before this.
 */
export function requestsIn(milliseconds: number): number {
  return Math.floor((REQUESTS * milliseconds) / 1000);
}

/** A gRPC server's native histogram, which only Prometheus' protobuf exposition can carry. */
export function pricing({ all, of }: Lengths): Scraped {
  const failed = of("pricing fails every call");
  const slow = of("pricing is slow");
  const body = histogramFamily(GRPC_DURATION, [
    {
      labels: { rpc_response_status_code: "OK" },
      observations: [
        [CALL.fast, requestsIn(all - failed - slow)],
        [CALL.slow, requestsIn(slow)],
      ],
    },
    { labels: { rpc_response_status_code: "UNAVAILABLE" }, observations: [[CALL.fast, requestsIn(failed)]] },
  ]);
  return { contentType: PROTOBUF, body };
}

/** What another service of a team exposes, by the name of its pod. */
export function teamSeries(pod: string, { all, of }: Lengths, has: (fault: Fault) => boolean): Samples {
  if (!pod.startsWith("invoices-")) return [["process_start_time_seconds", 1]];
  const failed = of("invoices cannot be written");
  return [
    ["messaging_process_duration_seconds_count", requestsIn(all - failed)],
    ['messaging_process_duration_seconds_count{error_type="timeout"}', requestsIn(failed)],
    ["queue_oldest_message_age_seconds", has("invoices pile up") ? 3600 : 5],
  ];
}
