import { ALERTS, RECORDS } from "../../slo/conventions.ts";
import type { Dashboard, Variable } from "../dashboard.ts";
import type { Panel } from "../panel.ts";
import { tiles } from "../signal-panels.ts";
import { BUDGET_LEFT, burnAnnotation, burnRate, LEFT, objectiveRows } from "./objective-panels.ts";

const SERVICE: Variable = {
  name: "service",
  label: "Service",
  description: "Services to show.",
  metric: RECORDS.objective,
};

/** All objectives with their error budgets and burn rates. */
export function objectives(): Dashboard {
  return {
    ref: "objectives",
    title: "Objectives",
    description: "Targets, remaining error budgets and burn rates of all objectives.",
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
              description: "Number of objectives with recording rules.",
              expr: `count(count by (service, slo) (${RECORDS.objective}))`,
            },
            {
              key: "missed",
              title: "Missed objectives",
              description: "Objectives whose error budget is exhausted.",
              expr: `count(max by (service, slo) (${RECORDS.budgetSpent}) >= 1) or vector(0)`,
              limit: { value: 1, bad: "above" },
            },
            {
              key: "burning",
              title: "Objectives with a burn rate alert",
              description: "Objectives for which a fast or slow burn alert fires.",
              expr: `count(count by (service, slo) (ALERTS{alertname=~"${ALERTS.fastBurn}|${ALERTS.slowBurn}", alertstate="firing"})) or vector(0)`,
              limit: { value: 1, bad: "above" },
            },
            {
              key: "unmeasured",
              title: "Objectives without data",
              description: "Objectives without data for the SLI. Their burn rate alerts cannot fire.",
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
  title: "Burn rates over 1 h",
  description:
    "Burn rate of each objective: the ten highest. At 1 the error budget is exhausted at the end of the period.",
  unit: "short",
  view: { kind: "lines", limit: { value: 1, bad: "above" } },
  queries: [{ expr: `topk(10, ${burnRate("1h")})`, legend: "{{service}} {{slo}}" }],
  links: [],
};

/** One objective: its error budget, its burn rates over each window, and its alerts. */
export function objective(): Dashboard {
  return {
    ref: "objective",
    title: "Objective",
    description: "One objective: error budget, burn rates over each window, and alerts.",
    tags: ["slo"],
    from: "now-7d",
    sections: [
      {
        title: "Now",
        lines: [
          tiles(
            {
              key: "left",
              title: "Remaining error budget",
              description: "Remaining share of the error budget. Below 0 the objective is missed.",
              expr: LEFT,
              limit: { value: 0, bad: "below" },
              unit: "percentunit",
            },
            {
              key: "promised",
              title: "Target",
              description: "Share of events that must succeed.",
              expr: `max by (service, slo) (${RECORDS.objective})`,
              unit: "percentunit",
            },
            {
              key: "burn",
              title: "Burn rate over 1 h",
              description:
                "Burn rate over the last hour. At 1 the error budget is exhausted at the end of the period.",
              expr: burnRate("1h"),
              limit: { value: 1, bad: "above" },
            },
            {
              key: "history",
              title: "Recorded history",
              description: "Share of the period for which recorded data exists.",
              expr: `max by (service, slo) (${RECORDS.historyCovered})`,
              unit: "percentunit",
            },
          ),
        ],
      },
      {
        title: "Error budget",
        lines: [
          {
            height: 9,
            things: [
              {
                key: "burn-down",
                title: "Error budget burn-down",
                description: "Remaining share of the error budget. Below 0 the objective is missed.",
                unit: "percentunit",
                view: { kind: "lines", limit: { value: 0, bad: "below" } },
                queries: [{ expr: LEFT, legend: "{{service}} {{slo}}" }],
                links: [],
              },
              {
                key: "burn-rates",
                title: "Burn rates",
                description:
                  "Burn rate over each window that an alert uses. At 1 the error budget is exhausted at the end of the period.",
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
                description: "When each alert of the objective was pending or firing.",
                unit: "short",
                view: { kind: "states", good: "inactive", bad: "active" },
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
                description: "Events per second of the SLI over 5 minutes: all and failed.",
                unit: "cps",
                view: { kind: "lines" },
                queries: [
                  { expr: `max by (service, slo) (${RECORDS.total("5m")})`, legend: "all" },
                  { expr: `max by (service, slo) (${RECORDS.errors("5m")})`, legend: "failed" },
                ],
                links: [],
              },
            ],
          },
        ],
      },
    ],
    variables: [
      { ...SERVICE, description: "Service to show.", single: true },
      {
        name: "slo",
        label: "Objective",
        description: "Objective of the service.",
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
