import type { Duration } from "../../core/duration.ts";
import { ALERTS, RECORDS } from "../../slo/conventions.ts";
import type { Annotation } from "../dashboard.ts";
import type { Panel } from "../panel.ts";

// Panels over the records of every objective. The names of records have their home in slo/conventions.ts.

/** How many times faster than even an objective's budget burns over a window: 1 spends it exactly within its period. */
export function burnRate(window: Duration): string {
  return (
    `max by (service, slo) (${RECORDS.errors(window)})` +
    ` / (max by (service, slo) (${RECORDS.total(window)}) > 0)` +
    ` / (1 - max by (service, slo) (${RECORDS.objective}))`
  );
}

/** The share of the budget that is left; below 0 the objective is missed. */
export const LEFT = `1 - max by (service, slo) (${RECORDS.budgetSpent})`;

/** The ten objectives with the least left, over time. */
export const BUDGET_LEFT: Panel = {
  key: "budget-left",
  title: "Error budget left",
  description:
    "Share of each error budget that is left: the ten objectives with the least. Below 0 it is missed.",
  unit: "percentunit",
  view: { kind: "lines", limit: { value: 0, bad: "below" } },
  queries: [{ expr: `bottomk(10, ${LEFT})`, legend: "{{service}} {{slo}}" }],
  links: [],
};

/** Objectives as rows: what they promise, and how much of their budget is left. `left`: only so many, those with the least. */
export function objectiveRows({ left }: { readonly left?: number } = {}): Panel {
  const least = left === undefined ? LEFT : `bottomk(${left}, ${LEFT})`;
  const byTeam = (record: string) => `max by (service, slo, team) (${record})`;
  const ofTeam = (expr: string) =>
    `(${expr}) * on (service, slo) group_left (team) ${byTeam(`${RECORDS.objective} > 0`)} ^ 0`;
  const among = (expr: string) => (left === undefined ? expr : `${expr} and on (service, slo) ${least}`);
  return {
    key: "objectives",
    title: left === undefined ? "All objectives" : "Objectives with the least budget left",
    description: "What each objective promises, how much of its error budget is left, and how fast it burns.",
    unit: "percentunit",
    view: {
      kind: "rows",
      columns: { service: "Service", slo: "Objective", team: "Team" },
      values: [
        { heading: "Budget left", unit: "percentunit", limit: { value: 0, bad: "below" } },
        { heading: "Promised", unit: "percentunit" },
        { heading: "Burn rate, 1 h", unit: "short", limit: { value: 1, bad: "above" } },
        { heading: "History known", unit: "percentunit" },
      ],
      cellLinks: {
        Objective: {
          title: "Burn rates and budget",
          to: "objective",
          values: { service: "Service", slo: "Objective" },
        },
      },
    },
    queries: [
      { expr: ofTeam(least), legend: "left" },
      { expr: among(byTeam(RECORDS.objective)), legend: "promised" },
      { expr: among(ofTeam(burnRate("1h"))), legend: "burn rate" },
      { expr: among(byTeam(RECORDS.historyCovered)), legend: "known" },
    ],
    links: [],
  };
}

/** Marks when a budget burnt fast enough for somebody to be told. */
export function burnAnnotation(condition = ""): Annotation {
  return {
    name: "Budget burns",
    expr: `max by (service, slo, alertname) (ALERTS{alertname=~"${ALERTS.fastBurn}|${ALERTS.slowBurn}", alertstate="firing"${condition}})`,
    title: "{{service}} {{slo}}: {{alertname}}",
    colour: "orange",
  };
}
