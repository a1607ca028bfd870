import type { Duration } from "../core/duration.ts";
import { memoizeByObject } from "../core/memoize.ts";
import { equal, type Matcher, type Selector } from "../signals/promql.ts";
import type { Slo } from "./model.ts";
import type { Period } from "./windows.ts";

// The only home of the names of records. They follow Prometheus' level:metric:operation, with `slo` as the level: one series
// for each objective, labelled `service`, `slo` and `team`.

/** What is recorded of an SLO. */
export const RECORDS = {
  /** Events per second between the two newest scrapes: what everything else is made of. */
  totalStep: "slo:sli_total:irate",
  /** Events per second that went wrong between the two newest scrapes. */
  errorsStep: "slo:sli_errors:irate",
  /** Events per second that are neither good nor went wrong, between the two newest scrapes. */
  unclassifiedStep: "slo:sli_unclassified:irate",
  /** Events per second over a window. */
  total: (window: Duration) => `slo:sli_total:rate${window}`,
  /** Events per second that went wrong, over a window. */
  errors: (window: Duration) => `slo:sli_errors:rate${window}`,
  /** The step in months of an odd number, and zero in the others: what tells two months apart. */
  totalOddMonths: "slo:sli_total:irate_odd_months",
  errorsOddMonths: "slo:sli_errors:irate_odd_months",
  /** What of a window lies in the month that the window ends in, per second of the whole window. */
  totalInMonth: (window: Duration) => `slo:sli_total:rate${window}_in_month`,
  errorsInMonth: (window: Duration) => `slo:sli_errors:rate${window}_in_month`,
  /** Events per second over the period; over a month, since it began. */
  totalOf: (period: Period) => `slo:sli_total:rate${nameOf(period)}`,
  errorsOf: (period: Period) => `slo:sli_errors:rate${nameOf(period)}`,
  /** Errors as a share of events over the period, from 0 to 1. */
  errorRatio: (period: Period) => `slo:sli_error:ratio_rate${nameOf(period)}`,
  /** The objective as a share, such as 0.999. */
  objective: "slo:objective:ratio",
  /** How much of the period's budget is spent; above 1 the objective is missed. */
  budgetSpent: "slo:error_budget_spent:ratio",
  /** How much of the period lies within the recorded history, from 0 for a new objective to 1. */
  historyCovered: "slo:history_covered:ratio",
} as const;

function nameOf(period: Period): string {
  return period === "month" ? "_month" : period;
}

/** The names of the alerts. Runbooks and silences are addressed by them. */
export const ALERTS = {
  fastBurn: "SLOErrorBudgetBurnFast",
  slowBurn: "SLOErrorBudgetBurnSlow",
  absent: "SLOSignalAbsent",
  unclassified: "SLOSignalUnclassified",
  half: "SLOErrorBudgetHalfSpent",
  nearly: "SLOErrorBudgetNearlySpent",
  spent: "SLOErrorBudgetSpent",
} as const;

/** The alert of an objective over several environments that one of them sends nothing. */
export const CLUSTER_MISSING = "SLOClusterMissing";

/** The alerts of every SLO. */
export type SloAlertKind = keyof typeof ALERTS;

/**
 * A record of one SLO. The team is left out, so that a service that changes hands keeps its history.
 */
export function recordOf(slo: Slo, record: string): Selector {
  return { metric: record, matchers: matchersOf(slo) };
}

/**
 * The records of one SLO as they were, also under the former names of its service. Only for what adds up or takes the largest: where a
 * service is renamed there may be one of each name for a moment.
 */
export function historyOf(slo: Slo, record: string): Selector {
  return { metric: record, matchers: historyMatchersOf(slo) };
}

const historyMatchersOf = memoizeByObject((slo: Slo): readonly Matcher[] => {
  const { service, name, formerly = [] } = slo;
  if (formerly.length === 0) return matchersOf(slo);
  return [
    { label: "service", operator: "=~", value: [service, ...formerly].join("|") },
    ...equal({ slo: name }),
  ];
});

/** Rules of one SLO name its records a hundred times: what selects them is made once. */
const matchersOf = memoizeByObject(({ service, name }: Slo): readonly Matcher[] =>
  equal({ service, slo: name }),
);
