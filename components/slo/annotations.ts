import { seconds } from "../core/duration.ts";
import { type GrafanaAddress, panelUrl } from "../signals/panels.ts";
import { clampMin, type InstantVector, instant, minus, scalar } from "../signals/promql.ts";
import { FAILING, type Unclassified } from "../signals/ratio.ts";
import { ALERTS, CLUSTER_MISSING, RECORDS, recordOf, type SloAlertKind } from "./conventions.ts";
import { decimal, times as multiplied, ratio } from "./fraction.ts";
import { errorBudget, type Slo } from "./model.ts";
import { type SloPanelKind, sloPanel } from "./panels.ts";
import { periodText, type WindowPair } from "./windows.ts";

// The texts of an objective's alerts. Each function takes what is known only when the alert fires as a string: a template in the rule,
// a value in a promtool case.

/** Where an alert's links lead. */
export interface RunbookLinks {
  /** Where runbooks are served: `<base>/<alert>.md`. */
  readonly runbookBaseUrl: string;
  /** Where the service's dashboard is. Default: alerts link to none. */
  readonly grafana?: GrafanaAddress | undefined;
}

type Annotations = Readonly<Record<string, string>>;

/** What a burn rate alert knows only when it fires. */
export interface BurnFindings {
  /** Failed events ÷ all events over the long window, in percent. */
  readonly errorRatio: string;
  /** `errorRatio` ÷ error budget, rounded to 0.01. */
  readonly burnRate: string;
  /** The pair of windows that is above its limit. */
  readonly windows: string;
  /** How much of the error budget is left and when it is exhausted: {@link budgetSentence}. */
  readonly budget: string;
}

export function burnAnnotations(
  slo: Slo,
  kind: "fastBurn" | "slowBurn",
  links: RunbookLinks,
  { errorRatio, burnRate, windows, budget }: BurnFindings,
): Annotations {
  const { does } = slo.signal.failing ?? FAILING;
  return {
    summary: `${slo.service} ${does} ${errorRatio} of its ${slo.signal.unit} (burn rate ${burnRate})`,
    description: `${objectiveSentence(slo)} ${budget}${caveatOf(slo)}`,
    windows,
    ...linksOf(slo, kind, links),
  };
}

export function absentAnnotations(slo: Slo, links: RunbookLinks): Annotations {
  const { service, name, signal } = slo;
  return {
    summary: `No data for the SLI ${name} of ${service}`,
    description: `Prometheus has no series of the ${signal.unit} that this objective counts. Until it has, no alert fires if ${service} fails.`,
    ...linksOf(slo, "absent", links),
  };
}

/** `environment`: the one that sends nothing. */
export function clusterMissingAnnotations(
  { service, name }: Slo,
  environment: string,
  { runbookBaseUrl }: RunbookLinks,
): Annotations {
  return {
    summary: `The objective ${name} of ${service} is judged without the environment ${environment}`,
    description: `No records of ${service} in the environment ${environment} arrive in the store. Requests there count neither as good nor as failed.`,
    runbook_url: `${runbookBaseUrl}/${CLUSTER_MISSING}.md`,
  };
}

/** `events`: how many there were; `found`: an example of one, as a sentence after a blank, or nothing. */
export function unclassifiedAnnotations(
  slo: Slo,
  { expected }: Unclassified,
  links: RunbookLinks,
  { events, found }: { readonly events: string; readonly found: string },
): Annotations {
  const { service, name, signal } = slo;
  return {
    summary: `The outcome of ${events} ${signal.unit} of ${service} in 6h is not known`,
    description: `${expected} The objective ${name} counts these ${signal.unit} as good, so no alert fires if they fail.${found}`,
    ...linksOf(slo, "unclassified", links),
  };
}

/** `spent`: the share of the error budget that is spent; `covered`: the share of the period that has records. Both in percent. */
export function budgetAnnotations(
  slo: Slo,
  kind: "half" | "nearly" | "spent",
  links: RunbookLinks,
  { spent, covered }: { readonly spent: string; readonly covered: string },
): Annotations {
  return {
    summary: `${slo.service} has spent ${spent} of its error budget`,
    description: `${objectiveSentence(slo)} The recorded history covers ${covered} of that period.${caveatOf(slo)}`,
    ...linksOf(slo, kind, links),
  };
}

function objectiveSentence({ name, objective, period, signal }: Slo): string {
  const allowed = decimal(multiplied(errorBudget(objective), ratio(100, 1)));
  const { infinitive } = signal.failing ?? FAILING;
  return `The objective ${name} allows ${allowed}% of ${signal.unit} to ${infinitive} in ${periodText(period)}.`;
}

/** What the measurement does not cover, after the sentences of a description. */
function caveatOf({ signal }: Slo): string {
  return signal.caveat === undefined ? "" : ` ${signal.caveat}`;
}

/** The sentences about the error budget. `left`: percent; `exhaustion`: {@link exhaustionSentence}, or nothing if none is left. */
export function budgetSentence(left: string, exhaustion: string): string {
  return `${left} of the error budget is left.${exhaustion}`;
}

export function exhaustionSentence(hours: string): string {
  return ` At this rate it is exhausted in ${hours} hours.`;
}

/** The share of the error budget that is left, and the hours until it is exhausted, rounded to 0.1. */
export function budgetTemplate(slo: Slo): string {
  const left = clampMin(minus(scalar(1), instant(recordOf(slo, RECORDS.budgetSpent))), scalar(0));
  const budget = decimal(errorBudget(slo.objective));
  const remaining = oneLine(left.text);
  const until = `clamp_min(round((${remaining} > 0) * ${periodHours(slo)} * ${budget} / %g, 0.1), 0.1)`;
  const exhaustion = `{{ with printf \`${until}\` $value | query }}${exhaustionSentence("{{ . | first | value }}")}{{ end }}`;
  return `{{ with ${query(left)} }}${budgetSentence("{{ . | first | value | humanizePercentage }}", exhaustion)}{{ else }}How much of the error budget is left is not known.{{ end }}`;
}

function periodHours({ period }: Slo): string {
  return period === "month" ? "scalar(days_in_month()) * 24" : String(seconds(period) / 3600);
}

/** Templates cannot divide, so a query does it; `%g` prints the value with all its digits. */
export function burnRateTemplate({ objective }: Slo): string {
  const rate = `round(vector(%g / ${decimal(errorBudget(objective))}), 0.01)`;
  return `{{ with printf \`${rate}\` $value | query }}{{ . | first | value }}{{ end }}`;
}

/** Names the pair that is above its limit. As a label it would split one outage into two alerts. */
export function windowsTemplate(firstIsBurning: string, [first, second]: readonly WindowPair[]): string {
  return `{{ with ${firstIsBurning} }}${windowsText(first as WindowPair)}{{ else }}${windowsText(second as WindowPair)}{{ end }}`;
}

export function windowsText({ long, short }: WindowPair): string {
  return `over ${long} and over ${short}`;
}

/** A query within a template, on one line and in backquotes, so that its own quotes need no escape. */
export function query({ text }: InstantVector): string {
  return `query \`${oneLine(text)}\``;
}

function oneLine(text: string): string {
  return text.replaceAll("\n", " ");
}

/** The panel that an alert links to. */
const PANEL: Readonly<Record<SloAlertKind, SloPanelKind>> = {
  fastBurn: "burn",
  slowBurn: "burn",
  absent: "traffic",
  unclassified: "traffic",
  half: "budget",
  nearly: "budget",
  spent: "budget",
};

function linksOf(slo: Slo, kind: SloAlertKind, { runbookBaseUrl, grafana }: RunbookLinks): Annotations {
  return {
    runbook_url: `${runbookBaseUrl}/${ALERTS[kind]}.md`,
    ...(grafana ? { dashboard_url: panelUrl(grafana, sloPanel(slo, PANEL[kind])) } : {}),
  };
}
