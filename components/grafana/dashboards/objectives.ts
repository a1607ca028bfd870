import { ALERTS, RECORDS } from "../../slo/conventions.ts";
import type { Dashboard, Variable } from "../dashboard.ts";
import type { Panel } from "../panel.ts";
import { tiles } from "../signal-panels.ts";
import { BUDGET_LEFT, burnAnnotation, burnRate, LEFT, objectiveRows } from "./objective-panels.ts";

const SERVICE: Variable = {
  name: "service",
  label: "Service",
  description: "Which services.",
  metric: RECORDS.objective,
};

/** Every objective, and which of them are in danger. */
export function objectives(): Dashboard {
  return {
    ref: "objectives",
    title: "Objectives",
    description: "What services promise, how much of each error budget is left, and which budgets burn.",
    tags: ["slo"],
    from: "now-7d",
    sections: [
      {
        title: "Now",
        lines: [
          tiles(
            {
              key: "known",
              title: "Objectives",
              description: "Objectives that are recorded.",
              expr: `count(count by (service, slo) (${RECORDS.objective}))`,
            },
            {
              key: "missed",
              title: "Objectives that are missed",
              description: "Objectives whose error budget is spent.",
              expr: `count(max by (service, slo) (${RECORDS.budgetSpent}) >= 1) or vector(0)`,
              limit: { value: 1, bad: "above" },
            },
            {
              key: "burning",
              title: "Budgets that burn too fast",
              description: "Objectives whose budget burns so fast that somebody was told.",
              expr: `count(count by (service, slo) (ALERTS{alertname=~"${ALERTS.fastBurn}|${ALERTS.slowBurn}", alertstate="firing"})) or vector(0)`,
              limit: { value: 1, bad: "above" },
            },
            {
              key: "unmeasured",
              title: "Objectives not measured",
              description: "Objectives without any series: what they promise could fail unseen.",
              expr: `count(count by (service, slo) (ALERTS{alertname="${ALERTS.absent}", alertstate="firing"})) or vector(0)`,
              limit: { value: 1, bad: "above" },
            },
          ),
          { height: 9, things: [objectiveRows()] },
        ],
      },
      { title: "Over time", lines: [{ height: 9, things: [BUDGET_LEFT, BURN_RATES] }] },
    ],
    variables: [SERVICE],
    links: [
      { title: "Overview", to: "overview" },
      { title: "Services", tag: "service" },
    ],
    annotations: [burnAnnotation()],
  };
}

const BURN_RATES: Panel = {
  key: "burn-rates",
  title: "Burn rates over an hour",
  description:
    "How many times faster than even each budget burns: the ten fastest. At 1 it lasts for its period.",
  unit: "short",
  view: { kind: "lines", limit: { value: 1, bad: "above" } },
  queries: [{ expr: `topk(10, ${burnRate("1h")})`, legend: "{{service}} {{slo}}" }],
  links: [],
};

/** One objective: how its budget goes, how fast it burns over each window, and what happened. */
export function objective(): Dashboard {
  return {
    ref: "objective",
    title: "Objective",
    description: "One objective: its budget burning down, its burn rates over every window, its incidents.",
    tags: ["slo"],
    from: "now-7d",
    sections: [
      {
        title: "Now",
        lines: [
          tiles(
            {
              key: "left",
              title: "Budget left",
              description: "Share of the error budget that is left. Below 0 the objective is missed.",
              expr: LEFT,
              limit: { value: 0, bad: "below" },
              unit: "percentunit",
            },
            {
              key: "promised",
              title: "Promised",
              description: "The share of events that must go well.",
              expr: `max by (service, slo) (${RECORDS.objective})`,
              unit: "percentunit",
            },
            {
              key: "burn",
              title: "Burn rate over an hour",
              description: "How many times faster than even the budget burns. At 1 it lasts for its period.",
              expr: burnRate("1h"),
              limit: { value: 1, bad: "above" },
            },
            {
              key: "history",
              title: "History known",
              description: "How much of the period lies within the recorded history.",
              expr: `max by (service, slo) (${RECORDS.historyCovered})`,
              unit: "percentunit",
            },
          ),
        ],
      },
      {
        title: "Budget",
        lines: [
          {
            height: 9,
            things: [
              {
                key: "burn-down",
                title: "Error budget burn-down",
                description: "Share of the error budget that is left. Below 0 the objective is missed.",
                unit: "percentunit",
                view: { kind: "lines", limit: { value: 0, bad: "below" } },
                queries: [{ expr: LEFT, legend: "{{service}} {{slo}}" }],
                links: [],
              },
              {
                key: "burn-rates",
                title: "Burn rates",
                description:
                  "How many times faster than even the budget burns over each window that an alert compares. At 1 it lasts for its period.",
                unit: "short",
                view: { kind: "lines", limit: { value: 1, bad: "above" } },
                queries: [
                  { expr: burnRate("5m"), legend: "5 min" },
                  { expr: burnRate("1h"), legend: "1 h" },
                  { expr: burnRate("6h"), legend: "6 h" },
                  { expr: burnRate("1d"), legend: "1 d" },
                  { expr: burnRate("3d"), legend: "3 d" },
                ],
                links: [],
              },
            ],
          },
        ],
      },
      {
        title: "Incidents",
        lines: [
          {
            height: 7,
            things: [
              {
                key: "incidents",
                title: "Alerts of the objective",
                description: "When each alert of the objective fired or was pending.",
                unit: "short",
                view: { kind: "states", good: "silent", bad: "active" },
                queries: [
                  {
                    expr: 'max by (service, slo, alertname, alertstate) (ALERTS{slo!=""})',
                    legend: "{{alertname}} {{alertstate}}",
                  },
                ],
                links: [],
              },
            ],
          },
          {
            height: 8,
            things: [
              {
                key: "events",
                title: "Events",
                description:
                  "Events per second that the objective counts, over five minutes, and those that went wrong.",
                unit: "cps",
                view: { kind: "lines" },
                queries: [
                  { expr: `max by (service, slo) (${RECORDS.total("5m")})`, legend: "all" },
                  { expr: `max by (service, slo) (${RECORDS.errors("5m")})`, legend: "went wrong" },
                ],
                links: [],
              },
            ],
          },
        ],
      },
    ],
    variables: [
      { ...SERVICE, description: "Which service.", single: true },
      {
        name: "slo",
        label: "Objective",
        description: "Which of its objectives.",
        metric: RECORDS.objective,
        single: true,
      },
    ],
    links: [
      { title: "All objectives", to: "objectives" },
      { title: "Services", tag: "service" },
    ],
    annotations: [burnAnnotation()],
  };
}
