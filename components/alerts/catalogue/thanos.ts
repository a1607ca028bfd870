import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { MONITORING_SIGNALS } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  rangeOf,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import { thanos } from "../exporters.ts";
import { beyond, counting, fires, secondScrape, silent, steady, within } from "../situations.ts";

const SIDECAR = { pod: "prometheus-prometheus-0" };
const STORE = { pod: "thanos-store-0" };
const BUCKET = { bucket: "samples-prod-111122223333", operation: "get_range" };

const STORE_FAILURES: Threshold = {
  default: 0.05,
  min: 0.001,
  max: 0.9,
  unit: "share",
  comparison: "above",
  means: "share of a store gateway's operations on object storage that fail",
};
const QUERY_FAILURES: Threshold = {
  default: 0.05,
  min: 0.001,
  max: 0.9,
  unit: "share",
  comparison: "above",
  means: "share of the queries that Thanos Query fails",
};

/** Ten operations a second, of which a share fails. */
function operations(share: number, parameters: AlertParameters) {
  const { thanosStore: job } = JOBS;
  return [
    counting(thanos("thanos_objstore_bucket_operations_total", job, BUCKET), 10, parameters),
    counting(thanos("thanos_objstore_bucket_operation_failures_total", job, BUCKET), 10 * share, parameters),
  ];
}

/** Ten queries a second, of which a share fails. */
function queries(share: number, parameters: AlertParameters) {
  const asked = (code: string) =>
    thanos("http_requests_total", JOBS.thanosQuery, {
      code,
      handler: "query_range",
      method: "post",
      tenant: "default-tenant",
    });
  return [
    counting(asked("200"), 10 * (1 - share), parameters),
    counting(asked("422"), 10 * share, parameters),
  ];
}

/**
 * Alerts about Thanos. None of them pages: Prometheus stores all samples itself for its retention, and evaluates alerts on them. Thanos
 * Ruler asks the servers past Thanos Query and the bucket.
 */
export const THANOS_ALERTS: readonly AlertDefinition[] = [
  {
    name: "ThanosUploadFailing",
    summary: "Uploads of blocks of {{ $labels.pod }} to object storage fail",
    description: ({ for: held }) =>
      `The sidecar of {{ $labels.pod }} has failed to upload blocks to object storage for at least ${held}.`,
    impact:
      "Object storage lacks the newest blocks. A block that is not uploaded within the retention of Prometheus is lost.",
    expr: (parameters) => `${MONITORING_SIGNALS.thanosUploadFailures.query(rangeOf(parameters, "5m"))} > 0`,
    for: "30m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: MONITORING_SIGNALS.thanosUploadFailures,
    jobs: [JOBS.thanosSidecar],
    needs: "thanos",
    cases: [
      fires("every attempt fails", (parameters) => ({
        series: [
          counting(thanos("thanos_shipper_dir_sync_failures_total", JOBS.thanosSidecar), 1, parameters),
        ],
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: SIDECAR }],
      })),
      silent("no attempt has failed for a long time", () => ({
        series: [steady(thanos("thanos_shipper_dir_sync_failures_total", JOBS.thanosSidecar), 7)],
      })),
    ],
  },
  {
    name: "ThanosCompactorHalted",
    summary: "The compactor of Thanos is halted",
    description: ({ for: held }) =>
      `{{ $labels.pod }} has been halted for at least ${held}. It found blocks that it cannot merge, and its log names them.`,
    impact:
      "Blocks are neither merged nor made coarser, and none is deleted at the end of its retention. Queries of long ranges slow down, and the bucket grows.",
    expr: () => `${MONITORING_SIGNALS.thanosCompactorHalted.query("")} == 1`,
    for: "5m",
    severity: "warning",
    signal: MONITORING_SIGNALS.thanosCompactorHalted,
    jobs: [JOBS.thanosCompactor],
    needs: "thanos",
    cases: [
      fires("the compactor is halted", () => ({
        series: [steady(thanos("thanos_compact_halted", JOBS.thanosCompactor), 1)],
        alerts: [{ labels: { pod: "thanos-compactor-0" } }],
      })),
      silent("the compactor runs", () => ({
        series: [steady(thanos("thanos_compact_halted", JOBS.thanosCompactor), 0)],
      })),
    ],
  },
  {
    name: "ThanosStoreFailing",
    summary: "Store gateway {{ $labels.pod }} fails to read object storage",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the operations of {{ $labels.pod }} on object storage fail. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact:
      "Queries that reach back further than the last hours fail. Alerts are not affected: neither Prometheus nor Thanos Ruler reads object storage for them.",
    expr: (parameters) =>
      `${MONITORING_SIGNALS.thanosStoreFailures.query(rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: STORE_FAILURES,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: MONITORING_SIGNALS.thanosStoreFailures,
    jobs: [JOBS.thanosStore],
    needs: "thanos",
    cases: [
      fires("more operations fail than the limit", (parameters) => ({
        series: operations(beyond(STORE_FAILURES, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: STORE, value: percent(beyond(STORE_FAILURES, parameters)) }],
      })),
      silent("slightly fewer operations fail than the limit", (parameters) => ({
        series: operations(within(STORE_FAILURES, parameters), parameters),
      })),
    ],
  },
  {
    name: "ThanosQueryFailing",
    summary: "Thanos Query fails to answer queries",
    description: ({ threshold, for: held }) =>
      `Thanos Query fails {{ $value | humanizePercentage }} of the queries. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact:
      "Dashboards show errors in place of graphs. Alerts are not affected: neither Prometheus nor Thanos Ruler asks it.",
    expr: (parameters) =>
      `${MONITORING_SIGNALS.thanosQueryFailures.query(rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: QUERY_FAILURES,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "warning",
    signal: MONITORING_SIGNALS.thanosQueryFailures,
    jobs: [JOBS.thanosQuery],
    needs: "thanos",
    cases: [
      fires("more queries fail than the limit", (parameters) => ({
        series: queries(beyond(QUERY_FAILURES, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: {}, value: percent(beyond(QUERY_FAILURES, parameters)) }],
      })),
      silent("slightly fewer queries fail than the limit", (parameters) => ({
        series: queries(within(QUERY_FAILURES, parameters), parameters),
      })),
    ],
  },
];
