import { type Duration, seconds } from "../core/duration.ts";
import type { AlertingRule } from "../core/rules.ts";
import { type GrafanaAddress, panelUrl } from "../signals/panels.ts";
import {
  above,
  absent,
  and,
  atLeast,
  below,
  clampMin,
  dividedBy,
  type InstantVector,
  instant,
  minus,
  or,
  scalar,
  times,
} from "../signals/promql.ts";
import { FAILING } from "../signals/ratio.ts";
import type { Severity } from "../signals/severity.ts";
import { ALERTS, RECORDS, recordOf } from "./conventions.ts";
import { decimal, times as multiplied, ratio } from "./fraction.ts";
import { errorBudget, type Slo, sloLabels } from "./model.ts";
import { type SloPanelKind, sloPanel } from "./panels.ts";
import { burnFactor, periodText, WINDOW_PAIRS, type WindowPair } from "./windows.ts";

/** The alerts of every SLO. */
export type SloAlertKind = keyof typeof ALERTS;

/** Where an alert's links lead. */
export interface RunbookLinks {
  /** Where runbooks are served: `<base>/<alert>.md`. */
  readonly runbookBaseUrl: string;
  /** Where the service's dashboard is. Default: alerts link to none. */
  readonly grafana?: GrafanaAddress | undefined;
}

export const SEVERITY: Readonly<Record<SloAlertKind, Severity>> = {
  fastBurn: "critical",
  slowBurn: "warning",
  absent: "warning",
  // Half a budget asks for nothing but to be known of. What is spent is nothing to get up for either: whoever could have
  // kept it was paged while it burned.
  half: "info",
  nearly: "warning",
  spent: "warning",
};

/**
 * No `for`: the long window has already waited, and two more minutes of a full outage would spend half of a 99.99% budget.
 * Against flapping the alerts keep firing instead. A restart of Prometheus forgets that and reports no end (prometheus
 * #13957): the Alertmanager then ends the page four minutes after it was last told of it, at most 2.5 minutes early or four
 * late. Errors that are still there, or back by then, are the same page; later ones are a second page, and none is hidden.
 * Where two replicas run, the other one ends the page when it is due.
 */
export const KEEP_FIRING: Readonly<Record<"fastBurn" | "slowBurn", Duration>> = {
  fastBurn: "5m",
  slowBurn: "30m",
};

/** A rolling update or a moved pod may leave a service without a target for some minutes; ten are more than that. */
export const ABSENT_FOR: Duration = "10m";

/**
 * The alerts of an SLO: one that pages, one that opens a ticket, one for when nothing is measured at all, and three that
 * follow the budget down.
 */
export function alertingRules(slo: Slo, links: RunbookLinks): readonly AlertingRule[] {
  return [
    burnAlert(slo, "fastBurn", links),
    burnAlert(slo, "slowBurn", links),
    absentAlert(slo, links),
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
      errorShare: "{{ $value | humanizePercentage }}",
      windows: windowsTemplate(slo, kind),
      budgetLeft: budgetLeftTemplate(slo),
    }),
  };
}

export function alertLabels(slo: Slo, kind: SloAlertKind): Readonly<Record<string, string>> {
  return { ...sloLabels(slo), severity: SEVERITY[kind] };
}

export function pairsOf(alert: WindowPair["alert"]): readonly WindowPair[] {
  return WINDOW_PAIRS.filter((pair) => pair.alert === alert);
}

/** The share of errors above which a pair burns too fast. */
export function limitOf({ period, objective }: Slo, pair: WindowPair): string {
  const key = `${period} ${pair.long} ${objective}`;
  const limit = known.get(key) ?? decimal(multiplied(burnFactor(pair, period), errorBudget(objective)));
  if (known.size < MOST_KNOWN) known.set(key, limit);
  return limit;
}

/** Thousands of objectives share a few limits. */
const known = new Map<string, string>();
const MOST_KNOWN = 10_000;

/** The error share over the long window, where both windows are above the limit and the errors are more than a few. */
function burning(slo: Slo, pair: WindowPair): InstantVector {
  const limit = scalar(limitOf(slo, pair));
  const conditions = [above(errorShare(slo, pair.long), limit), above(errorShare(slo, pair.short), limit)];
  return and(conditions[0] as InstantVector, ...conditions.slice(1), ...enoughErrors(slo, pair.long));
}

/** Only where there were requests, so that silence is neither NaN nor an alert. */
function errorShare(slo: Slo, window: Duration): InstantVector {
  const total = instant(recordOf(slo, RECORDS.total(window)));
  return dividedBy(instant(recordOf(slo, RECORDS.errors(window))), above(total, scalar(0)));
}

/** A count that comes out of a rate is a hair off a whole number, so the floor lies half an error below it. */
function enoughErrors(slo: Slo, window: Duration): readonly InstantVector[] {
  if (slo.minimumErrors === 0) return [];
  const rate = instant(recordOf(slo, RECORDS.errors(window)));
  return [above(times(scalar(seconds(window)), rate), scalar(slo.minimumErrors - 0.5))];
}

/** What a burn alert says, with the three things that only the moment knows. */
export interface BurnFindings {
  readonly errorShare: string;
  readonly windows: string;
  readonly budgetLeft: string;
}

/** The annotations: as templates in the rule, and filled in where a test says what they must come to. */
export function burnAnnotations(
  slo: Slo,
  kind: "fastBurn" | "slowBurn",
  links: RunbookLinks,
  { errorShare: share, windows, budgetLeft }: BurnFindings,
): Readonly<Record<string, string>> {
  const { service, name, objective, period, signal } = slo;
  const allowed = decimal(multiplied(errorBudget(objective), ratio(100, 1)));
  const { does, infinitive } = signal.failing ?? FAILING;
  const summary = {
    fastBurn: `${service} ${does} ${share} of its ${signal.unit}`,
    slowBurn: `${service} ${does} ${share} of its ${signal.unit}, more than its budget lasts for`,
  };
  return {
    summary: summary[kind],
    description: `The objective ${name} lets ${allowed}% of ${signal.unit} ${infinitive} over ${periodText(period)}. ${budgetLeft} of that error budget is left.${caveatOf(slo)}`,
    windows,
    ...linksOf(slo, kind, links),
  };
}

/** What the measurement cannot say, after the sentences of a description. */
function caveatOf({ signal }: Slo): string {
  return signal.caveat === undefined ? "" : ` ${signal.caveat}`;
}

/** Which pair fired is told in words: as a label it would make one outage two alerts. */
function windowsTemplate(slo: Slo, kind: "fastBurn" | "slowBurn"): string {
  const [steeper, flatter] = pairsOf(kind) as [WindowPair, WindowPair];
  const isSteeper = query(burning(slo, steeper));
  return `{{ with ${isSteeper} }}${windowsText(steeper)}{{ else }}${windowsText(flatter)}{{ end }}`;
}

export function windowsText({ long, short }: WindowPair): string {
  return `over ${long} and over ${short}`;
}

function budgetLeftTemplate(slo: Slo): string {
  const left = clampMin(minus(scalar(1), instant(recordOf(slo, RECORDS.budgetSpent))), scalar(0));
  return `{{ with ${query(left)} }}{{ . | first | value | humanizePercentage }}{{ else }}An unknown part{{ end }}`;
}

/** A query within a template, on one line and quoted so that its own quotes need no escape. */
function query({ text }: InstantVector): string {
  return `query \`${text.replaceAll("\n", " ")}\``;
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

export function absentAnnotations(slo: Slo, links: RunbookLinks): Readonly<Record<string, string>> {
  const { service, name, signal } = slo;
  return {
    summary: `Nobody counts the ${signal.unit} of ${service}`,
    description: `Prometheus finds no series for the objective ${name}. While that lasts, ${service} can fail without a page.`,
    ...linksOf(slo, "absent", links),
  };
}

/** A part of the budget. Bands do not overlap, so that one objective has one of these alerts at a time. */
export interface BudgetBand {
  readonly kind: "half" | "nearly" | "spent";
  /** Percent of the budget that are spent at least. */
  readonly from: number;
  /** And less than this; undefined where there is no end to it. */
  readonly to: number | undefined;
}

export const BUDGET_BANDS: readonly BudgetBand[] = [
  { kind: "half", from: 50, to: 90 },
  { kind: "nearly", from: 90, to: 100 },
  { kind: "spent", from: 100, to: undefined },
];

/** The ratio of a month moves slowly; a quarter of an hour keeps one that wavers at a limit from being told twice. */
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

/** What a budget alert says: as a template in the rule, and filled in where a test says what it must come to. */
export function budgetAnnotations(
  slo: Slo,
  kind: BudgetBand["kind"],
  links: RunbookLinks,
  { spent, covered }: { readonly spent: string; readonly covered: string },
): Readonly<Record<string, string>> {
  const { service, name, objective, period, signal } = slo;
  const { infinitive } = signal.failing ?? FAILING;
  const allowed = decimal(multiplied(errorBudget(objective), ratio(100, 1)));
  return {
    summary: `${service} has spent ${spent} of its error budget`,
    description: `The objective ${name} lets ${allowed}% of ${signal.unit} ${infinitive} over ${periodText(period)}. The recorded history covers ${covered} of that period.${caveatOf(slo)}`,
    ...linksOf(slo, kind, links),
  };
}

/** The side of an objective that an alert is about. */
const PANEL: Readonly<Record<SloAlertKind, SloPanelKind>> = {
  fastBurn: "burn",
  slowBurn: "burn",
  absent: "traffic",
  half: "budget",
  nearly: "budget",
  spent: "budget",
};

function linksOf(
  slo: Slo,
  kind: SloAlertKind,
  { runbookBaseUrl, grafana }: RunbookLinks,
): Readonly<Record<string, string>> {
  return {
    runbook_url: `${runbookBaseUrl}/${ALERTS[kind]}.md`,
    ...(grafana ? { dashboard_url: panelUrl(grafana, sloPanel(slo, PANEL[kind])) } : {}),
  };
}
