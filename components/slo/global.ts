import type { Duration } from "../core/duration.ts";
import type { AlertingRule, RecordingRule, RuleGroup } from "../core/rules.ts";
import {
  above,
  absent,
  atom,
  call,
  dividedBy,
  type InstantVector,
  instant,
  lastOfTimes,
  max,
  or,
  type Selector,
  scalar,
  sum,
} from "../signals/promql.ts";
import { ABSENT_FOR, alertingRules } from "./alerts.ts";
import { clusterMissingAnnotations, query, type RunbookLinks } from "./annotations.ts";
import { ALERTS, CLUSTER_MISSING, RECORDS, recordOf } from "./conventions.ts";
import { type Slo, sloLabels } from "./model.ts";
import { record } from "./record.ts";
import { budgetRules } from "./records.ts";
import { windowsOf } from "./windows.ts";

/**
 * How long the period of an environment whose records no longer arrive counts on as it was at last, and how often it is looked for: a
 * budget that forgets what a cluster did in thirty days as soon as its connection breaks would look better, or worse, than it is.
 */
const REMEMBERED: Duration = "1d";
const LOOKS: Duration = "30m";

/** The environments that an objective is judged over. */
export interface View {
  /** The value of the labels `cluster` and `environment` of what is recorded and raised. */
  readonly name: string;
  /** The values of the label `environment` of what each of them sends. */
  readonly environments: readonly string[];
}

/**
 * The rules of one objective over several environments, from what each of them records and sends to a common store. The records are those
 * of a single environment, with the labels of the view; the store's form adds these to every selector that has none of them.
 *
 * A window of all is the sum of their windows: of events per second, which add up whatever share of the traffic each has. So samples that
 * arrive late are in it as soon as they have arrived. Of an environment that sends nothing, the windows end after the five minutes for
 * which a sample is found; its period counts for {@link REMEMBERED}.
 */
export function globalRuleGroup(
  slo: Slo,
  view: View,
  scrapeInterval: Duration,
  links: RunbookLinks,
): RuleGroup {
  // What the environments do with a fast burn is theirs: over all of them it pages.
  const { page: _, ...paging } = slo;
  return {
    name: `${view.name}-${slo.service}.${slo.name}`,
    interval: scrapeInterval,
    rules: [...sumRules(paging, view, scrapeInterval), ...alerts(paging, view, scrapeInterval, links)],
  };
}

function sumRules(slo: Slo, view: View, scrapeInterval: Duration): readonly RecordingRule[] {
  const { period } = slo;
  const ofPeriod = RECORDS.totalOf(period);
  const windows = windowsOf(period).filter(({ length }) => RECORDS.total(length) !== ofPeriod);
  const summed = (name: string) => record(slo, name, sum(eachOf(slo, view, name)));
  const remembered = (name: string) => record(slo, name, sum(atLast(slo, view, name)));
  return [
    ...windows.flatMap(({ length }) => [summed(RECORDS.total(length)), summed(RECORDS.errors(length))]),
    remembered(ofPeriod),
    remembered(RECORDS.errorsOf(period)),
    // The longest history: before another's begins, its traffic is none, and that is what its windows say.
    ...budgetRules(slo, scrapeInterval, max(atLast(slo, view, RECORDS.historyCovered))),
  ];
}

/** A record of each environment. Two replicas, or two owners of a service that changes hands, record the same events. */
function eachOf(slo: Slo, view: View, name: string): InstantVector {
  return max(instant(sourceOf(slo, view, name)), "environment");
}

/** The same, of an environment that sends nothing as it was at last. */
function atLast(slo: Slo, view: View, name: string): InstantVector {
  const selector = sourceOf(slo, view, name);
  return or(eachOf(slo, view, name), max(lastOfTimes(selector, REMEMBERED, LOOKS), "environment"));
}

/** With a matcher of `cluster`, so that the store's form does not add the one of the view. */
function sourceOf(slo: Slo, { environments }: Pick<View, "environments">, name: string): Selector {
  const { metric, matchers } = recordOf(slo, name);
  const [only] = environments;
  const environment =
    environments.length === 1 && only !== undefined
      ? ({ label: "environment", operator: "=", value: only } as const)
      : ({ label: "environment", operator: "=~", value: environments.join("|") } as const);
  return { metric, matchers: [...matchers, { label: "cluster", operator: "!=", value: "" }, environment] };
}

/** Events of an unknown outcome stay a ticket of each environment: nothing adds them up. */
function alerts(slo: Slo, view: View, scrapeInterval: Duration, links: RunbookLinks): AlertingRule[] {
  const { unclassified: _, ...signal } = slo.signal;
  const ofObjective = alertingRules({ ...slo, signal }, scrapeInterval, links);
  return [
    ...ofObjective.map((rule) =>
      rule.alert === ALERTS.fastBurn || rule.alert === ALERTS.slowBurn
        ? { ...rule, annotations: { ...rule.annotations, clusters: sharesTemplate(slo, view) } }
        : rule,
    ),
    ...view.environments.map((environment) => missing(slo, environment, links)),
  ];
}

/** One alert for each environment, with its name in `missing`: `environment` says whose objective it is. */
function missing(slo: Slo, environment: string, links: RunbookLinks): AlertingRule {
  return {
    alert: CLUSTER_MISSING,
    expr: absent(sourceOf(slo, { environments: [environment] }, RECORDS.total("5m"))).text,
    for: ABSENT_FOR,
    labels: { ...sloLabels(slo), severity: "warning", missing: environment },
    annotations: clusterMissingAnnotations(slo, environment, links),
  };
}

/** The environments with the most errors of the last hour, each with its share of them; three at most. */
function sharesTemplate(slo: Slo, view: View): string {
  const errors = eachOf(slo, view, RECORDS.errors("1h"));
  const share = dividedBy(errors, atom("scalar", `scalar(${sum(errors).text})`));
  const most = call("sort_desc", call("topk", scalar(3), above(share, scalar(0))));
  return `Of the errors of the last hour:{{ range ${query(most)} }} {{ .Labels.environment }} {{ .Value | humanizePercentage }}{{ end }}`;
}
