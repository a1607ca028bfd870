import { InvalidInputError } from "../../components/core/problems.ts";
import type { ErrorBudgetSettings } from "../../components/error-budget/model.ts";
import { BUDGET_BANDS } from "../../components/slo/alerts.ts";
import { ALERTS, RECORDS } from "../../components/slo/conventions.ts";
import { type RecordedFiring, recordedFirings } from "../alert-review/firings.ts";
import { loadedAlerts } from "../alert-review/rules.ts";
import { externalLabels } from "../review/replay/external-labels.ts";
import { PATIENCE } from "../review/replay/local.ts";
import { versionOf } from "../review/replay/run.ts";
import { type Connection, connectionTo } from "../verify/connection.ts";
import {
  type Events,
  eventsBetween,
  type Hour,
  hoursOf,
  keyOf,
  NO_EVENTS,
  type RecordedObjective,
  recordedObjectives,
} from "./events.ts";
import type { Journey, Maintenance } from "./files.ts";
import { journeyRow } from "./journeys.ts";
import type { Month } from "./month.ts";
import { measuredPage, missedPages } from "./pages.ts";
import type { ObjectiveRow, SloReport } from "./result.ts";

/** What is reported. */
export interface SloReportRequest {
  readonly prometheus: string;
  readonly month: Month;
  readonly maintenance: readonly Maintenance[];
  readonly journeys: readonly Journey[];
  /** The error budget policy of an environment, by its name; undefined where it has none. */
  readonly policyOf: (environment: string) => Promise<ErrorBudgetPolicy | undefined>;
}

type ErrorBudgetPolicy = Pick<ErrorBudgetSettings, "freeze" | "openedBy">;

const MOST_WINDOWS = 5;

/** Reports the objectives that a Prometheus records over a month. */
export async function reportSlos(
  { prometheus, month, maintenance, journeys, policyOf }: SloReportRequest,
  env: NodeJS.ProcessEnv,
): Promise<SloReport> {
  const connection = connectionTo(prometheus, env["PROMETHEUS_TOKEN"], "slo-report", { limit: PATIENCE });
  const { from, to, isOpen, name } = month;
  const environment = (await externalLabels(connection))["environment"];
  const policy = environment === undefined ? undefined : await policyOf(environment);
  const planned = maintenance.filter(
    (each) =>
      (environment === undefined || each.environments.includes(environment)) &&
      startOf(each) < to &&
      endOf(each) > from,
  );
  const objectives = await recordedObjectives(connection, from, to);
  if (objectives.length === 0) throw nothing(connection.href, name);
  const hours = await hoursOf(connection, objectives, from, to);
  const firings = await recordedFirings(connection, await loadedAlerts(connection), from, to);
  const rows: ObjectiveRow[] = [];
  for (const objective of objectives)
    rows.push(
      await objectiveRow(connection, objective, {
        month,
        hours: hours.get(keyOf(objective)) ?? [],
        firings: firings.filter(({ labels }) => isOf(labels, objective)),
        maintenance: planned.filter(({ services }) => services.includes(objective.service)),
        ...(policy && { policy }),
      }),
    );
  rows.sort((a, b) => (b.spentWithout ?? -1) - (a.spentWithout ?? -1) || (keyOf(a) < keyOf(b) ? -1 : 1));
  return {
    format: 1,
    month: name,
    from: moment(from),
    to: moment(to),
    isOpen,
    environment: environment ?? null,
    server: `${await versionOf(connection)} at ${connection.href}`,
    errorBudget: policy === undefined ? null : { freeze: policy.freeze, openedBy: [...policy.openedBy] },
    teams: teamRows(rows),
    objectives: rows,
    journeys: journeys.map((journey) => journeyRow(journey, rows, (to - from) / (month.end - from))),
    maintenance: planned.map((each) => ({
      services: each.services,
      start: moment(startOf(each)),
      end: moment(endOf(each)),
      owner: each.owner,
      reason: each.reason,
    })),
  };
}

/** It is another server, or a month before the objectives: a report would say that all of them were met. */
function nothing(href: string, month: string): InvalidInputError {
  return new InvalidInputError("slo-report", [
    {
      path: "--prometheus",
      found: `${href}, which has no record ${RECORDS.objective} of ${month}`,
      allowed:
        "the Prometheus that records the objectives, or the storage that has its records of that month",
      fix: "correct the URL or --month",
    },
  ]);
}

function startOf({ start }: Maintenance): number {
  return Date.parse(start) / 1000;
}

function endOf({ end }: Maintenance): number {
  return Date.parse(end) / 1000;
}

/** Alerts of the objective, and those of its service that are of no objective. */
function isOf(labels: RecordedFiring["labels"], { service, slo }: RecordedObjective): boolean {
  return labels["service"] === service && (labels["slo"] ?? slo) === slo;
}

interface OfMonth {
  readonly month: Month;
  readonly hours: readonly Hour[];
  readonly firings: readonly RecordedFiring[];
  readonly maintenance: readonly Maintenance[];
  readonly policy?: ErrorBudgetPolicy;
}

async function objectiveRow(
  connection: Connection,
  objective: RecordedObjective,
  { month, hours, firings, maintenance, policy }: OfMonth,
): Promise<ObjectiveRow> {
  const { total, errors } = hours.reduce<Events>(added, NO_EVENTS);
  const allowed = 1 - objective.percent / 100;
  // The budget of a month that has not ended is that of the whole, if its traffic goes on.
  const share = (month.to - month.from) / (month.end - month.from);
  const excluded = await excludedEvents(connection, objective, maintenance, month);
  const spentOf = (all: Events) => (all.total <= 0 ? null : (share * all.errors) / (all.total * allowed));
  const spent = spentOf({ total, errors });
  const spentWithout = spentOf({ total: total - excluded.total, errors: errors - excluded.errors });
  const pages = firings.filter(({ labels }) => labels["alertname"] === ALERTS.fastBurn);
  const measured: ObjectiveRow["pages"] = [];
  for (const firing of pages) measured.push(await measuredPage(connection, objective, firing));
  const { service, slo, team, percent, others, period, spentOfPeriod } = objective;
  const state = stateOf(spentOfPeriod);
  const waits = state === "spent" && policy !== undefined ? policy.freeze : null;
  return {
    service,
    slo,
    team,
    percent,
    otherPercents: [...others],
    period,
    total,
    errors,
    spent,
    isMet: spent === null ? null : spent <= 1,
    excluded,
    spentWithout,
    isMetWithout: spentWithout === null ? null : spentWithout <= 1,
    policy: { spent: spentOfPeriod, state, waits },
    windows: windowsOf(hours, (total * allowed) / share, allowed, firings, maintenance),
    pages: measured,
    missed: [...missedPages(objective, hours, pages)],
  };
}

function added(one: Events, other: Events): Events {
  return { total: one.total + other.total, errors: one.errors + other.errors };
}

const STATES = { half: "half spent", nearly: "nearly spent", spent: "spent" } as const;

/** The bands of the alerts on an error budget. */
function stateOf(spent: number | null): ObjectiveRow["policy"]["state"] {
  if (spent === null) return "not known";
  const band = BUDGET_BANDS.findLast(({ from }) => 100 * spent >= from);
  return band === undefined ? "within budget" : STATES[band.kind];
}

/** What was counted in maintenance: times that overlap count once. */
async function excludedEvents(
  connection: Connection,
  objective: RecordedObjective,
  maintenance: readonly Maintenance[],
  { from, to }: Month,
): Promise<Events> {
  const times: [number, number][] = [];
  for (const each of maintenance.toSorted((a, b) => startOf(a) - startOf(b))) {
    const [start, end] = [Math.max(from, startOf(each)), Math.min(to, endOf(each))];
    const last = times.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else times.push([start, end]);
  }
  let sum = NO_EVENTS;
  for (const [start, end] of times) sum = added(sum, await eventsBetween(connection, objective, start, end));
  return sum;
}

/** Runs of hours in which more failed than may, those that spent most first. */
function windowsOf(
  hours: readonly Hour[],
  budget: number,
  allowed: number,
  firings: readonly RecordedFiring[],
  maintenance: readonly Maintenance[],
): ObjectiveRow["windows"] {
  const runs: { from: number; to: number; errors: number }[] = [];
  for (const { from, to, total, errors } of hours) {
    if (errors <= allowed * total) continue;
    const last = runs.at(-1);
    if (last?.to === from) Object.assign(last, { to, errors: last.errors + errors });
    else runs.push({ from, to, errors });
  }
  return runs
    .sort((a, b) => b.errors - a.errors)
    .slice(0, MOST_WINDOWS)
    .map(({ from, to, errors }) => ({
      from: moment(from),
      to: moment(to),
      errors,
      spent: errors / budget,
      alerts: [
        ...new Set(
          firings
            .filter((firing) => firing.from < to && firing.to > from)
            .map(({ labels }) => labels["alertname"] ?? ""),
        ),
      ],
      maintenance: maintenance
        .filter((each) => startOf(each) < to && endOf(each) > from)
        .map(({ reason }) => reason),
    }));
}

function teamRows(rows: readonly ObjectiveRow[]): SloReport["teams"] {
  const teams = new Map<string | null, ObjectiveRow[]>();
  for (const row of rows) teams.set(row.team, [...(teams.get(row.team) ?? []), row]);
  return [...teams]
    .map(([team, own]) => {
      const pages = own.flatMap((row) => row.pages);
      const verdicts = (wanted: (typeof pages)[number]["verdict"]) =>
        pages.filter(({ verdict }) => verdict === wanted).length;
      const spent = own.flatMap(({ spentWithout }) => spentWithout ?? []);
      return {
        team,
        objectives: own.length,
        met: own.filter(({ isMetWithout }) => isMetWithout === true).length,
        mostSpent: spent.length === 0 ? null : Math.max(...spent),
        pages: pages.length,
        kept: verdicts("kept"),
        broken: verdicts("broken"),
        missed: own.reduce((sum, { missed }) => sum + missed.length, 0),
      };
    })
    .sort((a, b) => ((a.team ?? "") < (b.team ?? "") ? -1 : 1));
}

function moment(at: number): string {
  return new Date(at * 1000).toISOString();
}
