import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judgeAlerts } from "./rules.ts";

export const alertOwner: ResourcePolicy = {
  id: "alert-owner",
  area: "alerting",
  scope: "resource",
  title: "Every alert has the label team with the team that owns it.",
  why: "Alertmanager routes by this label. No team responds to an alert without an owner.",
  fix: "set the label team to one of alertmanager.teams of the environment",
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.prometheusRule],
  check: (resource) =>
    judgeAlerts(resource, (alert, name) => {
      if (alert.at("labels", "severity").is("none")) return undefined;
      const team = alert.at("labels", "team");
      return team.exists && !(team.known && team.is("")) ? undefined : `alert ${name} has no label team`;
    }),
};
