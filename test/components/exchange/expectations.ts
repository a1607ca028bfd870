/** What a file of the folder files/ comes to. */
export interface Expectation {
  /** Service, objective, percent, period and the form that its events are told in. */
  readonly objectives: readonly string[];
  /** Path and kind of everything that is lost. Checked by reading the file, and not only the output. */
  readonly lost: readonly string[];
}
export const SLOTH: Readonly<Record<string, Expectation>> = {
  "availability.yaml": { objectives: ["checkout/availability 99.9 30d errors"], lost: [] },
  "broken-queries.yaml": {
    objectives: ["reports/fine 99 30d errors"],
    lost: [
      "slos[0].sli.events.error_query query",
      "slos[1].sli.events.error_query query",
      "slos[1].sli.events.total_query query",
      "slos[2].sli.events.error_query query",
    ],
  },
  "grouped.yaml": {
    objectives: ["api/per-tenant 99.5 30d errors"],
    lost: [
      "slos[0].labels.tenant_aware label",
      "slos[0].infoLabels.tier label",
      "slos[0].sli.events.error_query grouped-series",
      "slos[0].sli.events.total_query grouped-series",
      "slos[0].alerting.name alert-name",
    ],
  },
  "latency-histogram.yaml": {
    objectives: ["search/latency 99 30d errors"],
    lost: [
      "labels.cluster label",
      "labels.cost_centre label",
      "slos[0].alerting.name alert-name",
      "slos[0].alerting.labels.category alert-label",
      "slos[0].alerting.annotations.runbook alert-annotation",
      "slos[0].alerting.page_alert.labels.severity alert-label",
      "slos[0].alerting.page_alert.labels.pagerduty alert-label",
      "slos[0].alerting.page_alert.annotations.summary alert-annotation",
      "slos[0].alerting.ticket_alert.disable alert-disabled",
    ],
  },
  "names.yaml": {
    objectives: [
      "payment-service-v2/card-payments 99.9 30d errors",
      "payment-service-v2/card-payments-2 99.8 30d errors",
    ],
    lost: [
      "service name-changed",
      "labels.team name-changed",
      "slos[0].name name-changed",
      "slos[1].name name-changed",
    ],
  },
  "objectives.yaml": {
    objectives: ["edge-cases/exact 99.9995 30d errors"],
    lost: ["slos[0].objective objective", "slos[1].objective objective", "slos[2].objective objective"],
  },
  "plugin.yaml": {
    objectives: ["gateway/accepted 99 30d errors"],
    lost: [
      "slo_plugins slo-plugin",
      "slos[0].sli.plugin plugin",
      "slos[0].alerting.name alert-name",
      "slos[0].alerting.page_alert.for alert-duration",
      "slos[1].alerting.page_alert.disable alert-disabled",
      "slos[1].alerting.ticket_alert.disable alert-disabled",
    ],
  },
  "raw-probe.yaml": {
    objectives: ["status-page/reachable 99.9 30d errorRatio"],
    lost: ["slos[0].sli.raw.error_ratio_query grouped-series", "slos[0].alerting.name alert-name"],
  },
  "raw-quotient.yaml": {
    objectives: ["ledger/postings 99.95 30d errors", "ledger/exports 99.5 30d good"],
    lost: [],
  },
  "two-documents.yaml": {
    objectives: ["mailer/delivered 99.5 30d errors", "mailer/queued 99 30d errors"],
    lost: [
      "[0].slos[0].interval.all rule-interval",
      "[0].slos[0].alerting.name alert-name",
      "[1].labels.team second-owner",
      "[1].slos[0].desciption unknown-field",
    ],
  },
};

export const OPENSLO: Readonly<Record<string, Expectation>> = {
  "by-reference.yaml": {
    objectives: ["courier/delivery 99 30d good"],
    lost: [
      "[0].spec.alertPolicies[0] alert-policy",
      "[2].spec.connectionDetails connection",
      "[3] alert-policy",
      "[4] alert-condition",
      "[5] notification-target",
      "[6].metadata.displayName display-name",
    ],
  },
  "calendar.yaml": {
    objectives: ["invoicing/invoices 99.5 30d errors"],
    lost: [
      "spec.indicator.spec.ratioMetric.bad.metricSource.spec.query fixed-range",
      "spec.indicator.spec.ratioMetric.bad.metricSource.spec.step source-field",
      "spec.indicator.spec.ratioMetric.total.metricSource.spec.query fixed-range",
      "spec.timeWindow[0] calendar-window",
    ],
  },
  "composite.yaml": {
    objectives: ["booking/bookings 99.9 30d errors"],
    lost: [
      "[0].spec.objectives[0] composite",
      "[0].spec.objectives[1] composite",
      "[2].spec.priority unknown-field",
      "[2].spec.indicator.spec.ratioMetric.bad.metricSource.spec.query grouped-series",
    ],
  },
  "other-sources.yaml": {
    objectives: ["banner/clicks 99 30d errors"],
    lost: [
      "[0] foreign-source",
      "[1].spec.indicator.spec.ratioMetric.good.metricSource foreign-source",
      "[1].spec.indicator.spec.ratioMetric.total.metricSource foreign-source",
      "[2] unused-indicator",
    ],
  },
  "ratio-bad-total.yaml": {
    objectives: ["media-store/uploads 99.5 28d errors"],
    lost: [
      "metadata.displayName display-name",
      "metadata.labels.area label",
      'metadata.annotations["example.com/ticket"] annotation',
      "spec.indicator.metadata.displayName display-name",
      "spec.indicator.spec.description description",
      "spec.objectives[0].displayName display-name",
    ],
  },
  "ratio-good-total.yaml": { objectives: ["checkout/orders 99.95 28d good"], lost: [] },
  "raw.yaml": {
    objectives: [
      "sync/synced 99.5 90d errorRatio",
      "sync/conflicts 99 90d errorRatio",
      "sync/pushed 99 30d good",
    ],
    lost: [
      "[0].spec.indicator.spec.ratioMetric.raw.metricSource.spec.query grouped-series",
      "[1].spec.indicator.spec.ratioMetric.raw.metricSource.spec.query grouped-series",
    ],
  },
  "threshold.yaml": {
    objectives: ["suggest/fast 95 30d good"],
    lost: ["[0].spec.indicator.spec.thresholdMetric threshold-metric"],
  },
  "timeslices.yaml": {
    objectives: ["lobby/mean-minutes 99 7d good"],
    lost: ["[0].spec.budgetingMethod budgeting-method", "[1].spec.budgetingMethod budgeting-method"],
  },
  "two-objectives.yaml": {
    objectives: ["player/plays-1 97 7d errors", "player/plays-2 99.9 7d errors"],
    lost: [
      "metadata.name name-changed",
      "spec.timeWindow[0].duration time-window",
      "spec.objectives[0].displayName display-name",
      "spec.objectives[1].displayName display-name",
      "spec.alertPolicies[0] alert-policy",
    ],
  },
};
