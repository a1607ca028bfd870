import { signalsOf } from "./platform-signal.ts";
import { THANOS_COMPACTOR, THANOS_QUERY, THANOS_SIDECAR, THANOS_STORE } from "./selectors.ts";

/** Thanos: blocks of samples in object storage. Only with a store of kind thanos. */
export const THANOS_SIGNALS = signalsOf("prometheus", {
  thanosUploadFailures: {
    id: "thanos-upload-failures",
    row: "Thanos",
    title: "Failed attempts to upload blocks",
    unit: "short",
    // thanos_shipper_upload_failures_total stays 0 while object storage is away (tested with Thanos 0.42).
    description:
      "Attempts of a sidecar to upload what is new that failed, as a number in the range. It tries every 30 seconds until it succeeds or Prometheus deletes the block.",
    legend: "{{pod}}",
    query: (range) =>
      `sum by (pod) (increase(thanos_shipper_dir_sync_failures_total{${THANOS_SIDECAR}}[${range}]))`,
    threshold: 0,
  },
  thanosCompactorHalted: {
    id: "thanos-compactor-halted",
    row: "Thanos",
    title: "Compactor is halted",
    unit: "short",
    description:
      "1 while the compactor is halted: it found blocks that it cannot merge, and does nothing more until it is restarted.",
    legend: "{{pod}}",
    query: () => `max by (pod) (thanos_compact_halted{${THANOS_COMPACTOR}})`,
    threshold: 1,
  },
  thanosStoreFailures: {
    id: "thanos-store-failures",
    row: "Thanos",
    title: "Failed operations of store gateways",
    unit: "percentunit",
    description: "Share of a store gateway's operations on object storage that failed.",
    legend: "{{pod}}",
    query: (range) =>
      `sum by (pod) (rate(thanos_objstore_bucket_operation_failures_total{${THANOS_STORE}}[${range}]))` +
      ` / (sum by (pod) (rate(thanos_objstore_bucket_operations_total{${THANOS_STORE}}[${range}])) > 0)`,
    threshold: 0.05,
  },
  thanosQueryFailures: {
    id: "thanos-query-failures",
    row: "Thanos",
    title: "Failed queries of Thanos",
    unit: "percentunit",
    description:
      "Share of the queries that Thanos Query answered with 422 or a 5xx. It answers 422 when a server or a store gateway that has samples for the query does not answer, and to queries that cannot be evaluated.",
    legend: "failed",
    query: (range) =>
      `(sum(rate(http_requests_total{${THANOS_QUERY}, handler=~"query|query_range", code=~"422|5.."}[${range}])) or vector(0))` +
      ` / (sum(rate(http_requests_total{${THANOS_QUERY}, handler=~"query|query_range"}[${range}])) > 0)`,
    threshold: 0.05,
  },
});
