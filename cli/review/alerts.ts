import { receiversInWords } from "../report/routes.ts";
import type { Cause, Change, Detail, Kind } from "./change.ts";
import type { ModelAlert } from "./model.ts";
import { ADDED, queryDetails, REMOVED } from "./query-diff.ts";

/** An alert on both sides. */
export interface AlertPair {
  readonly before: ModelAlert;
  readonly after: ModelAlert;
}

/** The alerts of two models, matched. */
export interface MatchedAlerts {
  readonly pairs: readonly AlertPair[];
  readonly removed: readonly ModelAlert[];
  readonly added: readonly ModelAlert[];
}

/** Matches alerts by name, service and objective; of several with one name, those of one severity. A renamed alert is a pair. */
export function matchAlerts(before: readonly ModelAlert[], after: readonly ModelAlert[]): MatchedAlerts {
  const pairs: AlertPair[] = [];
  let [left, right] = [[...before], [...after]];
  for (const key of [exactKey, nameKey, queryKey]) {
    const waiting = new Map<string, ModelAlert[]>();
    for (const alert of right) waiting.set(key(alert), [...(waiting.get(key(alert)) ?? []), alert]);
    const unmatched: ModelAlert[] = [];
    for (const alert of left) {
      const match = waiting.get(key(alert))?.shift();
      if (match === undefined) unmatched.push(alert);
      else pairs.push({ before: alert, after: match });
    }
    left = unmatched;
    right = [...waiting.values()].flat();
  }
  return { pairs, removed: left, added: right };
}

function nameKey({ by, service, slo, name }: ModelAlert): string {
  return JSON.stringify([by, service, slo, name]);
}

function exactKey(alert: ModelAlert): string {
  return JSON.stringify([nameKey(alert), alert.severity, alert.expr]);
}

/** What an alert asks and of whom; its name is left out, so that a renamed one is found. */
function queryKey({ by, service, slo, severity, expr }: ModelAlert): string {
  return JSON.stringify([by, service, slo, severity, expr]);
}

/** What a review says elsewhere already, so that its alerts are not listed one by one. */
export interface Explained {
  /** Services that are added or removed. */
  readonly services: ReadonlySet<string>;
  /** `<service> <objective>` that are added, removed or changed. */
  readonly objectives: ReadonlySet<string>;
}

/** The alerts that are added, removed, renamed or changed; who is told of them is {@link notificationChanges}. */
export function alertChanges(
  { pairs, removed, added }: MatchedAlerts,
  explained: Explained,
): readonly Change[] {
  const isNew = (alert: ModelAlert) =>
    !explained.services.has(alert.service ?? "") && !follows(alert, explained);
  return [
    ...removed.filter(isNew).map(
      (alert): Change => ({
        kind: alert.severity === "critical" ? "critical-alert-removed" : "alert-removed",
        about: called(alert),
        what: `is removed: ${alert.severity}, sent to ${receiversOf(alert)}`,
        cause: causeOf(alert),
      }),
    ),
    ...added.filter(isNew).map(
      (alert): Change => ({
        kind: "alert-added",
        about: called(alert),
        what: `is new: ${alert.severity}, fires after ${alert.for}, sent to ${receiversOf(alert)}`,
        details: [{ label: "query", after: alert.expr }],
        cause: causeOf(alert),
      }),
    ),
    ...pairs.flatMap((pair) => pairChanges(pair, follows(pair.after, explained))),
  ];
}

function follows({ service, slo }: ModelAlert, { objectives }: Explained): boolean {
  return slo !== undefined && objectives.has(`${service} ${slo}`);
}

function pairChanges({ before, after }: AlertPair, isFollowing: boolean): readonly Change[] {
  const changes: Change[] = [];
  const about = called(after);
  const cause = causeOf(after);
  if (before.name !== after.name)
    changes.push({
      kind: "alert-renamed",
      about,
      what: `was called ${before.name}; silences and runbooks of the old name do not apply`,
      cause,
    });
  const query = queryDetails(before.expr, after.expr);
  const fields = fieldDetails(before, after);
  const texts = before.name === after.name ? textDetails(before, after) : [];
  const details = [...fields, ...query];
  if (details.length > 0) {
    const isCritical = before.severity === "critical" || after.severity === "critical";
    const changed: Kind = isCritical ? "critical-alert-changed" : "alert-changed";
    const kind = isFollowing && fields.length === 0 ? "alert-follows" : changed;
    changes.push({
      kind,
      about,
      what: inWords(before, after, details, kind),
      details: [...details, ...texts],
      cause,
    });
  } else if (texts.length > 0) {
    const labels = texts.map(({ label }) => label).join(", ");
    changes.push({ kind: "text-changed", about, what: `has another ${labels}`, details: texts, cause });
  }
  return changes;
}

function inWords(before: ModelAlert, after: ModelAlert, details: readonly Detail[], kind: Kind): string {
  const parts = details.map(
    ({ label, before: was, after: is }) => wordsOf(label) ?? `${label} ${was} → ${is}`,
  );
  const words = [...new Set(parts)].join(", ");
  if (kind === "alert-follows") return `changes with its objective: ${words}`;
  if (before.severity === after.severity) return words;
  if (before.severity === "critical") return `does not page any more: ${words}`;
  return after.severity === "critical" ? `pages now, at any time of day: ${words}` : words;
}

/** Differences that are too long for a sentence; the details have them. */
function wordsOf(label: string): string | undefined {
  const words: Readonly<Record<string, string>> = {
    query: "its query is another",
    part: "its query is another",
    [ADDED]: "its query has a condition more",
    [REMOVED]: "its query has a condition less",
  };
  return words[label];
}

function fieldDetails(before: ModelAlert, after: ModelAlert): readonly Detail[] {
  const fields: readonly (readonly [string, (alert: ModelAlert) => string])[] = [
    ["severity", ({ severity }) => severity],
    ["for", (alert) => alert.for],
    ["keep_firing_for", ({ keepFiringFor }) => keepFiringFor ?? "none"],
    ["team", ({ team }) => team || "none"],
  ];
  return fields
    .map(([label, of]) => ({ label, before: of(before), after: of(after) }))
    .filter((detail) => detail.before !== detail.after);
}

function textDetails(before: ModelAlert, after: ModelAlert): readonly Detail[] {
  return [
    { label: "summary", before: before.summary, after: after.summary },
    { label: "description", before: before.description, after: after.description },
    addressDetail("runbook", before.runbookUrl, after.runbookUrl),
    // The number of a panel follows from its title.
    addressDetail("dashboard", withoutPanel(before.dashboardUrl), withoutPanel(after.dashboardUrl)),
  ].filter((detail) => detail.before !== detail.after);
}

function withoutPanel(url: string | undefined): string | undefined {
  return url?.replace(/\?viewPanel=.*$/, "");
}

/** An address without what both end with, so that all that moved together are one change. */
function addressDetail(label: string, before: string | undefined, after: string | undefined): Detail {
  if (before === undefined || after === undefined || before === after) return { label, before, after };
  const [was, is] = [before.split("/"), after.split("/")];
  while (was.length > 1 && is.length > 1 && was.at(-1) === is.at(-1)) {
    was.pop();
    is.pop();
  }
  return { label, before: was.join("/"), after: is.join("/") };
}

/** The name of an alert, with what it is about. */
export function called({ name, service, slo }: Pick<ModelAlert, "name" | "service" | "slo">): string {
  return `${name}${service === undefined ? "" : ` of ${service}${slo === undefined ? "" : ` (${slo})`}`}`;
}

function receiversOf({ receivers }: ModelAlert): string {
  return receivers.length === 0 ? "no receiver" : receiversInWords(receivers);
}

/** Where a change of an alert comes from. */
export function causeOf({ name, service }: ModelAlert): Cause {
  return service === undefined ? { setting: `alerts.overrides.${name}` } : { service };
}
