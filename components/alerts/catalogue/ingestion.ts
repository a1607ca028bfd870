import type { Duration } from "../../core/duration.ts";
import { JOBS } from "../../signals/jobs.ts";
import { MONITORING_SIGNALS } from "../../signals/platform.ts";
import { type AlertCase, type AlertDefinition, rangeOf } from "../definition.ts";
import { prometheus } from "../exporters.ts";
import {
  atScrape,
  counting,
  dueScrape,
  fires,
  forgets,
  secondScrape,
  silent,
  staged,
  steady,
} from "../situations.ts";

const POD = { pod: "prometheus-prometheus-0" };

/** Counters that do not increase. */
function still(metrics: readonly string[]) {
  return metrics.map((metric) => steady(prometheus(metric), 7));
}

/** A case for each of the counters: only it increases until the alert is due, and then stops, so that its increase leaves `range`. */
function growing(metrics: readonly string[], range: Duration): AlertCase[] {
  return metrics.map((metric) =>
    fires(`${metric} increases`, (parameters) => {
      const due = dueScrape(parameters);
      const stages = [
        { seconds: atScrape(due, parameters), perSecond: 1 },
        { seconds: 0, perSecond: 0 },
      ] as const;
      return {
        series: [
          staged(prometheus(metric), stages, parameters),
          ...still(metrics.filter((other) => other !== metric)),
        ],
        holdsFrom: secondScrape(parameters),
        stops: forgets(due, rangeOf(parameters, range), parameters),
        alerts: [{ labels: POD }],
      };
    }),
  );
}

const SCRAPES_REJECTED = [
  "prometheus_target_scrapes_exceeded_sample_limit_total",
  "prometheus_target_scrapes_exceeded_body_size_limit_total",
  "prometheus_target_scrape_pool_exceeded_target_limit_total",
  "prometheus_target_scrape_pool_exceeded_label_limits_total",
];
const SAMPLES_REJECTED = [
  "prometheus_target_scrapes_sample_duplicate_timestamp_total",
  "prometheus_target_scrapes_sample_out_of_order_total",
  "prometheus_target_scrapes_sample_out_of_bounds_total",
];
const DATABASE_FAILURES = [
  "prometheus_tsdb_compactions_failed_total",
  "prometheus_tsdb_reloads_failures_total",
  "prometheus_tsdb_wal_corruptions_total",
  "prometheus_tsdb_head_truncations_failed_total",
];

/** Alerts about scraping and the storage of Prometheus. */
export const INGESTION_ALERTS: readonly AlertDefinition[] = [
  {
    name: "PrometheusNotIngestingSamples",
    summary: "Prometheus {{ $labels.pod }} does not store any samples",
    description: ({ for: held }) => `{{ $labels.pod }} has stored no samples for at least ${held}.`,
    impact:
      "Alerts of this replica cannot fire. If the other replica stores samples, only redundancy is lost; if not, no alert can fire.",
    expr: (parameters) => `${MONITORING_SIGNALS.samplesIngested.query(rangeOf(parameters, "5m"))} <= 0`,
    for: "10m",
    lookback: { range: "5m", samples: 2 },
    severity: "critical",
    signal: MONITORING_SIGNALS.samplesIngested,
    jobs: [JOBS.prometheus],
    cases: [
      fires("the number of stored samples does not increase", (parameters) => ({
        series: ["float", "histogram"].map((type) =>
          steady(prometheus("prometheus_tsdb_head_samples_appended_total", { type }), 1_000_000),
        ),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: POD }],
      })),
      silent("float samples are stored, and no histogram samples", (parameters) => ({
        series: [
          counting(
            prometheus("prometheus_tsdb_head_samples_appended_total", { type: "float" }),
            1,
            parameters,
          ),
          steady(prometheus("prometheus_tsdb_head_samples_appended_total", { type: "histogram" }), 0),
        ],
      })),
    ],
  },
  {
    name: "PrometheusScrapesRejected",
    summary: "Prometheus {{ $labels.pod }} rejects complete scrapes",
    description: ({ for: held }) =>
      `For at least ${held}, {{ $labels.pod }} has discarded scrapes of targets that exceed a limit of their monitor.`,
    impact: "All metrics of these targets are lost, and alerts about them cannot fire.",
    expr: (parameters) => `${MONITORING_SIGNALS.scrapesRejected.query(rangeOf(parameters, "5m"))} > 0`,
    for: "15m",
    severity: "warning",
    signal: MONITORING_SIGNALS.scrapesRejected,
    jobs: [JOBS.prometheus],
    cases: [
      ...growing(SCRAPES_REJECTED, "5m"),
      silent("no scrape is rejected", (parameters) => ({
        series: still(SCRAPES_REJECTED),
        holdsFrom: secondScrape(parameters),
      })),
    ],
  },
  {
    name: "PrometheusSamplesRejected",
    summary: "Prometheus {{ $labels.pod }} rejects samples",
    description: ({ for: held }) =>
      `For at least ${held}, {{ $labels.pod }} has dropped samples with a timestamp that is a duplicate, out of order or out of bounds.`,
    impact: "Some series have gaps. The usual cause is two targets with the same labels.",
    expr: (parameters) => `${MONITORING_SIGNALS.samplesRejected.query(rangeOf(parameters, "5m"))} > 0`,
    for: "1h",
    severity: "warning",
    signal: MONITORING_SIGNALS.samplesRejected,
    jobs: [JOBS.prometheus],
    cases: [
      ...growing(SAMPLES_REJECTED, "5m"),
      silent("no sample is rejected", (parameters) => ({
        series: still(SAMPLES_REJECTED),
        holdsFrom: secondScrape(parameters),
      })),
    ],
  },
  {
    name: "PrometheusTSDBFailing",
    summary: "The TSDB of Prometheus {{ $labels.pod }} reports failures",
    description: ({ for: held }) =>
      `Compactions, block reloads or the write-ahead log (WAL) of {{ $labels.pod }} failed within the last 3 hours. This has been true for at least ${held}.`,
    impact: "The WAL grows until the volume is full, and samples may be lost at the next restart.",
    expr: (parameters) => `${MONITORING_SIGNALS.tsdbFailures.query(rangeOf(parameters, "3h"))} > 0`,
    for: "1h",
    severity: "warning",
    signal: MONITORING_SIGNALS.tsdbFailures,
    jobs: [JOBS.prometheus],
    cases: [
      ...growing(DATABASE_FAILURES, "3h"),
      silent("no operation has failed", (parameters) => ({
        series: still(DATABASE_FAILURES),
        holdsFrom: secondScrape(parameters),
      })),
    ],
  },
];
