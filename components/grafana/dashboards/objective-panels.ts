import type { Duration } from "../../core/duration.ts";
import { ALERTS, RECORDS } from "../../slo/conventions.ts";
import type { Annotation } from "../dashboard.ts";
import type { Panel } from "../panel.ts";

// Panels with the records of all objectives. slo/conventions.ts defines the names of the records.

/** The burn rate of each objective over a window. At 1 the error budget is exhausted at the end of the period. */
export function burnRate(window: Duration): string {
  return (
    `max by (service, slo) (${RECORDS.errors(window)})` +
    ` / (max by (service, slo) (${RECORDS.total(window)}) > 0)` +
    ` / (1 - max by (service, slo) (${RECORDS.objective}))`
  );
}

/** The remaining share of the error budget; below 0 the objective is missed. */
export const LEFT = `1 - max by (service, slo) (${RECORDS.budgetSpent})`;

/** The ten objectives with the least error budget, over time. */
export const BUDGET_LEFT: Panel = {
  key: "budget-left",
  title: "Remaining error budget",
  description:
    "Remaining share of each error budget: the ten objectives with the least. Below 0 the objective is missed.",
  unit: "percentunit",
  view: { kind: "lines", limit: { value: 0, bad: "below" } },
  queries: [{ expr: `bottomk(10, ${LEFT})`, legend: "{{service}} {{slo}}" }],
  links: [],
};

/** A table of objectives with target and remaining error budget. `left`: only this many, those with the least. */
export function objectiveRows({ left }: { readonly left?: number } = {}): Panel {
  const least = left === undefined ? LEFT : `bottomk(${left}, ${LEFT})`;
  const byTeam = (record: string) => `max by (service, slo, team) (${record})`;
  const ofTeam = (expr: string) =>
    `(${expr}) * on (service, slo) group_left (team) ${byTeam(`${RECORDS.objective} > 0`)} ^ 0`;
  const among = (expr: string) => (left === undefined ? expr : `${expr} and on (service, slo) ${least}`);
  return {
    key: "objectives",
    title: left === undefined ? "All objectives" : "Objectives with the least error budget",
    description: "Target, remaining error budget and burn rate of each objective.",
    unit: "percentunit",
    view: {
      kind: "rows",
      columns: { service: "Service", slo: "Objective", team: "Team" },
      values: [
        { heading: "Error budget", unit: "percentunit", limit: { value: 0, bad: "below" } },
        { heading: "Target", unit: "percentunit" },
        { heading: "Burn rate, 1 h", unit: "short", limit: { value: 1, bad: "above" } },
        { heading: "History", unit: "percentunit" },
      ],
      cellLinks: {
        Objective: {
          title: "Burn rates and error budget",
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

/** Marks the times at which a burn rate alert fired. */
export function burnAnnotation(condition = ""): Annotation {
  return {
    name: "Burn rate alerts",
    expr: `max by (service, slo, alertname) (ALERTS{alertname=~"${ALERTS.fastBurn}|${ALERTS.slowBurn}", alertstate="firing"${condition}})`,
    title: "{{service}} {{slo}}: {{alertname}}",
    colour: "orange",
  };
}
