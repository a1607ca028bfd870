import { duration } from "../../components/core/duration.ts";
import { toTheMinute } from "../report/moments.ts";
import { count, grouped } from "../report/numbers.ts";
import { isNotified } from "../report/sentences.ts";
import type { AlertReview, AlertRow, Proposal } from "./result.ts";

// What Markdown, HTML and the terminal say of a review alike.

/** `Alerts in prod from 2026-10-31 to 2026-11-30`. */
export function titleOf({ environment, from, to }: AlertReview): string {
  return `Alerts${environment === null ? "" : ` in ${environment}`} from ${from.slice(0, 10)} to ${to.slice(0, 10)}`;
}

/** Less of a period than this is known: what is said of it is said of less. */
const WHOLE = 0.98;

/** That the server does not have all of the period; undefined: it has, or it is not known. */
function gapOf({ known, from, to }: AlertReview): string | undefined {
  if (known === null || known >= WHOLE) return undefined;
  const length = (Date.parse(to) - Date.parse(from)) / 1000;
  const days = (share: number) => ((share * length) / 86_400).toFixed(1);
  return `Prometheus has samples of ${days(known)} of these ${days(1)} days: what never fired may have fired outside of them, and numbers a week are too low`;
}

/** The whole in one sentence or two, without the last full stop. */
export function summaryOf(review: AlertReview): string {
  const gap = gapOf(review);
  return gap === undefined ? inAll(review) : `${inAll(review)}. ${gap}`;
}

function inAll({ alerts, proposals, last, teams }: AlertReview): string {
  const notified = alerts.filter(({ severity }) => isNotified(severity));
  const sum = (of: (row: AlertRow) => number) => notified.reduce((all, row) => all + of(row), 0);
  const pages = notified
    .filter(({ severity }) => severity === "critical")
    .reduce((all, { fired }) => all + fired, 0);
  const perWeek = (of: (row: (typeof teams)[number]) => number) =>
    teams.reduce((all, row) => all + of(row), 0).toFixed(1);
  const trend =
    last === null
      ? ""
      : `; ${perWeek((row) => row.perWeek)} a week instead of ${perWeek((row) => row.before?.perWeek ?? 0)} in the last review`;
  return `${count(notified.length, "critical or warning alert")} fired ${grouped(sum(({ fired }) => fired))} times (${grouped(pages)} of them critical), ${grouped(sum(({ atNight }) => atNight))} times at night; ${grouped(sum(({ clearedByItself }) => clearedByItself))} ended by themselves and ${count(notified.filter(({ fired }) => fired === 0).length, "alert")} never fired${trend}. ${count(proposals.length, "change is", "changes are")} proposed`;
}

export const ALERT_HEAD = [
  "Alert",
  "Severity",
  "Fired",
  "Total",
  "Median",
  "At night",
  "Flaps",
  "Repeated",
  "By itself",
  "Silenced",
  "Incidents",
  "A week",
];

/** Alerts that fired, as rows. */
export function alertRows(alerts: readonly AlertRow[]): readonly (readonly string[])[] {
  return alerts
    .filter(({ fired }) => fired > 0)
    .map((row) => [
      `${row.about}${row.group === null ? " (its rule is gone)" : ""}${row.isFiring ? " (firing now)" : ""}`,
      row.severity,
      grouped(row.fired),
      lasting(row.seconds),
      lasting(row.medianSeconds ?? 0),
      grouped(row.atNight),
      grouped(row.flaps),
      grouped(row.repeated),
      grouped(row.clearedByItself),
      row.silenced === null ? "not known" : grouped(row.silenced),
      row.incidents.join(", ") || "none",
      trendOf(row),
    ]);
}

export const TEAM_HEAD = [
  "Team",
  "Alerts",
  "Never fired",
  "Fired",
  "Pages",
  "At night",
  "Flaps",
  "By itself",
  "Firing for",
  "A week",
];

/** Teams as rows. */
export function teamRowsInWords({ teams }: AlertReview): readonly (readonly string[])[] {
  return teams.map((row) => [
    row.team ?? "no team",
    grouped(row.alerts),
    grouped(row.neverFired),
    grouped(row.fired),
    grouped(row.pages),
    grouped(row.atNight),
    grouped(row.flaps),
    grouped(row.clearedByItself),
    lasting(row.seconds),
    trendOf(row),
  ]);
}

function trendOf({
  perWeek,
  before,
}: {
  readonly perWeek: number;
  readonly before: { readonly perWeek: number } | null;
}): string {
  if (before === null) return perWeek.toFixed(1);
  return `${perWeek.toFixed(1)}, was ${before.perWeek.toFixed(1)}`;
}

export const PROPOSAL_HEAD = ["Change", "Why", "Firings", "Pages at night", "Incidents in which it fires"];

/** Proposals as rows. */
export function proposalRows(proposals: readonly Proposal[]): readonly (readonly string[])[] {
  return proposals.map(({ kind, about, what, why, replay: { before, after, later } }) => [
    `${VERBS[kind]} ${about}: ${what}`,
    `${why}.`,
    arrow(before.firings, after.firings),
    arrow(before.atNight, after.atNight),
    `${before.incidents.join(", ") || "none"} → ${after.incidents.join(", ") || "none"}${later === 0 ? "" : `, up to ${lasting(later)} later`}`,
  ]);
}

function arrow(before: number, after: number): string {
  return `${grouped(before)} → ${grouped(after)}`;
}

const VERBS: Readonly<Record<Proposal["kind"], string>> = {
  raise: "Raise",
  lower: "Lower",
  lengthen: "Lengthen",
  delete: "Delete",
};

export const INCIDENT_HEAD = ["Incident", "Began", "First alert"];

/** Incidents as rows. */
export function incidentRows({ incidents }: AlertReview): readonly (readonly string[])[] {
  return incidents.map(({ name, start, first }) => [
    name,
    toTheMinute(start),
    first === null
      ? "no alert"
      : first.seconds === 0
        ? `${first.about}, firing when it began`
        : `${first.about}, after ${lasting(first.seconds)}`,
  ]);
}

/** Alerts that never fired, by severity. */
export function silentAlerts(alerts: readonly AlertRow[]): readonly (readonly [string, string])[] {
  const bySeverity = new Map<string, string[]>();
  for (const { fired, severity, about } of alerts)
    if (fired === 0) bySeverity.set(severity, [...(bySeverity.get(severity) ?? []), about]);
  return [...bySeverity].map(([severity, names]) => [severity, names.join(", ")]);
}

/** To whole seconds. */
function lasting(seconds: number): string {
  return duration(Math.round(seconds));
}
