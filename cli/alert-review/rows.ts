import { labelSetKey } from "../../components/core/label-set.ts";
import { severityRank } from "../report/routes.ts";
import { isNotified } from "../report/sentences.ts";
import { called } from "../review/alerts.ts";
import type { JudgedFiring } from "./judged.ts";
import type { AlertReview, AlertRow, TeamRow } from "./result.ts";
import type { LoadedAlert } from "./rules.ts";

const WEEK = 604_800;

/** What one rule did. */
export interface RuleHistory {
  /** Undefined: it is not loaded any more. */
  readonly rule: LoadedAlert | undefined;
  /** The labels that the rule sets; of one that is gone, those that say what it was. */
  readonly labels: Readonly<Record<string, string>>;
  readonly name: string;
  readonly firings: readonly JudgedFiring[];
}

/** The firings by the rule that wrote them. Rules that never fired are there, too; those of severity none are not. */
export function byRule(
  rules: readonly LoadedAlert[],
  firings: readonly JudgedFiring[],
): readonly RuleHistory[] {
  const histories = new Map<string, RuleHistory & { readonly firings: JudgedFiring[] }>();
  const ofRule = new Map<LoadedAlert, string>();
  for (const rule of rules) {
    if (rule.labels["severity"] === "none") continue;
    const { name, labels, group } = rule;
    const key = JSON.stringify([name, labelSetKey(labels), group]);
    ofRule.set(rule, key);
    if (!histories.has(key)) histories.set(key, { rule, name, labels, firings: [] });
  }
  for (const firing of firings) {
    const { rule, labels } = firing;
    const { severity = "", team = "", service = "", slo = "", alertname: name = "" } = labels;
    const own = { severity, team, service, slo };
    const kept = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== ""));
    const key = (rule && ofRule.get(rule)) ?? JSON.stringify(["gone", name, kept]);
    const history = histories.get(key) ?? { rule: undefined, name, labels: kept, firings: [] };
    histories.set(key, history);
    history.firings.push(firing);
  }
  return [...histories.values()];
}

/** The row of a rule. `hasSilences`: Alertmanager was asked. */
export function rowOf(
  { rule, name, labels, firings }: RuleHistory,
  length: number,
  hasSilences: boolean,
  last: AlertReview | undefined,
): AlertRow {
  const { team, service, slo } = labels;
  const severity = labels["severity"] ?? "";
  const newest = firings.at(-1);
  const about = called({ name, service, slo });
  const before = last?.alerts.find(
    (row) => row.about === about && row.severity === severity && row.group === (rule?.group ?? null),
  );
  return {
    name,
    about,
    group: rule?.group ?? null,
    severity,
    team: team ?? null,
    service: service ?? null,
    slo: slo ?? null,
    ...countsOf(firings, hasSilences),
    medianSeconds: median(firings.map(({ from, to }) => to - from)),
    lastFired: newest === undefined ? null : new Date(newest.from * 1000).toISOString(),
    isFiring: firings.some(({ isOpen }) => isOpen),
    incidents: [...new Set(firings.flatMap(({ incidents }) => incidents.map((each) => each.name)))],
    before:
      before === undefined ? null : { fired: before.fired, seconds: before.seconds, perWeek: before.perWeek },
    perWeek: perWeek(firings.length, length),
  };
}

function countsOf(firings: readonly JudgedFiring[], hasSilences: boolean) {
  const number = (of: (firing: JudgedFiring) => boolean) => firings.filter(of).length;
  return {
    fired: firings.length,
    seconds: rounded(firings.reduce((sum, { from, to }) => sum + to - from, 0)),
    atNight: number(({ isAtNight }) => isAtNight),
    flaps: number(({ isFlap }) => isFlap),
    repeated: number(({ isRepeated }) => isRepeated),
    clearedByItself: number(({ isClearedByItself }) => isClearedByItself),
    silenced: hasSilences ? number(({ isSilenced }) => isSilenced) : null,
  };
}

/** The mean of the two in the middle, if their number is even. */
function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : rounded((low + high) / 2);
}

/** Times of Prometheus are in milliseconds; sums of them in floats have a little more. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function perWeek(fired: number, length: number): number {
  return Math.round((fired * WEEK * 100) / length) / 100;
}

/** Those that fired most first; of those that never did, the most severe. */
export function inOrder(rows: readonly AlertRow[]): AlertRow[] {
  return rows.toSorted(
    (a, b) =>
      b.fired - a.fired ||
      severityRank(a.severity) - severityRank(b.severity) ||
      (a.about < b.about ? -1 : a.about > b.about ? 1 : 0),
  );
}

/** The rows of each team together; the team whose alerts fired most first. */
export function teamRows(
  rows: readonly AlertRow[],
  length: number,
  last: AlertReview | undefined,
): TeamRow[] {
  const teams = new Map<string | null, AlertRow[]>();
  for (const row of rows.filter(({ severity }) => isNotified(severity)))
    teams.set(row.team, [...(teams.get(row.team) ?? []), row]);
  return [...teams]
    .map(([team, own]): TeamRow => {
      const sum = (of: (row: AlertRow) => number) => own.reduce((all, row) => all + of(row), 0);
      const fired = sum((row) => row.fired);
      const before = last?.teams.find((each) => each.team === team);
      return {
        team,
        alerts: own.filter(({ group }) => group !== null).length,
        neverFired: own.filter((row) => row.fired === 0).length,
        pages: sum((row) => (row.severity === "critical" ? row.fired : 0)),
        fired,
        seconds: rounded(sum((row) => row.seconds)),
        atNight: sum((row) => row.atNight),
        flaps: sum((row) => row.flaps),
        repeated: sum((row) => row.repeated),
        clearedByItself: sum((row) => row.clearedByItself),
        silenced: own.some(({ silenced }) => silenced !== null) ? sum((row) => row.silenced ?? 0) : null,
        before: before === undefined ? null : { perWeek: before.perWeek },
        perWeek: perWeek(fired, length),
      };
    })
    .sort((a, b) => b.fired - a.fired || ((a.team ?? "") < (b.team ?? "") ? -1 : 1));
}
