import { duration } from "../../components/core/duration.ts";
import { toTheMinute } from "../report/moments.ts";
import { count, grouped } from "../report/numbers.ts";
import type { JourneyRow, ObjectiveRow, SloReport } from "./result.ts";

// What the page and the terminal say alike.

/** `Service levels of prod in 2026-10`. */
export function titleOf({ environment, month, isOpen }: SloReport): string {
  return `Service levels${environment === null ? "" : ` of ${environment}`} in ${month}${isOpen ? ", so far" : ""}`;
}

/** The whole in one sentence, without its full stop. */
export function summaryOf({ objectives, teams, journeys }: SloReport): string {
  const withEvents = objectives.filter(({ isMetWithout }) => isMetWithout !== null);
  const met = withEvents.filter(({ isMetWithout }) => isMetWithout === true).length;
  const sum = (of: (row: SloReport["teams"][number]) => number) =>
    teams.reduce((all, row) => all + of(row), 0);
  const pages = sum((row) => row.pages);
  const ofJourneys =
    journeys.length === 0
      ? ""
      : `, and ${journeys.filter(({ isMet }) => isMet === true).length} of ${count(journeys.length, "journey")}`;
  const promises =
    pages === 0
      ? "no objective paged"
      : `${count(pages, "page")}: ${sum((row) => row.kept)} within the promised time, ${sum((row) => row.broken)} later`;
  const missed = sum((row) => row.missed);
  const waiting = new Set(
    objectives.flatMap(({ service, policy }) => (policy.waits === null ? [] : [service])),
  ).size;
  const frozen = waiting === 0 ? "" : `; changes of ${count(waiting, "service")} wait for a budget`;
  return `${met} of ${count(withEvents.length, "objective")} met${ofJourneys}; ${promises}${missed === 0 ? "" : `; ${count(missed, "hour")} without a page that was due`}${frozen}`;
}

export const TEAM_HEAD = [
  "Team",
  "Objectives met",
  "Most spent",
  "Pages",
  "In time",
  "Late",
  "Hours without a due page",
];

export function teamRowsInWords({ teams }: SloReport): readonly (readonly string[])[] {
  return teams.map(({ team, met, objectives, mostSpent, pages, kept, broken, missed }) => [
    team ?? "no team",
    `${met} of ${objectives}`,
    percent(mostSpent),
    grouped(pages),
    grouped(kept),
    grouped(broken),
    grouped(missed),
  ]);
}

export const JOURNEY_HEAD = ["Journey", "Owner", "Objective", "Success", "Budget spent", "Parts"];

export function journeyRows(journeys: readonly JourneyRow[]): readonly (readonly string[])[] {
  return journeys.map(({ name, owner, percent: objective, success, spent, parts, objectives }) => [
    name,
    owner,
    `${objective}%`,
    success === null ? "not known" : share(success),
    percent(spent),
    `${parts === "series" ? "in series" : "weighted"}: ${objectives
      .map(
        (part) =>
          `${part.service} ${part.slo}${parts === "weighted" ? ` × ${part.weight}` : ""} ${part.success === null ? "not known" : share(part.success)}`,
      )
      .join(", ")}`,
  ]);
}

/** What an objective came to, in words. */
export function verdictOf({ isMet, isMetWithout }: ObjectiveRow, { isOpen }: SloReport): string {
  if (isMetWithout === null) return "no events";
  if (!isMetWithout) return "missed";
  return `met${isMet === false ? " without maintenance" : ""}${isOpen ? " so far" : ""}`;
}

/** Facts of an objective: what, value. */
export function factsOf(
  row: ObjectiveRow,
  { errorBudget }: SloReport,
): readonly (readonly [string, string])[] {
  const { total, errors, excluded, policy, period, otherPercents, spent } = row;
  return [
    ["Events", `${grouped(Math.round(total))}, of which ${grouped(Math.round(errors))} failed`],
    ["Success", total <= 0 ? "not known" : share(1 - errors / total)],
    ...(excluded.total > 0 || excluded.errors > 0
      ? [
          [
            "In maintenance",
            `${grouped(Math.round(excluded.total))} events, of which ${grouped(Math.round(excluded.errors))} failed; with them ${percent(spent)} of the budget is spent`,
          ] as const,
        ]
      : []),
    [
      `Policy, over ${period === "month" ? "the month" : period}`,
      `${policy.state}${policy.spent === null ? "" : ` (${percent(policy.spent)})`}${policy.waits === null ? "" : `: ${waitsInWords(policy.waits)} wait, except with a waiver of ${(errorBudget?.openedBy ?? []).join(" or ")}`}`,
    ],
    ...(otherPercents.length > 0
      ? [["Also in the month", `${otherPercents.map((each) => `${each}%`).join(", ")}`] as const]
      : []),
  ];
}

/** What of a service waits while its budget is spent. */
function waitsInWords(waits: NonNullable<ObjectiveRow["policy"]["waits"]>): string {
  return waits === "releases" ? "its releases" : "all changes of its workloads";
}

export const WINDOW_HEAD = ["From", "To", "Errors", "Of the budget", "Alerts", "Maintenance"];

export function windowRows({ windows }: ObjectiveRow): readonly (readonly string[])[] {
  return windows.map(({ from, to, errors, spent, alerts, maintenance }) => [
    toTheMinute(from),
    toTheMinute(to),
    grouped(Math.round(errors)),
    percent(spent),
    alerts.join(", ") || "none",
    maintenance.join("; ") || "none",
  ]);
}

export const PAGE_HEAD = ["Page", "Errors began", "Took", "Promised", "Errors", "Verdict"];

export function pageRows({ pages }: ObjectiveRow): readonly (readonly string[])[] {
  return pages.map(({ at, began, seconds, promised, errorRatio, verdict, why }) => [
    toTheMinute(at),
    began === null ? "not known" : toTheMinute(began),
    seconds === null ? "not known" : lasting(seconds),
    promised === null ? "none" : `within ${lasting(promised)}`,
    errorRatio === null ? "not known" : share(errorRatio),
    `${verdict}${why === null ? "" : `: ${why}`}`,
  ]);
}

export const NOTES = [
  "Events are the recorded steps between two scrapes, each of which is counted once. The budget of a month is what its own events allow to fail; of a month that has not ended, with its traffic going on to the end.",
  "The time to page is from the first step with errors above the limit of a page to the alert; Alertmanager then waits for others of its group. It is compared with what is promised at the measured ratio of errors, for errors that set in at once in steady traffic.",
  "Maintenance spends no budget here. The records and the alerts of Prometheus count it.",
] as const;

/** 0.4213 is 42.1%. */
export function percent(spent: number | null): string {
  return spent === null ? "not known" : `${(100 * spent).toFixed(1)}%`;
}

/** With as many digits as objectives have; what is not all is not rounded to all. */
function share(ratio: number): string {
  const text = (100 * ratio).toFixed(4);
  return `${Number(ratio < 1 && text === "100.0000" ? "99.9999" : text)}%`;
}

function lasting(seconds: number): string {
  return duration(Math.round(seconds));
}
