import { type Duration, seconds } from "../core/duration.ts";
import type { AlertingRule } from "../core/rules.ts";
import {
  above,
  absent,
  and,
  atLeast,
  below,
  dividedBy,
  type InstantVector,
  instant,
  or,
  over,
  scalar,
  sum,
  sumOverTime,
  times,
} from "../signals/promql.ts";
import type { Unclassified } from "../signals/ratio.ts";
import type { Severity } from "../signals/severity.ts";
import {
  absentAnnotations,
  budgetAnnotations,
  budgetTemplate,
  burnAnnotations,
  burnRateTemplate,
  query,
  type RunbookLinks,
  unclassifiedAnnotations,
  windowsTemplate,
} from "./annotations.ts";
import { ALERTS, historyOf, RECORDS, recordOf, type SloAlertKind } from "./conventions.ts";
import { foundTemplate } from "./found.ts";
import { decimal, times as multiplied, ratio } from "./fraction.ts";
import { errorBudget, type Slo, sloLabels } from "./model.ts";
import { burnFactor, WINDOW_PAIRS, type WindowPair } from "./windows.ts";

const SEVERITY: Readonly<Record<SloAlertKind, Severity>> = {
  fastBurn: "critical",
  slowBurn: "warning",
  absent: "warning",
  unclassified: "warning",
  // Half a budget needs no action. A budget that is exhausted needs no page either: the burn rate alerts paged while it was spent.
  half: "info",
  nearly: "warning",
  spent: "warning",
};

/**
 * No `for`: the long window is the delay, and two more minutes of a full outage would spend half of a 99.99% budget.
 * `keep_firing_for` prevents flapping instead. A restart of Prometheus loses this state and sends no resolved alert (prometheus
 * #13957): Alertmanager then resolves the page four minutes after it last received the alert, at most 2.5 minutes early or four
 * late. Errors that continue, or return by then, are the same page; later ones are a second page, and none is hidden.
 * With two replicas, the other one resolves the page on time.
 */
export const KEEP_FIRING: Readonly<Record<"fastBurn" | "slowBurn", Duration>> = {
  fastBurn: "5m",
  slowBurn: "30m",
};

/**
 * Events of an unknown outcome may all be failures. They open a ticket if they are more than may fail: above the error budget's share of
 * all events over `long`, in which a short burst of them is little, and still over `short`, so that the ticket ends an hour after its cause.
 */
export const UNCLASSIFIED = { long: "6h", short: "1h", for: "15m", keepFiring: "30m" } as const;

/** A rolling update or a moved pod can leave a service without a target for some minutes, but not for ten. */
export const ABSENT_FOR: Duration = "10m";

/**
 * The alerts of an SLO: a page for a fast burn, a ticket for a slow burn, a ticket for an SLI without data or with events of an unknown
 * outcome, and three alerts for the part of the error budget that is spent.
 */
export function alertingRules(
  slo: Slo,
  scrapeInterval: Duration,
  links: RunbookLinks,
): readonly AlertingRule[] {
  const { unclassified } = slo.signal;
  return [
    burnAlert(slo, "fastBurn", links),
    burnAlert(slo, "slowBurn", links),
    absentAlert(slo, links),
    ...(unclassified === undefined ? [] : [unclassifiedAlert(slo, unclassified, scrapeInterval, links)]),
    ...BUDGET_BANDS.map((band) => budgetAlert(slo, band, links)),
  ];
}

function burnAlert(slo: Slo, kind: "fastBurn" | "slowBurn", links: RunbookLinks): AlertingRule {
  const conditions = pairsOf(kind).map((pair) => burning(slo, pair));
  return {
    alert: ALERTS[kind],
    expr: or(conditions[0] as InstantVector, ...conditions.slice(1)).text,
    keep_firing_for: KEEP_FIRING[kind],
    labels: alertLabels(slo, kind),
    annotations: burnAnnotations(slo, kind, links, {
      errorRatio: "{{ $value | humanizePercentage }}",
      burnRate: burnRateTemplate(slo),
      windows: windowsTemplate(query(burning(slo, pairsOf(kind)[0] as WindowPair)), pairsOf(kind)),
      budget: budgetTemplate(slo),
    }),
  };
}

export function alertLabels(slo: Slo, kind: SloAlertKind): Readonly<Record<string, string>> {
  return { ...sloLabels(slo), severity: severityOf(slo, kind) };
}

/** Where nothing pages, a fast burn opens a ticket: sooner than a slow one, and no less. */
function severityOf({ page = true }: Slo, kind: SloAlertKind): Severity {
  const severity = SEVERITY[kind];
  return severity === "critical" && !page ? "warning" : severity;
}

export function pairsOf(alert: WindowPair["alert"]): readonly WindowPair[] {
  return WINDOW_PAIRS.filter((pair) => pair.alert === alert);
}

/** The error ratio above which a pair's burn rate is too high. */
export function limitOf({ period, objective }: Pick<Slo, "period" | "objective">, pair: WindowPair): string {
  const key = `${period} ${pair.long} ${objective}`;
  const limit = known.get(key) ?? decimal(multiplied(burnFactor(pair, period), errorBudget(objective)));
  if (known.size < MOST_KNOWN) known.set(key, limit);
  return limit;
}

/** Thousands of objectives share a few limits. */
const known = new Map<string, string>();
const MOST_KNOWN = 10_000;

/** The error ratio over the long window, if both windows are above the limit and there are `minimumErrors` or more. */
function burning(slo: Slo, pair: WindowPair): InstantVector {
  const limit = scalar(limitOf(slo, pair));
  const conditions = [above(errorRatio(slo, pair.long), limit), above(errorRatio(slo, pair.short), limit)];
  return and(conditions[0] as InstantVector, ...conditions.slice(1), ...enoughErrors(slo, pair.long));
}

/** Only with requests: without them the ratio would be NaN. */
function errorRatio(slo: Slo, window: Duration): InstantVector {
  const total = instant(recordOf(slo, RECORDS.total(window)));
  return dividedBy(instant(recordOf(slo, RECORDS.errors(window))), above(total, scalar(0)));
}

/** A count computed from a rate is not exactly a whole number, so the limit is half an error lower. */
function enoughErrors(slo: Slo, window: Duration): readonly InstantVector[] {
  if (slo.minimumErrors === 0) return [];
  const rate = instant(recordOf(slo, RECORDS.errors(window)));
  return [above(times(scalar(seconds(window)), rate), scalar(slo.minimumErrors - 0.5))];
}

function absentAlert(slo: Slo, links: RunbookLinks): AlertingRule {
  return {
    alert: ALERTS.absent,
    expr: absent(recordOf(slo, RECORDS.total("5m"))).text,
    for: ABSENT_FOR,
    labels: alertLabels(slo, "absent"),
    annotations: absentAnnotations(slo, links),
  };
}

function unclassifiedAlert(
  slo: Slo,
  unclassified: Unclassified,
  scrapeInterval: Duration,
  links: RunbookLinks,
): AlertingRule {
  const { long, short } = UNCLASSIFIED;
  const enough = above(unclassifiedEvents(slo, long, scrapeInterval), scalar(slo.minimumErrors - 0.5));
  return {
    alert: ALERTS.unclassified,
    expr: and(
      above(
        slo.minimumErrors === 0 ? unclassifiedEvents(slo, long, scrapeInterval) : enough,
        mayFail(slo, long),
      ),
      above(unclassifiedEvents(slo, short, scrapeInterval), mayFail(slo, short)),
    ).text,
    for: UNCLASSIFIED.for,
    keep_firing_for: UNCLASSIFIED.keepFiring,
    labels: alertLabels(slo, "unclassified"),
    annotations: unclassifiedAnnotations(slo, unclassified, links, {
      events: '{{ printf "%.0f" $value }}',
      found: foundTemplate(unclassified.count),
    }),
  };
}

/** The number of such events in a window. */
function unclassifiedEvents(slo: Slo, window: Duration, scrapeInterval: Duration): InstantVector {
  const steps = over(historyOf(slo, RECORDS.unclassifiedStep), window);
  return times(scalar(seconds(scrapeInterval)), sum(sumOverTime(steps)));
}

/** The number of events that may fail in a window at a burn rate of 1. */
function mayFail(slo: Slo, window: Duration): InstantVector {
  const perRate = multiplied(errorBudget(slo.objective), ratio(seconds(window), 1));
  return times(scalar(decimal(perRate)), sum(instant(recordOf(slo, RECORDS.total(window)))));
}

/** A range of the spent error budget. Bands do not overlap, so that an objective has one of these alerts at a time. */
export interface BudgetBand {
  readonly kind: "half" | "nearly" | "spent";
  /** The least percentage of the budget that is spent. */
  readonly from: number;
  /** The percentage below which the band ends; undefined for no end. */
  readonly to: number | undefined;
}

export const BUDGET_BANDS: readonly BudgetBand[] = [
  { kind: "half", from: 50, to: 90 },
  { kind: "nearly", from: 90, to: 100 },
  { kind: "spent", from: 100, to: undefined },
];

/** The ratio of a month changes slowly; 15 minutes prevent a second notification when it crosses a limit back and forth. */
export const BUDGET_FOR: Duration = "15m";

function budgetAlert(slo: Slo, { kind, from, to }: BudgetBand, links: RunbookLinks): AlertingRule {
  const spent = instant(recordOf(slo, RECORDS.budgetSpent));
  const enough = atLeast(spent, scalar(decimal(ratio(from, 100))));
  const covered = instant(recordOf(slo, RECORDS.historyCovered));
  return {
    alert: ALERTS[kind],
    expr: (to === undefined ? enough : below(enough, scalar(decimal(ratio(to, 100))))).text,
    for: BUDGET_FOR,
    labels: alertLabels(slo, kind),
    annotations: budgetAnnotations(slo, kind, links, {
      spent: "{{ $value | humanizePercentage }}",
      covered: `{{ with ${query(covered)} }}{{ . | first | value | humanizePercentage }}{{ else }}an unknown part{{ end }}`,
    }),
  };
}
